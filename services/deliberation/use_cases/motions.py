"""A motion from being stated to its vote, one function per step."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.deliberation.domain.motion import Motion, Turn, refuse_repeated
from services.deliberation.domain.session import Session, SessionState
from services.deliberation.domain.vote import Ballot, Vote, check_ballots, hold_vote
from services.deliberation.storage.repository import DeliberationStore
from services.deliberation.use_cases.record import motion_for, record, session_for
from shared.auth import Caller
from shared.contracts.deliberation import (
    MotionDebatedV1,
    MotionSecondedV1,
    MotionStatedV1,
    MotionVotedV1,
    MotionWithdrawnV1,
    OpinionGivenV1,
    OppositionStatedV1,
)
from shared.policy import Policy


def state_motion(work: DeliberationStore, request: Any, *, by: Caller, policy: Policy, now: datetime) -> Motion:
    """Step one. What was voted on lately comes again only with new facts, and never in the same session."""
    session = session_for(work, request.session_id, by)
    session.must_be(SessionState.OPEN)
    session.must_have_present(request.mover, "mover", at=now)
    session.must_be_neutral(request.mover, "mover", policy.speech)
    motion = _new_motion(work, session, request, now)
    refuse_repeated(motion, work.motions.list_of_issue(session.issue_id, session.unit_code), policy.same_motion)
    work.motions.add(motion)
    said: dict[str, Any] = {"mover": motion.mover, "motion": motion.motion, "about": motion.about}
    record(work, session, "motion_stated", by=by.subject, at=now, motion_id=motion.id, **said)
    work.outbox.add(MotionStatedV1(**_of(motion), **said, stated_at=now), at=now)
    return motion


def second_motion(work: DeliberationStore, request: Any, *, by: Caller, policy: Policy, now: datetime) -> Motion:
    """Step two. Announced with the last seconder it takes."""
    session, motion = motion_for(work, request.motion_id, by)
    session.must_have_present(request.seconder, "seconder", at=now)
    session.must_be_neutral(request.seconder, "seconder", policy.speech)
    is_seconded = motion.second(request.seconder, policy.speech)
    record(work, session, "motion_seconded", by=by.subject, at=now, motion_id=motion.id, seconder=request.seconder)
    if is_seconded:
        work.outbox.add(MotionSecondedV1(**_of(motion), seconder=request.seconder, seconded_at=now), at=now)
    return motion


def withdraw_motion(work: DeliberationStore, request: Any, *, by: Caller, now: datetime) -> Motion:
    session, motion = motion_for(work, request.motion_id, by)
    motion.withdraw()
    record(work, session, "motion_withdrawn", by=by.subject, at=now, motion_id=motion.id)
    work.outbox.add(MotionWithdrawnV1(**_of(motion), withdrawn_at=now), at=now)
    return motion


def state_opposition(work: DeliberationStore, request: Any, *, by: Caller, policy: Policy, now: datetime) -> Motion:
    """Step three. An empty speaker puts on record that there is no opposition."""
    session, motion = motion_for(work, request.motion_id, by)
    if request.speaker:
        session.must_have_present(request.speaker, "speaker", at=now)
        session.must_be_neutral(request.speaker, "speaker", policy.speech)
    motion.oppose(request.speaker, request.statement)
    said = {"speaker": request.speaker, "statement": request.statement}
    record(work, session, "opposition_stated", by=by.subject, at=now, motion_id=motion.id, **said)
    work.outbox.add(OppositionStatedV1(**_of(motion), **said, stated_at=now), at=now)
    return motion


def record_turn(work: DeliberationStore, request: Any, *, by: Caller, policy: Policy, now: datetime) -> Motion:
    """One turn of step four. An empty speaker: that side passes."""
    session, motion = motion_for(work, request.motion_id, by)
    if request.speaker:
        session.must_have_present(request.speaker, "speaker", at=now)
        session.must_be_neutral(request.speaker, "speaker", policy.speech)
    motion.take_turn(Turn(request.speaker, request.side.value, request.text), policy.speech)
    said = {"speaker": request.speaker, "side": request.side, "text": request.text}
    record(work, session, "turn_taken", by=by.subject, at=now, motion_id=motion.id, **said)
    return motion


def close_debate(work: DeliberationStore, request: Any, *, by: Caller, now: datetime) -> Motion:
    session, motion = motion_for(work, request.motion_id, by)
    motion.close_debate()
    record(work, session, "debate_closed", by=by.subject, at=now, motion_id=motion.id, turns=len(motion.turns))
    work.outbox.add(MotionDebatedV1(**_of(motion), turns=len(motion.turns), debated_at=now), at=now)
    return motion


def give_opinion(work: DeliberationStore, request: Any, *, by: Caller, now: datetime) -> Motion:
    """Step five. An empty expert puts on record that there is none to hear."""
    session, motion = motion_for(work, request.motion_id, by)
    if request.expert:
        session.must_have_expert(request.expert)
    motion.advise(request.expert, request.opinion, experts_present=session.experts_present(now))
    said = {"expert": request.expert, "opinion": request.opinion}
    record(work, session, "opinion_given", by=by.subject, at=now, motion_id=motion.id, **said)
    work.outbox.add(OpinionGivenV1(**_of(motion), **said, given_at=now), at=now)
    return motion


def record_recusal(work: DeliberationStore, request: Any, *, by: Caller, now: datetime) -> Motion:
    session, motion = motion_for(work, request.motion_id, by)
    session.must_have_present(request.person_id, "person_id", at=now)
    if request.person_id not in motion.recused:
        motion.recuse(request.person_id, request.reason)
        said = {"person_id": request.person_id, "reason": request.reason}
        record(work, session, "recused", by=by.subject, at=now, motion_id=motion.id, **said)
    return motion


def vote(work: DeliberationStore, request: Any, *, by: Caller, policy: Policy, now: datetime) -> Motion:
    """Hold the vote with the quorum of this moment. Refused ballots leave no trace; a void vote is kept."""
    session, motion = motion_for(work, request.motion_id, by)
    motion.must_be_ready_for_vote()
    ballots = [Ballot(motion.id, cast.person_id, cast.choice, now) for cast in request.ballots]
    check_ballots(ballots, session.deputies, session.attendance.present_at(now), motion.recused)
    quorum = session.quorum(policy.quorum, at=now, recused=motion.recused)
    away = len(motion.recused)
    held = hold_vote(motion.id, motion.about, ballots, quorum, recused=away, rule=policy.majority, at=now)
    motion.settle(held)
    work.votes.hold(held, ballots)
    _announce_vote(work, session, motion, held, ballots, by, now)
    return motion


def _announce_vote(
    work: DeliberationStore,
    session: Session,
    motion: Motion,
    held: Vote,
    ballots: Sequence[Ballot],
    by: Caller,
    now: datetime,
) -> None:
    counts: dict[str, Any] = {name: getattr(held, name) for name in _COUNTS}
    cast = {ballot.person_id: ballot.choice.value for ballot in ballots}
    record(work, session, "voted", by=by.subject, at=now, motion_id=motion.id, ballots=cast, **counts)
    work.outbox.add(MotionVotedV1(**_of(motion), **counts, voted_at=now), at=now)


_COUNTS = (
    "outcome",
    "votes_for",
    "votes_against",
    "abstained",
    "recused",
    "present",
    "invited",
    "quorum_needed",
    "votes_needed",
)


def _new_motion(work: DeliberationStore, session: Session, request: Any, now: datetime) -> Motion:
    number = len(work.motions.list_of_session(session.id)) + 1
    return Motion(
        id=f"{session.id}/M{number}",
        session_id=session.id,
        issue_id=session.issue_id,
        unit_code=session.unit_code,
        mover=request.mover,
        motion=request.motion,
        about=request.about,
        stated_at=now,
        new_facts=request.new_facts,
    )


def _of(motion: Motion) -> dict[str, Any]:
    return {"motion_id": motion.id, "session_id": motion.session_id, "issue_id": motion.issue_id}
