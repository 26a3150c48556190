"""The contracts as a whole: named, described, versioned, and heard by the right ones."""

import re

import pytest

from shared.contracts import EVENTS, MODULES, Part
from shared.contracts.fingerprint import fingerprint, listed_fingerprints
from shared.contracts.flow import HOTLINE_REPLIES, LISTENERS, PUBLISHERS, STREET_NOTICES
from shared.contracts.json_schema import component_schemas, content_schema

each_event = pytest.mark.parametrize("wire_type", sorted(EVENTS))


@each_event
def test_a_contract_is_the_one_that_was_published_under_its_version(wire_type):
    listed = listed_fingerprints()
    now = fingerprint(EVENTS[wire_type])
    line = f'"{wire_type}": "{now}"'

    assert wire_type in listed, (
        f"{wire_type} is new: add {line} to shared/contracts/fingerprints.json, and say so in CHANGELOG.md."
    )
    assert listed[wire_type] == now, (
        f"{EVENTS[wire_type].__name__} no longer is what it was when its version came out. Others rely on it: undo the "
        f"change, and make a class with the next number. (Only before the first release: list {line} instead.)"
    )


def test_no_published_contract_has_gone():
    gone = set(listed_fingerprints()) - set(EVENTS)

    assert not gone, f"{sorted(gone)} are published: keep their classes, or say in CHANGELOG.md who was asked."


@each_event
def test_a_wire_type_is_lower_case_words_and_a_version(wire_type):
    assert re.fullmatch(r"[a-z]+(_[a-z]+)+\.v[1-9]\d*", wire_type)


@each_event
def test_a_contract_says_in_a_sentence_what_happened(wire_type):
    contract = EVENTS[wire_type]

    assert contract.__doc__
    assert not contract.__doc__.startswith(contract.__name__), "the sentence is the one that dataclasses makes"
    assert contract.__doc__.rstrip().endswith((".", "?", "!"))


def test_a_part_says_in_a_sentence_what_it_is():
    parts = {
        part
        for module in MODULES
        for part in vars(module).values()
        if isinstance(part, type) and issubclass(part, Part)
    }

    assert [part.__name__ for part in parts - {Part} if not (part.__doc__ or "").strip().endswith(".")] == []


@each_event
def test_the_subject_is_a_field_that_is_always_there(wire_type):
    contract = EVENTS[wire_type]

    assert contract.subject_field in content_schema(contract)["required"]


@each_event
def test_an_event_comes_from_a_known_publisher(wire_type):
    assert EVENTS[wire_type].publisher in PUBLISHERS


def test_a_service_listens_only_to_others_and_to_each_event_once():
    for service, contracts in LISTENERS.items():
        assert service not in {contract.publisher for contract in contracts}
        assert len(contracts) == len(set(contracts))


def test_every_reply_to_the_hotline_names_its_order():
    for contract in HOTLINE_REPLIES:
        assert "order_no" in content_schema(contract)["required"]


def test_every_notice_to_a_street_names_the_units_concerned():
    for contract in STREET_NOTICES:
        assert {"unit_code", "from_unit"} & set(content_schema(contract)["required"])


def test_only_the_hotlines_own_event_carries_personal_data():
    telling = {name for name, schema in component_schemas(EVENTS.values()).items() if "phone" in schema["properties"]}
    carrying = {wire_type for wire_type in EVENTS if "CallerPart" in content_schema(EVENTS[wire_type]).get("$defs", {})}

    assert telling == {"CallerPart"}
    assert carrying == {"complaint_filed.v1"}


def test_the_schema_shows_checks_on_the_members_of_a_list():
    place = content_schema(EVENTS["complaint_filed.v1"])["$defs"]["PlacePart"]

    assert place["properties"]["unit_codes"]["maxItems"] == 50
    assert re.fullmatch(place["properties"]["unit_codes"]["items"]["pattern"], "110105017003")


def test_the_schema_gives_enums_by_value_and_says_what_may_be_null():
    solved = content_schema(EVENTS["callback_completed.v1"])["properties"]["solved"]

    assert solved["enum"] == ["yes", "partly", "no", None]
    assert solved["type"] == ["string", "null"]
    assert solved["description"]
