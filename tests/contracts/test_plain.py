"""What is read quickly is read as the marshmallow schema reads it, and whatever the schema refuses is left to it."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError

from shared.contracts import EVENTS
from shared.contracts.base import plain_reader_of, schema_of
from shared.contracts.plain import DOUBTS
from shared.contracts.samples import sample

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just("x" * 3000)
UNUSUAL = (True, 1.0, -1, 2**63, "", " ", "2026-03-02T09:00:00+08:00", "2026-03-02T09:00:00", "110105", [], {}, [None])
VALUES = st.sampled_from(UNUSUAL) | st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3), max_leaves=4)
GONE = object()


@pytest.mark.parametrize("wire_type", sorted(EVENTS))
def test_a_sample_is_read_quickly_and_is_what_the_schema_makes_of_it(wire_type):
    content = sample(wire_type)["data"]

    assert repr(plain_reader_of(EVENTS[wire_type])(content)) == repr(schema_of(EVENTS[wire_type]).load(content))


@given(wire_type=st.sampled_from(sorted(EVENTS)), drawn=st.data())
@settings(max_examples=600)
def test_what_is_read_quickly_the_schema_takes_for_the_same(wire_type, drawn):
    content = changed(sample(wire_type)["data"], drawn)

    try:
        quick = plain_reader_of(EVENTS[wire_type])(content)
    except DOUBTS:
        return

    assert repr(quick) == repr(taken(EVENTS[wire_type], content))


def taken(contract, content):
    try:
        return schema_of(contract).load(content)
    except ValidationError as refused:
        return refused


def changed(content, drawn):
    """With something else, or nothing, at one place of it, however deep."""
    content = copy.deepcopy(content)
    holder, key = drawn.draw(st.sampled_from(list(places(content))))
    value = drawn.draw(st.just(GONE) | VALUES)
    if value is GONE:
        del holder[key]
    else:
        holder[key] = value
    return content


def places(value):
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in inside:
        yield value, key
        yield from places(inner)
