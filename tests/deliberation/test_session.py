"""Sessions: opened at their time and with a quorum, closed when all is decided, never cancelled."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.deliberation.domain.errors import (
    AttendanceRefused,
    ClerkMissing,
    SessionLapsed,
    SessionNotOpen,
    SessionTooEarly,
    SessionUnfinished,
    SignatureRefused,
    SpeakerRefused,
)
from services.deliberation.domain.motion import MotionState
from services.deliberation.domain.session import Session, SessionState, failure_of, inquorate_in_a_row
from shared.contracts.vocabulary import FailureReason, SessionKind
from tests.deliberation.builders import (
    COMMUNITY,
    EVERYBODY,
    FRIDAY,
    ISSUE,
    POLICY,
    TUESDAY,
    a_motion,
    some_invitees,
)

DAY = timedelta(days=1)


def a_session(**changes):
    fields = {
        "id": f"{ISSUE}/S1",
        "issue_id": ISSUE,
        "unit_code": COMMUNITY,
        "number": 1,
        "kind": SessionKind.ORDINARY,
        "title": "小区停车",
        "hall_name": "社区议事厅",
        "starts_at": TUESDAY,
        "dated_at": FRIDAY,
        "lapses_at": TUESDAY + timedelta(hours=1),
        "deputies": tuple(some_invitees()),
        "clerks": ("clerk-1",),
    }
    return Session(**fields | changes)


def an_open_session():
    session = a_session()
    session.arrive(EVERYBODY, at=TUESDAY)
    session.open(POLICY.quorum, by="chair-1", at=TUESDAY)
    return session


def test_a_session_does_not_open_before_its_time():
    session = a_session()
    session.arrive(EVERYBODY, at=TUESDAY - timedelta(minutes=10))

    with pytest.raises(SessionTooEarly):
        session.open(POLICY.quorum, by="chair-1", at=TUESDAY - timedelta(seconds=1))
    assert session.state is SessionState.PLANNED


def test_a_session_that_nobody_opened_in_time_can_be_opened_no_more_whether_or_not_it_was_told():
    unheard, told = a_session(), a_session()
    assert told.lapse()

    for session, at in ((unheard, unheard.lapses_at), (told, TUESDAY)):
        with pytest.raises(SessionLapsed, match="new date"):
            session.open(POLICY.quorum, by="chair-1", at=at)
    assert told.state is SessionState.LAPSED


def test_a_session_that_was_opened_does_not_lapse():
    session = an_open_session()

    assert not session.lapse()
    assert session.state is SessionState.OPEN


@given(st.integers(0, 9))
def test_a_session_opens_with_enough_deputies_and_is_inquorate_with_fewer(present):
    session = a_session()
    session.arrive(EVERYBODY[:present], at=TUESDAY)
    session.open(POLICY.quorum, by="chair-1", at=TUESDAY)

    assert session.state is (SessionState.OPEN if present >= 5 else SessionState.INQUORATE)


@pytest.mark.parametrize("clerks", [(), ("chair-1",)], ids=["nobody", "only the chair"])
def test_a_session_whose_record_nobody_keeps_beside_its_chair_does_not_open(clerks):
    session = a_session(clerks=clerks)

    with pytest.raises(ClerkMissing, match="record_arrivals"):
        session.open(POLICY.quorum, by="chair-1", at=TUESDAY)
    assert session.state is SessionState.PLANNED


def test_only_who_was_there_signs_as_what_they_were():
    session = an_open_session()
    session.keep_record("clerk-2")
    session.close([], at=TUESDAY)
    session.keep_record("clerk-3")

    assert [session.capacity_of(one) for one in ("chair-1", "clerk-1", "clerk-2")] == ["chair", "clerk", "clerk"]
    with pytest.raises(SignatureRefused, match="chair-1 was its chair, clerk-1, clerk-2 kept its record"):
        session.capacity_of("clerk-3")


def test_only_those_invited_are_recorded():
    session = a_session()
    with pytest.raises(AttendanceRefused, match="invited are P-1, ") as refused:
        session.arrive(["P-1", "P-77"], at=TUESDAY)

    assert refused.value.fields == {"person_ids": ["Not invited: P-77."]}


def test_whoever_names_a_speaker_by_name_is_told_the_ids_of_those_who_are_here():
    session = a_session()
    session.arrive(["P-1", "P-2"], at=TUESDAY)

    with pytest.raises(SpeakerRefused) as refused:
        session.must_have_present("邓思远", "mover", at=TUESDAY)

    assert refused.value.fields == {"mover": ["邓思远 is no person_id of an invited deputy; here: P-1, P-2."]}


def test_a_session_that_has_begun_is_neither_postponed_nor_moved_up():
    session = an_open_session()

    assert not session.postpone(TUESDAY + DAY, lapses_at=TUESDAY + 2 * DAY, dated_at=TUESDAY)
    assert not session.move_up()
    assert session.state is SessionState.OPEN


def test_who_came_on_the_old_date_is_not_there_on_the_new_one():
    session = a_session()
    session.arrive(EVERYBODY, at=TUESDAY)

    assert session.postpone(TUESDAY + DAY, lapses_at=TUESDAY + 2 * DAY, dated_at=TUESDAY)
    assert session.quorum(POLICY.quorum, at=TUESDAY + DAY).present == 0


@given(st.permutations([1, 2, 3]))
def test_postponements_out_of_order_end_at_the_newest_date(order):
    session = a_session()
    for number in order:
        session.postpone(TUESDAY + number * DAY, lapses_at=TUESDAY + 9 * DAY, dated_at=FRIDAY + number * DAY)

    assert session.starts_at == TUESDAY + 3 * DAY


@pytest.mark.parametrize("state", [state for state in MotionState if not a_motion(state=state).is_decided])
def test_a_session_does_not_end_while_a_motion_is_undecided(state):
    session = an_open_session()

    with pytest.raises(SessionUnfinished, match="next is"):
        session.close([a_motion(state=state)], at=TUESDAY)


def test_a_session_does_not_end_while_a_carried_motion_has_no_resolution():
    session = an_open_session()

    with pytest.raises(SessionUnfinished, match="adopt_resolution"):
        session.close([a_motion(state=MotionState.CARRIED)], at=TUESDAY)
    session.close([a_motion(state=MotionState.CARRIED, resolution_id="R1")], at=TUESDAY)
    assert session.state is SessionState.CLOSED


def test_a_closed_session_takes_nobody_in():
    session = an_open_session()
    session.close([], at=TUESDAY)

    with pytest.raises(SessionNotOpen):
        session.arrive(["P-1"], at=TUESDAY)


@pytest.mark.parametrize(
    ("states", "reason"),
    [
        ([], FailureReason.NO_MOTION),
        ([MotionState.WITHDRAWN], FailureReason.NO_MOTION),
        ([MotionState.LOST, MotionState.WITHDRAWN], FailureReason.NO_MAJORITY),
        ([MotionState.VOID], FailureReason.NO_MAJORITY),
        ([MotionState.LOST, MotionState.CARRIED], None),
    ],
)
def test_why_a_session_came_to_nothing(states, reason):
    assert failure_of([a_motion(state=state) for state in states]) is reason


@pytest.mark.parametrize(
    ("earlier", "in_a_row"),
    [
        ([], 1),
        ([(SessionState.INQUORATE, None)], 2),
        ([(SessionState.CLOSED, FailureReason.NO_MAJORITY), (SessionState.INQUORATE, None)], 1),
        ([(SessionState.INQUORATE, FailureReason.INQUORATE_TWICE), (SessionState.INQUORATE, None)], 1),
    ],
    ids=["the first", "the second", "a held one lies between", "a failure starts the count anew"],
)
def test_inquorate_sessions_are_counted_in_a_row(earlier, in_a_row):
    before = [a_session(state=state, failure=failure) for state, failure in earlier]

    assert inquorate_in_a_row(before) == in_a_row
