"""Working days and hours, with the State Council's days, and what is provisional beyond them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.calendars import BadCalendarFile, Calendar, DayKind
from shared.clock import SHANGHAI

CALENDAR = Calendar.load()
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("what", "day", "kind"),
    [
        ("an ordinary Monday", "2026-03-02", DayKind.WORKDAY),
        ("an ordinary Saturday", "2026-03-07", DayKind.WEEKEND),
        ("the make-up Saturday before Spring Festival", "2026-02-14", DayKind.MAKE_UP_WORKDAY),
        ("the make-up Sunday before National Day", "2026-09-20", DayKind.MAKE_UP_WORKDAY),
        ("the make-up Sunday after New Year", "2026-01-04", DayKind.MAKE_UP_WORKDAY),
        ("a Wednesday in the Spring Festival", "2026-02-18", DayKind.HOLIDAY),
        ("the last day of National Day week", "2026-10-07", DayKind.HOLIDAY),
        ("the Thursday after National Day week", "2026-10-08", DayKind.WORKDAY),
        ("May 1st of a year not announced", "2027-05-01", DayKind.HOLIDAY),
        ("Spring Festival of a year not announced", "2027-02-08", DayKind.HOLIDAY),
        ("a Saturday that may become a make-up workday", "2027-05-08", DayKind.WEEKEND),
    ],
)
def test_a_day_is_what_the_notice_makes_it(what, day, kind):
    assert CALENDAR.kind_of(date.fromisoformat(day)) is kind, what


def test_2026_has_33_days_off_and_6_make_up_workdays():
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    kinds = [CALENDAR.kind_of(day) for day in days]

    assert kinds.count(DayKind.HOLIDAY) == 33
    assert kinds.count(DayKind.MAKE_UP_WORKDAY) == 6


def test_days_are_official_until_late_in_the_last_announced_year_and_provisional_beyond():
    assert CALENDAR.is_official(date(2026, 12, 23))
    assert not CALENDAR.is_official(date(2026, 12, 31))  # the notice for 2027 may give it off
    assert CALENDAR.is_official(date(2025, 12, 31))  # the notice for 2026 is out
    assert "provisional" in CALENDAR.describe(date(2027, 10, 1))
    assert "provisional" not in CALENDAR.describe(date(2026, 10, 1))


@pytest.mark.parametrize(
    ("what", "start", "n", "expected"),
    [
        ("Friday plus one is Monday", "2026-03-06", 1, "2026-03-09"),
        ("Friday plus one is the make-up Saturday", "2026-02-27", 1, "2026-02-28"),
        ("no days at all", "2026-03-07", 0, "2026-03-07"),
        ("five days' notice over National Day", "2026-09-29", 5, "2026-10-12"),
        ("ten days' display over the Spring Festival", "2026-02-12", 10, "2026-03-04"),
        ("from a holiday", "2026-05-02", 1, "2026-05-06"),
    ],
)
def test_working_days_are_counted_from_the_day_after(what, start, n, expected):
    assert CALENDAR.add_working_days(date.fromisoformat(start), n) == date.fromisoformat(expected), what


@given(DAYS, st.integers(0, 60))
def test_counting_working_days_undoes_adding_them(start, n):
    assert CALENDAR.working_days_between(start, CALENDAR.add_working_days(start, n)) == n


@pytest.mark.parametrize(
    ("what", "start", "hours", "expected"),
    [
        ("within the morning", "2026-03-02T09:30", 1, "2026-03-02T10:30"),
        ("over the lunch break", "2026-03-02T11:30", 1, "2026-03-02T13:30"),
        ("to the very end of the day", "2026-03-02T09:00", 8, "2026-03-02T18:00"),
        ("from Friday 17:59 over the weekend", "2026-03-06T17:59", 1, "2026-03-09T09:59"),
        ("from Friday evening over the make-up Saturday", "2026-02-27T20:00", 1, "2026-02-28T10:00"),
        ("from before work", "2026-03-02T06:00", 2, "2026-03-02T11:00"),
        ("over the whole Spring Festival", "2026-02-14T17:00", 2, "2026-02-24T10:00"),
        ("nothing added on a Sunday", "2026-03-08T12:00", 0, "2026-03-08T12:00"),
    ],
)
def test_working_time_runs_in_working_hours_only(what, start, hours, expected):
    assert CALENDAR.add_working_time(at(start), timedelta(hours=hours)) == at(expected), what


@given(DAYS, st.integers(0, 24 * 3600 - 1), st.integers(0, 100 * 60))
def test_measuring_working_time_undoes_adding_it(day, second, minutes):
    start_at = datetime.combine(day, time(0), UTC) + timedelta(seconds=second)
    length = timedelta(minutes=minutes)

    assert CALENDAR.working_time_between(start_at, CALENDAR.add_working_time(start_at, length)) == length


def test_a_working_day_has_two_intervals_and_a_day_off_none():
    (morning, afternoon) = CALENDAR.working_intervals(date(2026, 3, 2))

    assert morning == (at("2026-03-02T09:00"), at("2026-03-02T12:00"))
    assert afternoon == (at("2026-03-02T13:00"), at("2026-03-02T18:00"))
    assert CALENDAR.working_intervals(date(2026, 3, 7)) == ()


def test_negative_lengths_are_refused():
    with pytest.raises(ValueError, match="-1 working days"):
        CALENDAR.add_working_days(date(2026, 3, 2), -1)
    with pytest.raises(ValueError, match="of working time"):
        CALENDAR.add_working_time(at("2026-03-02T09:00"), timedelta(hours=-1))
    with pytest.raises(ValueError, match="is before"):
        CALENDAR.working_days_between(date(2026, 3, 2), date(2026, 3, 1))


def test_a_new_notice_makes_a_calendar_of_another_version(tmp_path):
    file = tmp_path / "days.csv"
    file.write_text("date,name,is_day_off,notice\n2027-05-08,劳动节,false,https://example.org\n", encoding="utf-8")

    announced = Calendar.load(file)

    assert announced.version != CALENDAR.version
    assert announced.official_until == date(2027, 12, 23)
    assert announced.is_working_day(date(2027, 5, 8))


def test_the_last_days_of_a_year_are_what_the_notice_for_the_next_one_says():
    assert [CALENDAR.kind_of(date(2018, 12, day)) for day in (29, 31)] == [DayKind.MAKE_UP_WORKDAY, DayKind.HOLIDAY]
    assert CALENDAR.is_official(date(2018, 12, 31))


def test_a_day_may_be_announced_anew_and_the_last_notice_holds(tmp_path):
    lines = ["date,name,is_day_off,notice", "2020-01-31,春节,false,https://example.org/1"]
    file, before = tmp_path / "days.csv", tmp_path / "before.csv"
    before.write_text("\n".join(lines), encoding="utf-8")
    file.write_text("\n".join([*lines, "2020-01-31,春节,true,https://example.org/2"]), encoding="utf-8")

    announced = Calendar.load(file)

    assert not announced.is_working_day(date(2020, 1, 31))
    assert announced.version != Calendar.load(before).version


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("date,name\n", "line 1: lacks the column is_day_off"),
        ("date,name,is_day_off,notice\n1 May,x,true,\n", "line 2: date '1 May' is not a day"),
        ("date,name,is_day_off,notice\n2026-05-01,x,maybe,\n", "line 2: is_day_off must be true or false"),
        ("date,name,is_day_off,notice\n2026-05-01,x,true,\n2026-05-01,x,true,\n", "line 3: date 2026-05-01 is there"),
        ("date,name,is_day_off,notice\n", "has no days"),
    ],
)
def test_a_faulty_calendar_file_is_refused_with_the_line(tmp_path, text, fault):
    file = tmp_path / "days.csv"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(BadCalendarFile, match=fault):
        Calendar.load(file)


def test_working_hours_must_be_in_order():
    with pytest.raises(BadCalendarFile, match="intervals in order"):
        Calendar(CALENDAR._days, {}, "x", ((time(13), time(18)), (time(9), time(12))))
