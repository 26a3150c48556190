"""Arrivals and departures: presence is what the ledger says at an instant."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.deliberation.domain.attendance import Attendance
from services.deliberation.domain.errors import AttendanceRefused
from tests.deliberation.builders import TUESDAY

MINUTE = timedelta(minutes=1)


def test_who_came_and_left_is_present_only_in_between():
    ledger = Attendance().arrive(["P-1"], TUESDAY).leave(["P-1"], TUESDAY + 10 * MINUTE)

    assert ledger.present_at(TUESDAY - MINUTE) == frozenset()
    assert ledger.present_at(TUESDAY + 5 * MINUTE) == {"P-1"}
    assert ledger.present_at(TUESDAY + 10 * MINUTE) == frozenset()


def test_arriving_twice_is_written_once():
    ledger = Attendance().arrive(["P-1", "P-1"], TUESDAY).arrive(["P-1"], TUESDAY + MINUTE)

    assert len(ledger.movements) == 1


def test_who_is_not_here_cannot_leave():
    with pytest.raises(AttendanceRefused, match="P-2"):
        Attendance().arrive(["P-1"], TUESDAY).leave(["P-1", "P-2"], TUESDAY + MINUTE)


@given(st.lists(st.tuples(st.booleans(), st.sampled_from("ABCDE")), max_size=40))
def test_presence_is_the_same_as_walking_through_the_door_in_order(walks):
    ledger, inside = Attendance(), set()
    for minute, (comes, person) in enumerate(walks):
        at = TUESDAY + minute * MINUTE
        if comes:
            ledger = ledger.arrive([person], at)
            inside.add(person)
        elif person in inside:
            ledger = ledger.leave([person], at)
            inside.remove(person)
        assert ledger.present_at(at) == inside
