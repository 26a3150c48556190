"""The samples: what people copy from must itself be right."""

import dataclasses
import json
from datetime import UTC, datetime
from importlib.resources import files

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.contracts import EVENTS
from shared.contracts.base import ContractBroken, schema_of
from shared.contracts.envelope import CONTENT_TYPE, Envelope, decode, encode
from shared.contracts.json_schema import content_schema, message_schema
from shared.contracts.samples import sample, sample_text
from tests.contracts.validators import faults_by_schema

NO_INSTANTS = ("2026-03-02T09:00:00", "2026-03-02", "0001-01-01T00:00:00+08:00", "soon", "")
each_event = pytest.mark.parametrize("wire_type", sorted(EVENTS))


def test_there_is_one_sample_for_each_event_and_none_besides():
    found = {
        file.name.removesuffix(".json") for file in files("shared.contracts.samples").iterdir() if ".json" in file.name
    }

    assert found == set(EVENTS)


@each_event
def test_a_sample_is_a_message_that_a_service_can_read(wire_type):
    contract = EVENTS[wire_type]

    envelope = decode(sample_text(wire_type).encode(), CONTENT_TYPE)
    event = contract.from_wire(envelope.content)

    assert (envelope.type, envelope.source, envelope.subject) == (wire_type, contract.publisher, event.subject)
    assert contract.from_wire(json.loads(json.dumps(event.to_wire()))) == event


@each_event
def test_a_sample_shows_every_field_of_its_contract(wire_type):
    fields = {field.name for field in dataclasses.fields(EVENTS[wire_type])}

    assert set(sample(wire_type)["data"]) == fields


@each_event
def test_a_sample_satisfies_the_published_schema(wire_type):
    for schema, message in (
        (message_schema(EVENTS[wire_type]), sample(wire_type)),
        (content_schema(EVENTS[wire_type]), sample(wire_type)["data"]),
    ):
        assert faults_by_schema(schema, message) == []


@each_event
def test_what_a_newer_publisher_added_is_ignored(wire_type):
    content = sample(wire_type)["data"]

    assert EVENTS[wire_type].from_wire({**content, "added_later": 1}) == EVENTS[wire_type].from_wire(content)
    assert faults_by_schema(content_schema(EVENTS[wire_type]), {**content, "added_later": 1}) == []


@each_event
def test_a_missing_field_is_named(wire_type):
    required = content_schema(EVENTS[wire_type])["required"]

    with pytest.raises(ContractBroken) as broken:
        EVENTS[wire_type].from_wire({})

    assert sorted(broken.value.fields) == sorted(required)


@each_event
def test_a_time_that_is_naive_or_none_is_refused_by_the_name_of_its_field(wire_type):
    contract = EVENTS[wire_type]
    instants = [field.name for field in dataclasses.fields(contract) if field.name.endswith("_at")]

    for name, wrong in ((name, wrong) for name in instants for wrong in NO_INSTANTS):
        with pytest.raises(ContractBroken) as broken:
            contract.from_wire({**sample(wire_type)["data"], name: wrong})
        assert list(broken.value.fields) == [name]


@given(wire_type=st.sampled_from(sorted(EVENTS)), rubbish=st.data())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_rubbish_in_any_field_breaks_the_contract_and_nothing_else(wire_type, rubbish):
    content = sample(wire_type)["data"]
    name = rubbish.draw(st.sampled_from(sorted(content)))
    kinds = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
    value = rubbish.draw(
        st.recursive(kinds, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5)
    )

    faults = faults_of(wire_type, {**content, name: value})

    assert set(faults) <= {name}


def faults_of(wire_type, content):
    try:
        EVENTS[wire_type].from_wire(content)
    except ContractBroken as broken:
        return broken.fields
    return {}


@pytest.mark.parametrize("wire_type", EVENTS)
def test_an_event_is_written_as_its_schema_would_write_it(wire_type):
    contract = EVENTS[wire_type]
    event = contract.from_wire(sample(wire_type)["data"])
    assert event.to_wire() == schema_of(contract).dump(event)
    assert decode(body_of(event), CONTENT_TYPE).content == event.to_wire()


def body_of(event):
    """As the outbox writes it: straight from the fields."""
    now = datetime.now(UTC)
    words = {"type": event.wire_type, "source": event.publisher, "subject": event.subject}
    return encode(Envelope(id="1", time=now, content=vars(event), **words))
