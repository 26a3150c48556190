"""Periods in days as 民法典 201 and 203 count them, one by one, and held against each other."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shared.calendars import Calendar, Days
from shared.clock import SHANGHAI

CALENDAR = Calendar.load()
BEGINNINGS = some.datetimes(datetime(2026, 1, 1), datetime(2026, 11, 1), timezones=some.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("what", "begins", "days", "last"),
    [
        ("published on the Wednesday before National Day", "2026-09-30", Days(3), "2026-10-08"),
        ("three days within a week: the first is not counted", "2026-03-02", Days(3), "2026-03-05"),
        ("a last day on a Saturday moves to Monday", "2026-03-04", Days(3), "2026-03-09"),
        ("a last day on a make-up Saturday stays", "2026-02-25", Days(3), "2026-02-28"),
        ("begun on a day off", "2026-03-07", Days(3), "2026-03-10"),
        ("days off within it count", "2026-09-29", Days(15), "2026-10-14"),
        ("working days: days off don't count", "2026-09-30", Days(3, working=True), "2026-10-10"),
        ("working days from a Friday evening", "2026-03-06", Days(1, working=True), "2026-03-09"),
    ],
)
def test_a_period_ends_on_the_day_that_the_law_says(what, begins, days, last):
    assert days.last_day(date.fromisoformat(begins), CALENDAR) == date.fromisoformat(last), what


def test_its_last_day_is_over_at_midnight_in_shanghai_whatever_hour_it_began():
    for hour in (time(0), time(9, 30), time(23, 59)):
        begins_at = datetime.combine(date(2026, 9, 30), hour, SHANGHAI)
        assert Days(3).ends_at(begins_at, CALENDAR) == datetime(2026, 10, 9, tzinfo=SHANGHAI)


@given(BEGINNINGS, some.integers(1, 30), some.booleans())
def test_a_period_never_is_shorter_than_its_days_and_ends_with_a_working_day(begins_at, count, working):
    ends_at = Days(count, working).ends_at(begins_at, CALENDAR)

    last = ends_at.astimezone(SHANGHAI).date() - timedelta(days=1)
    assert CALENDAR.is_working_day(last)
    assert ends_at - begins_at > timedelta(days=count)
    assert not working or CALENDAR.working_days_between(begins_at.astimezone(SHANGHAI).date(), last) == count
