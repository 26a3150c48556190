"""Values are read as the schemas say them: no text for a number, no word for true, no digits but ASCII ones."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bus.rpc.messages import read_request, request
from shared.contracts import EVENTS
from shared.contracts.base import ContractBroken, checked, text
from shared.contracts.fields import FullMatch
from shared.contracts.json_schema import component_schemas, content_schema
from shared.contracts.samples import sample
from shared.errors import BadRequest
from tests.contracts.validators import faults_by_schema

FIELDS = {
    "whole number": ("session_scheduled.v1", ("number",)),
    "number": ("complaint_filed.v1", ("place", "x")),
    "yes or no": ("complaint_filed.v1", ("caller", "confidential")),
    "text": ("complaint_filed.v1", ("title",)),
    "word": ("complaint_filed.v1", ("request_kind",)),
    "unit code": ("complaint_filed.v1", ("place", "unit_codes")),
}
WRONG = {
    "whole number": ["1", "1.9", 1.9, True, [], {}, 2**63],
    "number": ["1.5", "", True, [], {}],
    "yes or no": ["true", "yes", "1", 1, 0, None, []],
    "text": [110105015033, 1.5, True, None, [], {}],
    "word": [1, "Complaint", "complaint\n", "", None, []],
    "unit code": [
        [110105015033],
        [None],
        ["１１０１０５"],
        ["١١٠١٠٥"],
        ["110105\n"],
        ["\n110105"],
        ["11010501"],
        [" 110105"],
        "110105",
    ],
}
cases = pytest.mark.parametrize(
    ("kind", "wrong"),
    [pytest.param(kind, wrong, id=f"{kind} {wrong!r}") for kind in WRONG for wrong in WRONG[kind]],
)


@cases
def test_another_kind_of_value_is_refused_by_field_and_by_the_published_schema(kind, wrong):
    wire_type, path = FIELDS[kind]
    content = changed(sample(wire_type)["data"], path, wrong)

    with pytest.raises(ContractBroken) as broken:
        EVENTS[wire_type].from_wire(content)

    assert fault_at(broken.value.fields, path)
    assert faults_by_schema(content_schema(EVENTS[wire_type]), content) or wrong == 2**63


@pytest.mark.parametrize(("kind", "right"), [("whole number", 3.0), ("number", 3), ("number", None), ("unit code", [])])
def test_what_json_counts_as_that_kind_is_taken(kind, right):
    wire_type, path = FIELDS[kind]
    content = changed(sample(wire_type)["data"], path, right)

    assert EVENTS[wire_type].from_wire(content)
    assert faults_by_schema(content_schema(EVENTS[wire_type]), content) == []


@given(st.text(st.sampled_from("0123456789٣３\n"), max_size=16))
def test_a_unit_code_is_one_for_us_exactly_when_it_is_one_by_the_schema(code):
    content = changed(sample("complaint_filed.v1")["data"], ("place", "unit_codes"), [code])

    is_code = re.fullmatch("[0-9]{6}|[0-9]{9}|[0-9]{12}|[0-9]{15}", code) is not None

    assert (faults_by_schema(content_schema(EVENTS["complaint_filed.v1"]), content) == []) == is_code
    assert is_taken("complaint_filed.v1", content) == is_code


@pytest.mark.parametrize(
    "wire",
    [
        {"most": "5"},
        {"most": 1.9},
        {"most": True},
        {"ended_too": "no"},
        {"share": "0.5"},
        {"title": 5},
        {"month": "2026-03\n"},
    ],
)
def test_a_request_is_read_as_strictly(wire):
    with pytest.raises(BadRequest) as refused:
        read_request(Browse, wire)

    assert list(refused.value.fields) == list(wire)


def test_patterns_are_of_what_python_javascript_and_rust_read_alike():
    patterned = list(with_pattern(component_schemas(EVENTS.values())))

    assert patterned
    for schema in patterned:
        assert re.fullmatch(r"\^\(\?:[0-9a-z_:\[\](){},|-]+\)\$", schema["pattern"])
        assert schema["not"] == {"pattern": r"\n"}


@request
class Browse:
    most: int = 10
    ended_too: bool = False
    share: float = 0.5
    title: str = text(default="")
    month: str = checked(FullMatch("[0-9]{4}-[0-9]{2}"), default="2026-03")


def is_taken(wire_type, content):
    try:
        EVENTS[wire_type].from_wire(content)
    except ContractBroken:
        return False
    return True


def changed(content, path, value):
    first, *rest = path
    return {**content, first: changed(content[first], rest, value) if rest else value}


def fault_at(fields, path):
    for name in path:
        fields = fields[name]
    return fields


def with_pattern(schema):
    if isinstance(schema, dict):
        if "pattern" in schema and "type" in schema:
            yield schema
        for inner in schema.values():
            yield from with_pattern(inner)
