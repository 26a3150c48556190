"""A session from its notice to its end: it can be put off, never cancelled."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.councils.domain.errors import NoDateLeft, PostponedTooOften, SessionNotAhead
from services.councils.domain.postponement import Postponement
from services.councils.domain.session import SessionState
from shared.contracts.vocabulary import FailureReason, PostponementReason
from tests.councils.builders import DAY, HOUR, MONDAY_9AM, a_session


def to(session, starts_at):
    return Postponement(PostponementReason.HALL_LOST, "停水停电", "clerk", MONDAY_9AM, session.starts_at, starts_at)


def postponed_to(session, starts_at):
    session.postpone(to(session, starts_at), latest=session.first_starts_at + 7 * DAY, due_at=starts_at + HOUR)


@given(some.lists(some.floats(-3, 12), max_size=8))
def test_however_often_it_is_put_off_it_is_held_within_the_policys_days(moves):
    session = a_session()
    for days in moves:
        before = session.starts_at
        try:
            postponed_to(session, session.starts_at + days * DAY)
        except NoDateLeft:
            assert session.starts_at == before
    assert session.first_starts_at <= session.starts_at <= session.first_starts_at + 7 * DAY
    assert session.is_ahead
    assert [one.starts_at for one in session.postponements] == sorted(one.starts_at for one in session.postponements)


def test_the_policys_last_instant_is_still_in_time():
    session = a_session()

    postponed_to(session, session.first_starts_at + 7 * DAY)

    assert session.starts_at == session.first_starts_at + 7 * DAY


@pytest.mark.parametrize(
    "state", [SessionState.OPEN, SessionState.CLOSED, SessionState.INQUORATE, SessionState.MOVED_UP]
)
def test_only_a_session_that_is_ahead_can_be_put_off(state):
    session = a_session(state=state)

    with pytest.raises(SessionNotAhead):
        postponed_to(session, session.starts_at + DAY)


def test_a_session_has_no_way_to_be_cancelled():
    assert not [name for name in dir(a_session()) if "cancel" in name]
    assert "cancelled" not in list(SessionState)


def test_what_came_late_does_not_undo_the_end():
    session = a_session()
    session.close(MONDAY_9AM)

    session.open(MONDAY_9AM, due_at=MONDAY_9AM + DAY)

    assert session.state is SessionState.CLOSED
    assert not session.end_inquorate(MONDAY_9AM)


def test_a_session_that_was_opened_is_not_given_up():
    session = a_session()
    session.open(session.starts_at, due_at=MONDAY_9AM + DAY)

    assert not session.move_up(session.starts_at)
    assert session.state is SessionState.OPEN


def test_one_given_up_that_had_just_been_opened_is_open():
    session = a_session()
    session.move_up(MONDAY_9AM)

    session.open(MONDAY_9AM, due_at=MONDAY_9AM + DAY)

    assert session.state is SessionState.OPEN


def test_a_failure_counts_once_and_ends_the_session():
    session = a_session()

    assert session.fail(FailureReason.INQUORATE_TWICE, MONDAY_9AM)
    assert not session.fail(FailureReason.INQUORATE_TWICE, MONDAY_9AM)
    assert session.state is SessionState.INQUORATE


def test_a_session_that_came_to_nothing_with_enough_people_is_closed():
    session = a_session()

    session.fail(FailureReason.NO_MAJORITY, MONDAY_9AM)

    assert session.state is SessionState.CLOSED


def test_it_lapses_once_nobody_has_opened_it_by_then_and_is_over():
    session = a_session()

    assert not session.lapse(session.due_at - HOUR)
    assert session.lapse(session.due_at)
    assert (session.state, session.due_at) == (SessionState.LAPSED, None)


def test_what_had_lapsed_and_was_opened_in_time_is_open():
    session = a_session()
    session.lapse(session.due_at)

    assert session.open(session.starts_at, due_at=session.starts_at + DAY)
    assert session.is_left_open(session.starts_at + DAY)


def test_it_is_put_off_no_more_often_than_the_policy_allows():
    session = a_session()
    postponed_to(session, session.starts_at + DAY)

    session.must_be_postponable(2)
    with pytest.raises(PostponedTooOften):
        session.must_be_postponable(1)
