"""Requests as they are read from the wire."""

import importlib

import pytest

from services import SERVICES
from services.deliberation.schemas.requests import HoldVote
from services.supervision.schemas.requests import ListCases, Preview
from shared.bus.rpc.messages import UnitCode, read_request, strict_schema_of
from shared.errors import BadRequest

PREVIEW = {"issue_id": "I-1", "from_unit": "110105017", "reason": "cross_area"}


@pytest.mark.parametrize("written", ["110105017", "110105017000", "156110105017", "156110105017000"])
def test_a_unit_in_a_request_is_the_same_however_its_code_is_written(written):
    assert read_request(ListCases, {"unit_code": written}).unit_code == "110105017"
    asked = read_request(Preview, PREVIEW | {"from_unit": written, "units_concerned": [written, "110105018"]})
    assert (asked.from_unit, asked.units_concerned) == ("110105017", ["110105017", "110105018"])


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"from_unit": "1101"}, "from_unit"),
        ({"from_unit": 110105017}, "from_unit"),
        ({"from_unit": None}, "from_unit"),
        ({"units_concerned": ["110105017", "moon"]}, "units_concerned"),
        ({"units_concerned": ["110105017"] * 51}, "units_concerned"),
    ],
)
def test_what_is_no_units_code_is_refused_by_field(given, field):
    with pytest.raises(BadRequest) as refused:
        read_request(Preview, PREVIEW | given)

    assert field in refused.value.fields


def test_who_names_a_field_that_there_is_none_of_is_told_which_there_are():
    with pytest.raises(BadRequest) as refused:
        read_request(ListCases, {"unit_code": "110105017", "unit": "110105017"})

    assert refused.value.fields == {"unit": ["Unknown field. There are: unit_code, state, most."]}


def test_what_is_wrong_within_a_list_is_told_by_its_place_there():
    with pytest.raises(BadRequest) as refused:
        read_request(HoldVote, {"motion_id": "M-1", "ballots": ["D-1", {"voter": "D-1"}], "idempotency_key": "k"})

    told = refused.value.fields
    assert told["ballots.0"] == ["Must be an object."]
    assert told["ballots.1.voter"] == ["Unknown field. There are: person_id, choice."]


def requests():
    for service in SERVICES:
        module = importlib.import_module(f"services.{service}.schemas.requests")
        for name, cls in vars(module).items():
            if isinstance(cls, type) and cls.__module__ == module.__name__ and hasattr(cls, "__dataclass_fields__"):
                yield name, cls


def test_every_request_that_names_a_unit_reads_its_code_in_this_way():
    named = [
        (name, field)
        for name, cls in requests()
        for field, kind in strict_schema_of(cls).fields.items()
        if field in ("unit_code", "from_unit", "to_unit") and not isinstance(kind, UnitCode)
    ]

    assert named == []
