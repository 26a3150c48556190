"""Who sits at a desk: by the days and hours of the roster, over midnight, on holidays; and who acts for whom."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.dispatch.domain.roster import Roster
from shared.calendars import shipped
from shared.clock import SHANGHAI
from shared.contracts.directory import ActingPart, StaffPart
from shared.contracts.directory_words import DayKind
from tests.told import an_entry, desk_of, office, shift_of

DESK = desk_of(office("110105017", "城市管理办公室"), leader="P-boss", leader_name="王主任")
DAY_SHIFT = shift_of(DESK, "白班", starts="09:00", ends="18:00", days=["working_day"])
NIGHT_SHIFT = shift_of(DESK, "夜班", starts="18:00", ends="09:00")
HOLIDAY_SHIFT = shift_of(DESK, "节假日班", days=["day_off"])
WHOLE_ROSTER = Roster(DESK, [DAY_SHIFT, NIGHT_SHIFT, HOLIDAY_SHIFT])
INSTANTS = some.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=some.just(SHANGHAI))  # noqa: DTZ001


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def on_duty(roster: Roster, text: str) -> str:
    return roster.on_duty(at(text), shipped()).name


def an_acting(person: str, acting: str, **values) -> ActingPart:
    given = {"person": person, "acting": acting, "acting_name": f"代{acting}"}
    return an_entry(ActingPart, f"{person}>{acting}", **(given | values))


@pytest.mark.parametrize(
    ("instant", "name"),
    [
        ("2026-03-02T09:00", "白班"),
        ("2026-03-02T17:59", "白班"),
        ("2026-03-02T18:00", "夜班"),
        ("2026-03-03T00:00", "夜班"),
        ("2026-03-03T08:59", "夜班"),
        ("2026-03-07T10:00", "节假日班"),
        ("2026-10-01T12:00", "节假日班"),
        ("2026-02-14T10:00", "白班"),
    ],
    ids=[
        "Monday 9:00",
        "Monday 17:59",
        "Monday 18:00",
        "midnight",
        "Tuesday 8:59",
        "Saturday",
        "National Day",
        "the make-up Saturday",
    ],
)
def test_the_roster_says_who_is_on_duty(instant, name):
    assert on_duty(WHOLE_ROSTER, instant) == name


def test_a_night_shift_belongs_to_the_day_on_which_it_began():
    friday_night = Roster(DESK, [shift_of(DESK, "周五夜班", starts="22:00", ends="06:00", days=["friday"])])

    assert on_duty(friday_night, "2026-03-07T05:59") == "周五夜班"
    assert on_duty(friday_night, "2026-03-07T06:00") == "王主任"
    assert on_duty(friday_night, "2026-03-07T22:00") == "王主任"


def test_where_the_roster_names_nobody_the_leader_is_on_duty():
    assert on_duty(Roster(DESK, [DAY_SHIFT]), "2026-03-02T20:00") == "王主任"


@given(INSTANTS)
def test_somebody_is_on_duty_at_every_instant(instant):
    assert WHOLE_ROSTER.on_duty(instant, shipped()) is not None


@given(INSTANTS)
def test_a_roster_is_the_same_in_whatever_order_it_is_known(instant):
    turned = Roster(DESK, WHOLE_ROSTER.shifts[::-1])

    assert turned.on_duty(instant, shipped()) == WHOLE_ROSTER.on_duty(instant, shipped())


@given(some.dates(date(2026, 1, 1), date(2026, 12, 31)), some.times(), some.times())
def test_a_shift_of_one_day_lasts_as_long_as_it_says(day, starts, ends):
    starts, ends = (one.replace(second=0, microsecond=0) for one in (starts, ends))
    shift = shift_of(DESK, "值班", starts=f"{starts:%H:%M}", ends=f"{ends:%H:%M}", days=[list(DayKind)[day.weekday()]])
    begins = datetime.combine(day, starts, SHANGHAI)
    length = (datetime.combine(day, ends, SHANGHAI) - begins) % timedelta(days=1) or timedelta(days=1)
    roster, minute = Roster(DESK, [shift]), timedelta(minutes=1)

    assert [
        roster.on_duty(instant, shipped()).name == "值班"
        for instant in (begins - minute, begins, begins + length - minute, begins + length)
    ] == [False, True, True, False]


def test_a_shift_counts_only_while_it_is_in_the_directory():
    left = shift_of(DESK, "离职人员", valid_to=at("2026-03-02T12:00"))

    assert on_duty(Roster(DESK, [left]), "2026-03-02T11:59") == "离职人员"
    assert on_duty(Roster(DESK, [left]), "2026-03-02T12:00") == "王主任"


def test_who_acts_for_somebody_sits_there_from_the_first_instant_to_the_last():
    acting = an_acting(DAY_SHIFT.person, "李四", valid_from=at("2026-03-03T00:00"), valid_to=at("2026-03-05T00:00"))
    roster = Roster(DESK, [DAY_SHIFT], [acting])

    days = [on_duty(roster, f"2026-03-0{day}T10:00") for day in (2, 3, 4, 5)]
    assert days == ["白班", "代李四", "代李四", "白班"]


def test_who_acts_for_the_leader_is_responsible_and_named_where_nobody_is_on_duty():
    roster = Roster(DESK, [], [an_acting("P-boss", "P-deputy")])

    assert roster.leader(at("2026-03-02T10:00")) == ("P-deputy", "代P-deputy")
    assert on_duty(roster, "2026-03-02T10:00") == "代P-deputy"


def test_who_acts_at_another_desk_does_not_act_here_and_who_acts_here_comes_first():
    elsewhere = an_acting("P-boss", "P-1", desk="another desk")
    everywhere, here = an_acting("P-boss", "P-2"), an_acting("P-boss", "P-3", desk=DESK.id)

    assert Roster(DESK, [], [elsewhere]).leader(at("2026-03-02T10:00")).id == "P-boss"
    assert Roster(DESK, [], [elsewhere, everywhere, here]).leader(at("2026-03-02T10:00")).id == "P-3"


def test_for_an_acting_person_who_is_away_as_well_somebody_else_acts():
    roster = Roster(DESK, [], [an_acting("P-boss", "P-1"), an_acting("P-1", "P-2")])

    assert roster.leader(at("2026-03-02T10:00")).id == "P-2"


def test_two_who_act_for_each_other_are_both_away():
    roster = Roster(DESK, [], [an_acting("P-boss", "P-1"), an_acting("P-1", "P-boss")])

    assert roster.leader(at("2026-03-02T10:00")) is None


def test_who_has_left_the_staff_is_not_on_duty_though_the_roster_still_names_them():
    facts = {"person": DAY_SHIFT.person, "person_name": "白班", "organisation": DESK.organisation, "unit": DESK.unit}
    member = an_entry(StaffPart, "S-1", valid_to=at("2026-03-03T12:00"), **facts)
    roster = Roster(DESK, [DAY_SHIFT], staff=[member])

    assert [on_duty(roster, f"2026-03-03T{hour}:00") for hour in (11, 12)] == ["白班", "王主任"]


def test_for_who_has_left_somebody_may_act():
    facts = {"person": "P-boss", "person_name": "王主任", "organisation": DESK.organisation, "unit": DESK.unit}
    member = an_entry(StaffPart, "S-1", valid_to=at("2026-03-01T00:00"), **facts)

    assert Roster(DESK, staff=[member]).leader(at("2026-03-02T10:00")) is None
    acting = [an_acting("P-boss", "P-1")]
    assert Roster(DESK, acting=acting, staff=[member]).leader(at("2026-03-02T10:00")).id == "P-1"


def test_nobody_without_a_name_is_ever_named():
    nameless = Roster(desk_of(office("110105017", "执法队"), leader="P-9", leader_name=" "))

    assert nameless.leader(at("2026-03-02T10:00")) is None
    assert nameless.on_duty(at("2026-03-02T10:00"), shipped()) is None
