"""The five things: a task has them all, or it is not assigned."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shared.contracts.assigning import IncompleteAssignment
from tests.dispatch.builders import MONDAY, five_things

BLANK = some.sampled_from(["", " ", "\t", "\u3000"])
TEXT = some.text(min_size=1, max_size=20).filter(str.strip)


def test_an_assignment_with_all_five_things_stands():
    assert five_things(leader="王建国").leader == "王建国"


@pytest.mark.parametrize("missing", ["leader", "department", "person"])
@given(blank=BLANK)
def test_nobody_named_is_no_assignment(missing, blank):
    with pytest.raises(IncompleteAssignment) as refused:
        five_things(**{missing: blank})

    assert set(refused.value.fields) == {missing}


@given(co_units=some.lists(some.one_of(BLANK, TEXT), max_size=4))
def test_co_units_are_there_exactly_if_each_has_a_name(co_units):
    if co_units and all(unit.strip() for unit in co_units):
        assert five_things(co_units=co_units).co_units == co_units
    else:
        with pytest.raises(IncompleteAssignment, match="co_units"):
            five_things(co_units=co_units)


def test_a_time_limit_without_its_offset_is_refused():
    with pytest.raises(IncompleteAssignment, match="due_at"):
        five_things(due_at=datetime(2026, 3, 9, 9, 0))  # noqa: DTZ001


def test_every_missing_thing_is_named_at_once():
    with pytest.raises(IncompleteAssignment) as refused:
        five_things(leader="", person=" ", co_units=[], due_at=MONDAY)

    assert set(refused.value.fields) == {"leader", "person", "co_units"}
