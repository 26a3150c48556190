"""What a file says of an entry, laid over what is known of it."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory.domain.entry import Entry
from services.directory.domain.kinds import ALL
from services.directory.domain.restating import Contradiction, Statement, restate, start_of_day
from shared.clock import SHANGHAI
from shared.contracts.directory_words import Origin
from tests.directory.builders import MONDAY, hall

TODAY = start_of_day(MONDAY)


def facts(name="甲"):
    return vars(ALL["hall"].facts(**hall(name=name, kind="community")))


def on(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def an_entry(*said):
    entry = Entry(ALL["hall"], "H1")
    for one in said:
        state(entry, one)
    return entry


def state(entry, *said, replaced_by=()):
    return restate(entry, said, replaced_by, MONDAY, TODAY)


def held(entry):
    return [(one.name, f"{one.valid_from.astimezone(SHANGHAI):%m-%d}", ends(one)) for one in entry.periods]


def ends(period):
    return f"{period.valid_to.astimezone(SHANGHAI):%m-%d}" if period.valid_to else ""


OLD = Statement(facts("甲"), on("2026-01-01"))


def test_a_new_one_without_a_day_begins_today():
    assert held(an_entry(Statement(facts()))) == [("甲", "03-02", "")]


def test_what_a_row_says_otherwise_without_a_day_holds_from_today_on():
    entry = an_entry(OLD)

    assert state(entry, Statement(facts("乙")))
    assert held(entry) == [("甲", "01-01", "03-02"), ("乙", "03-02", "")]


def test_a_row_with_the_day_of_what_is_known_corrects_it():
    entry = an_entry(OLD)

    assert state(entry, Statement(facts("乙"), on("2026-01-01")))
    assert held(entry) == [("乙", "01-01", "")]


def test_a_known_end_stays_until_a_row_says_that_there_is_none():
    entry = an_entry(Statement(facts(), on("2026-01-01"), on("2026-07-01")))

    assert not state(entry, Statement(facts(), on("2026-01-01")))
    assert state(entry, Statement(facts(), on("2026-01-01"), for_good=True))
    assert held(entry) == [("甲", "01-01", "")]


def test_rows_of_one_entry_end_where_the_next_begins():
    entry = Entry(ALL["hall"], "H1")
    rows = [Statement(facts("乙"), on("2026-02-01")), OLD]

    assert state(entry, *rows)
    assert held(entry) == [("甲", "01-01", "02-01"), ("乙", "02-01", "")]
    assert not state(entry, *rows)


@pytest.mark.parametrize(
    ("said", "column"),
    [
        ([OLD, Statement(facts("乙"))], "valid_from"),
        ([OLD, Statement(facts("乙"), on("2026-01-01"))], "valid_from"),
        ([Statement(facts(), on("2026-01-01"), on("2026-03-01")), Statement(facts(), on("2026-02-01"))], "valid_to"),
        ([Statement(facts(), on("2026-02-01"), on("2026-01-01"))], "valid_to"),
        ([Statement(facts(), None, on("2026-01-01"))], "valid_from"),
    ],
)
def test_rows_that_contradict_each_other_are_told(said, column):
    with pytest.raises(Contradiction) as told:
        state(Entry(ALL["hall"], "H1"), *said)

    assert told.value.column == column


def test_a_row_that_would_undo_what_is_known_later_has_to_say_until_when_it_means_its_own():
    entry = an_entry(OLD, Statement(facts("乙"), on("2026-02-01")))

    with pytest.raises(Contradiction) as told:
        state(entry, Statement(facts("丙"), on("2026-01-01")))

    assert told.value.right == "2026-01-31, or 长期 if this goes on"
    assert state(entry, Statement(facts("丙"), on("2026-01-01"), on("2026-02-01")))
    assert held(entry) == [("丙", "01-01", "02-01"), ("乙", "02-01", "")]


def test_what_ended_begins_again_only_with_a_day():
    entry = an_entry(Statement(facts(), on("2026-01-01"), on("2026-02-01")))

    with pytest.raises(Contradiction):
        state(entry, Statement(facts()))
    assert state(entry, Statement(facts(), on("2026-02-15")))
    assert held(entry) == [("甲", "01-01", "02-01"), ("甲", "02-15", "")]


def test_successors_need_an_end():
    with pytest.raises(Contradiction):
        state(Entry(ALL["hall"], "H1"), OLD, replaced_by=["H2"])


def test_what_is_the_same_keeps_where_it_came_from():
    entry = an_entry()
    entry.enter(facts(), on("2026-01-01"), None, Origin.SHIPPED)

    assert not state(entry, OLD)
    assert entry.periods[0].origin is Origin.SHIPPED


DAYS = st.integers(0, 60).map(lambda number: on("2026-01-01") + timedelta(days=number))
STATEMENTS = st.builds(
    Statement,
    st.sampled_from(["甲", "乙", "丙"]).map(facts),
    st.none() | DAYS,
    st.none() | DAYS,
    st.booleans(),
)


@given(st.lists(st.lists(STATEMENTS, min_size=1, max_size=3), min_size=1, max_size=4))
def test_periods_never_overlap_and_the_same_rows_again_change_nothing(files):
    entry = Entry(ALL["hall"], "H1")
    for said in files:
        try:
            state(entry, *said)
        except Contradiction:
            continue
        for one, following in zip(entry.periods, entry.periods[1:], strict=False):
            assert one.valid_to is not None
            assert one.valid_to <= following.valid_from
        assert all(one.valid_to is None or one.valid_from < one.valid_to for one in entry.periods)
        revision = entry.revision
        assert not state(entry, *said)
        assert entry.revision == revision


def test_what_began_or_ended_by_a_call_in_the_course_of_a_day_is_meant_by_that_day():
    entry = Entry(ALL["hall"], "H1")
    entry.enter(facts(), MONDAY, MONDAY + timedelta(days=3), Origin.ENTERED)

    assert not state(entry, Statement(facts(), on("2026-03-02"), on("2026-03-06")))
