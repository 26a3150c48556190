"""Hours at which sessions may begin, and notice periods."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.councils.domain.slot import earliest_start, slots_between
from shared.clock import SHANGHAI
from tests.councils.builders import DAY, MONDAY_9AM, shanghai, the_book, the_policy

LEFT_FREE = 9
"""Days of the Spring Festival; National Day has fewer."""
INSTANTS = some.integers(0, 330 * 24 * 60).map(lambda minutes: shanghai(2026, 1, 1) + timedelta(minutes=minutes))


def slots_on(day: date) -> list[str]:
    hours = the_book().slots.on(day, the_book().calendar)
    return [slot.astimezone(SHANGHAI).strftime("%H:%M") for slot in hours]


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        pytest.param(date(2026, 3, 2), ["19:00"], id="a Monday"),
        pytest.param(date(2026, 3, 7), ["10:00", "15:00"], id="a Saturday"),
        pytest.param(date(2026, 2, 28), ["19:00"], id="a make-up Saturday"),
        pytest.param(date(2026, 5, 1), ["10:00", "15:00"], id="a Friday off"),
        pytest.param(date(2026, 10, 1), [], id="National Day"),
        pytest.param(date(2026, 2, 17), [], id="Spring Festival"),
        pytest.param(date(2027, 2, 6), [], id="a Spring Festival not announced yet"),
    ],
)
def test_people_meet_after_work_or_by_daylight_on_days_off(day, hours):
    assert slots_on(day) == hours


@given(INSTANTS, some.integers(0, 20))
def test_slots_come_in_order_and_lie_between_their_bounds(start_at, days):
    end_at = start_at + timedelta(days=days)

    slots = list(slots_between(start_at, end_at, the_book().slots, the_book().calendar))

    assert slots == sorted(set(slots))
    assert all(start_at <= slot <= end_at for slot in slots)
    assert len(slots) >= days - 1 - LEFT_FREE


def test_the_slots_at_both_bounds_and_of_the_last_day_count():
    start_at, end_at = shanghai(2026, 3, 6, 19), shanghai(2026, 3, 7, 15)

    slots = list(slots_between(start_at, end_at, the_book().slots, the_book().calendar))

    assert slots == [start_at, shanghai(2026, 3, 7, 10), end_at]


@pytest.mark.parametrize(
    ("tier", "announced_at", "earliest"),
    [
        pytest.param("grid", MONDAY_9AM, shanghai(2026, 3, 6), id="grid: three days after the Monday"),
        pytest.param("community", shanghai(2026, 2, 14, 9), shanghai(2026, 2, 25), id="community: no last day off"),
        pytest.param("street", MONDAY_9AM, shanghai(2026, 3, 10), id="street: five working days"),
        pytest.param("district", shanghai(2026, 2, 14, 9), shanghai(2026, 3, 1), id="district: no day off counts"),
    ],
)
def test_notice_is_out_whole_days_before_as_many_as_the_tier_asks(tier, announced_at, earliest):
    notice = the_policy().notice.for_session(tier)

    assert earliest_start(announced_at, notice, the_book().calendar) == earliest


@given(INSTANTS, some.sampled_from(["grid", "community", "street", "district"]))
def test_notice_is_never_shorter_than_the_policy(announced_at, tier):
    notice = the_policy().notice.for_session(tier)

    earliest = earliest_start(announced_at, notice, the_book().calendar)

    assert earliest - announced_at > notice.count * DAY
