"""Votes that decide nothing, and are held again in the same session."""

import pytest

from services.deliberation.domain.errors import NoQuorum
from services.deliberation.domain.motion import MotionState
from services.deliberation.domain.session import SessionState
from services.deliberation.schemas.requests import GetMotion
from services.deliberation.use_cases import queries, sessions
from shared.contracts import deliberation as said
from shared.contracts.vocabulary import VoteOutcome
from tests.deliberation.builders import CHAIR, EVERYBODY, TUESDAY
from tests.fakes import a_moment


def test_a_void_vote_is_held_again_when_people_are_back_and_both_stay_on_record(work, hall):
    motion = a_void_vote(hall)
    hall.ask(sessions.record_arrivals, person_ids=EVERYBODY[4:])
    again = hall.vote(votes_for=9)

    assert (motion.state, again.votes[0].number) == (MotionState.CARRIED, 2)
    assert [(one.number, one.outcome) for one in work.outbox.of(said.MotionVotedV1)] == [
        (1, VoteOutcome.VOID),
        (2, VoteOutcome.CARRIED),
    ]
    kept = queries.get_motion(work, GetMotion(motion_id=motion.id), a_moment(TUESDAY, asked_by=CHAIR))
    assert [(vote.outcome, len(vote.ballots)) for vote in kept.votes] == [
        (VoteOutcome.VOID, 4),
        (VoteOutcome.CARRIED, 9),
    ]


def test_a_void_vote_is_not_held_again_without_a_quorum(work, hall):
    motion = a_void_vote(hall)

    with pytest.raises(NoQuorum, match="4 of 5 deputies"):
        hall.vote(votes_for=4)
    assert (motion.votes, len(work.votes.of(motion_id=motion.id))) == (1, 1)


def test_a_session_may_end_on_a_void_vote(hall):
    a_void_vote(hall)

    assert hall.ask(sessions.close_session).state is SessionState.CLOSED


def a_void_vote(hall):
    hall.open()
    motion = hall.five_steps()
    hall.ask(sessions.record_departures, person_ids=EVERYBODY[4:])
    hall.vote(votes_for=4)
    return motion
