"""The ledger of a clock: what counts, what does not, and that nothing ever gives counted time back."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.supervision.domain.clock import ClockState, Mark, Marks
from services.supervision.domain.ledger import Ledger
from shared.contracts.vocabulary import ClockKind
from tests.supervision.builders import MARKS, MONDAY, a_clock, a_ledger, days, hours

LENGTHS = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=60))
SOME_TIME = st.timedeltas(min_value=timedelta(microseconds=1), max_value=timedelta(days=60))


def test_time_on_hold_moves_the_due_time_by_the_same_amount():
    ledger = a_ledger(at=MONDAY, budget=hours(8))

    ledger = ledger.pause(at=MONDAY + hours(1), by="clerk", reason="waiting for the owner")
    ledger = ledger.go_on(at=MONDAY + hours(3), by="clerk")

    assert ledger.due_at == MONDAY + hours(10)


@pytest.mark.parametrize(
    ("asked_at", "counted", "remaining"),
    [
        ("before the start", hours(0), hours(8)),
        ("at the start", hours(0), hours(8)),
        ("an hour in", hours(1), hours(7)),
        ("during the pause", hours(2), hours(6)),
        ("when it goes on", hours(2), hours(6)),
        ("when it is due", hours(8), hours(0)),
        ("a day late", hours(32), hours(-24)),
    ],
)
def test_what_is_counted_when(asked_at: str, counted: timedelta, remaining: timedelta):
    ledger = a_ledger(budget=hours(8)).pause(at=MONDAY + hours(2), by="li", reason="rain")
    ledger = ledger.go_on(at=MONDAY + hours(5), by="li")
    instants = {
        "before the start": MONDAY - hours(1),
        "at the start": MONDAY,
        "an hour in": MONDAY + hours(1),
        "during the pause": MONDAY + hours(4),
        "when it goes on": MONDAY + hours(5),
        "when it is due": MONDAY + hours(11),
        "a day late": MONDAY + hours(35),
    }

    assert ledger.counted(instants[asked_at]) == counted
    assert ledger.remaining(instants[asked_at]) == remaining


def test_on_hold_the_due_time_is_the_earliest_it_can_be():
    ledger = a_ledger(budget=hours(8)).pause(at=MONDAY + hours(2), by="li", reason="rain")

    assert ledger.due_at == MONDAY + hours(8)
    assert ledger.remaining(MONDAY + days(30)) == hours(6)


def test_the_first_reason_for_a_pause_stays_on_record():
    ledger = a_ledger().pause(at=MONDAY + hours(1), by="li", reason="rain")

    again = ledger.pause(at=MONDAY + hours(2), by="wang", reason="snow")

    assert again is ledger
    assert (again.current.by, again.current.reason) == ("li", "rain")


def test_a_pause_heard_of_late_counts_from_the_last_entry_on():
    ledger = a_ledger().pause(at=MONDAY + hours(2), by="li", reason="rain").go_on(at=MONDAY + hours(4), by="li")

    late = ledger.pause(at=MONDAY + hours(3), by="supervision", reason="handled")

    assert late.segments[:2] == ledger.segments[:2]
    assert late.current.begins_at == MONDAY + hours(4)


@pytest.mark.parametrize("length", [hours(0), hours(-1)])
def test_nothing_and_less_than_nothing_is_no_extension(length: timedelta):
    ledger = a_ledger(budget=hours(8))

    assert ledger.extend(length, at=MONDAY, by="wang", reason="materials") is ledger


def test_a_ledger_remembers_who_extended_it_and_why():
    ledger = a_ledger(budget=hours(8)).extend(hours(2), at=MONDAY, by="wang", reason="materials")

    assert ledger.due_at == MONDAY + hours(10)
    assert [(one.by, one.reason, one.length) for one in ledger.extensions] == [("wang", "materials", hours(2))]


# What a ledger can be told, in any order: the properties below hold for all of them.
@st.composite
def steps(draw: st.DrawFn) -> list[tuple[str, datetime]]:
    """Changes with instants that mostly move on, sometimes back: news come late too."""
    at, told = MONDAY, []
    for change in draw(st.lists(st.sampled_from(["pause", "go_on", "close", "extend", "late"]), max_size=12)):
        at += draw(LENGTHS) if change != "late" else -draw(st.timedeltas(timedelta(0), timedelta(days=2)))
        told.append((change if change != "late" else draw(st.sampled_from(["pause", "go_on"])), at))
    return told


def apply(ledger: Ledger, step: tuple[str, datetime]) -> Ledger:
    change, at = step
    if change == "pause":
        return ledger.pause(at=at, by="li", reason="rain")
    if change == "close":
        return ledger.close(at=at, by="li", reason="solved")
    if change == "extend":
        return ledger.extend(hours(5), at=at, by="wang", reason="materials")
    return ledger.go_on(at=at, by="li")


@given(budget=SOME_TIME, share=st.floats(0, 0.999), held=LENGTHS)
def test_due_at_moves_by_exactly_the_paused_time(budget: timedelta, share: float, held: timedelta):
    ledger = a_ledger(budget=budget)
    paused_at = MONDAY + budget * share

    after = ledger.pause(at=paused_at, by="li", reason="rain").go_on(at=paused_at + held, by="li")

    assert after.due_at - ledger.due_at == (held if paused_at < ledger.due_at else timedelta(0))


@given(budget=SOME_TIME, told=steps())
def test_segments_leave_no_gap_and_never_overlap(budget: timedelta, told: list[tuple[str, datetime]]):
    ledger = a_ledger(budget=budget)
    for step in told:
        ledger = apply(ledger, step)

    assert ledger.segments[0].begins_at == MONDAY
    for one, following in zip(ledger.segments, ledger.segments[1:], strict=False):
        assert one.ends_at == following.begins_at >= one.begins_at
        assert one.kind is not following.kind
    assert ledger.current.ends_at is None


@given(budget=SOME_TIME, told=steps())
def test_a_change_only_adds_to_the_ledger(budget: timedelta, told: list[tuple[str, datetime]]):
    ledger = a_ledger(budget=budget)
    for step in told:
        after = apply(ledger, step)
        assert (after.started_at, after.budget) == (ledger.started_at, ledger.budget)
        assert after.segments[: len(ledger.segments) - 1] == ledger.segments[:-1]
        assert after.extensions[: len(ledger.extensions)] == ledger.extensions
        assert after.allowance >= ledger.allowance
        ledger = after


@given(budget=SOME_TIME, told=steps())
def test_no_change_alters_what_was_counted_before_it(budget: timedelta, told: list[tuple[str, datetime]]):
    ledger = a_ledger(budget=budget)
    for step in told:
        after, since = apply(ledger, step), max(step[1], ledger.current.begins_at)
        assert after.counted(since) == ledger.counted(since)
        ledger = after


@given(budget=SOME_TIME, told=steps(), looks=st.lists(LENGTHS, min_size=2, max_size=6))
def test_counted_time_only_grows(budget: timedelta, told: list[tuple[str, datetime]], looks: list[timedelta]):
    ledger = a_ledger(budget=budget)
    for step in told:
        ledger = apply(ledger, step)
    counted = [ledger.counted(MONDAY + look) for look in sorted(looks)]

    assert counted == sorted(counted)


@given(budget=SOME_TIME, told=steps())
def test_at_its_due_time_a_counting_ledger_has_used_its_allowance(budget: timedelta, told: list[tuple[str, datetime]]):
    ledger = a_ledger(budget=budget)
    for step in told:
        ledger = apply(ledger, step)
    if ledger.is_counting and ledger.due_at >= ledger.current.begins_at:
        assert ledger.counted(ledger.due_at) == ledger.allowance
        assert ledger.counted(ledger.due_at - timedelta(microseconds=1)) < ledger.allowance


@given(budget=SOME_TIME, told=steps(), looks=st.lists(LENGTHS, max_size=8))
def test_each_mark_is_struck_once_in_a_clocks_life(
    budget: timedelta, told: list[tuple[str, datetime]], looks: list[timedelta]
):
    clock, marks = a_clock(budget=budget), Marks(yellow_ratio=0.75, red_ratio=0.9, overdue=days(7))
    struck: list[Mark] = []
    for step in told:
        clock.ledger = apply(clock.ledger, step)
        struck += clock.strike(step[1], marks)
    for look in sorted(looks):
        struck += clock.strike(MONDAY + days(60) + look, marks)

    assert len(struck) == len(set(struck))
    assert struck == sorted(struck, key=list(Mark).index)


@given(budget=SOME_TIME, told=steps())
def test_a_clock_always_has_something_to_say_when_it_asked_to_be_looked_at(
    budget: timedelta, told: list[tuple[str, datetime]]
):
    clock = a_clock(budget=budget)
    for step in told:
        clock.ledger = apply(clock.ledger, step)
    while (next_at := clock.next_mark_at(MARKS)) is not None:
        assert clock.strike(next_at, MARKS)


def test_yellow_comes_at_three_quarters_and_red_with_the_breach():
    clock = a_clock(budget=hours(8))

    assert clock.next_mark_at(MARKS) == MONDAY + hours(6)
    assert clock.strike(MONDAY + hours(6), MARKS) == [Mark.YELLOW]
    assert clock.next_mark_at(MARKS) == MONDAY + hours(8)
    assert clock.strike(MONDAY + hours(8), MARKS) == [Mark.RED, Mark.BREACH]
    assert clock.next_mark_at(MARKS) is None
    assert clock.state is ClockState.BREACHED


def test_an_order_follows_so_long_after_the_breach_and_closed_time_does_not_count():
    clock = a_clock(budget=days(7), kind=ClockKind.RESIDENT)
    marks = Marks(yellow_ratio=0.75, red_ratio=1.0, overdue=days(7))
    clock.strike(MONDAY + days(8), marks)

    clock.meet(at=MONDAY + days(8), by="supervision", reason="solved")
    clock.relapse(at=MONDAY + days(38), by="supervision", reason="again")

    assert clock.next_mark_at(marks) == MONDAY + days(44)
    assert clock.strike(MONDAY + days(44), marks) == [Mark.ORDER]


def test_a_breach_stays_a_breach_when_the_matter_is_solved_later():
    clock = a_clock(budget=hours(8))
    clock.strike(MONDAY + hours(9), MARKS)

    assert not clock.meet(at=MONDAY + hours(10), by="supervision", reason="solved")
    assert clock.state is ClockState.BREACHED


def test_a_clock_is_never_extended_to_an_earlier_instant_nor_after_its_breach():
    clock = a_clock(budget=hours(8))

    assert not clock.extend_to(MONDAY + hours(7), at=MONDAY, by="supervision", reason="a session")
    assert clock.extend_to(MONDAY + hours(30), at=MONDAY, by="supervision", reason="a session")
    assert clock.due_at == MONDAY + hours(30)

    clock.strike(MONDAY + hours(30), MARKS)
    assert not clock.extend_to(MONDAY + hours(99), at=MONDAY + hours(31), by="supervision", reason="a session")


def test_a_closed_clock_goes_on_only_by_a_relapse():
    clock = a_clock(budget=hours(8))
    clock.meet(at=MONDAY + hours(2), by="supervision", reason="solved")

    assert not clock.resume(at=MONDAY + hours(3), by="li")
    assert clock.state is ClockState.MET

    clock.relapse(at=MONDAY + days(1), by="supervision", reason="again")
    assert clock.due_at == MONDAY + days(1) + hours(6)
    assert clock.state is ClockState.COUNTING


def test_a_clock_is_met_once():
    clock = a_clock(budget=hours(8))

    assert clock.meet(at=MONDAY + hours(2), by="supervision", reason="solved")
    assert not clock.meet(at=MONDAY + hours(3), by="supervision", reason="solved")
    assert clock.met_at == MONDAY + hours(2)
