"""A motion from being stated to its vote, one function per step."""

from collections.abc import Sequence
from typing import Any

from services.deliberation.domain.competence import bar_for, item_of
from services.deliberation.domain.errors import NoQuorum
from services.deliberation.domain.motion import Motion, Turn, refuse_repeated
from services.deliberation.domain.session import Session, SessionState
from services.deliberation.domain.vote import Ballot, Vote, check_ballots, hold_vote
from services.deliberation.schemas.replies import MotionReply, motion_reply
from services.deliberation.schemas.requests import (
    CloseDebate,
    GiveOpinion,
    HoldVote,
    RecordRecusal,
    RecordTurn,
    SecondMotion,
    StateMotion,
    StateOpposition,
    WithdrawMotion,
)
from services.deliberation.storage.repository import DeliberationStore
from services.deliberation.use_cases.record import lock_motion, lock_session, record, record_as_rule
from shared.bus.moment import Moment
from shared.contracts.deliberation import (
    MotionDebatedV1,
    MotionSecondedV1,
    MotionStatedV1,
    MotionVotedV1,
    MotionWithdrawnV1,
    OpinionGivenV1,
    OppositionStatedV1,
)
from shared.contracts.vocabulary import VoteOutcome


def state_motion(work: DeliberationStore, request: StateMotion, at: Moment) -> MotionReply:
    """Step one. What was voted on lately comes again only with new facts, and never in the same session."""
    session = lock_session(work, request.session_id, at)
    session.must_be(SessionState.OPEN)
    _must_be_able_to_speak(session, request.mover, "mover", at)
    motion = _new_motion(work, session, request, at)
    on_issue = work.motions.of(issue_id=session.issue_id, unit_code=session.unit_code)
    refuse_repeated(motion, on_issue, at.policy_in(session.unit_code).same_motion)
    work.motions.add(motion)
    said: dict[str, Any] = {
        "mover": motion.mover,
        "motion": motion.motion,
        "item": motion.item,
        "amount_fen": motion.amount_fen,
        "money": motion.money,
        "decided_by": motion.decided_by,
        "leaves_as_is": motion.leaves_as_is,
    }
    record(work, session, "motion_stated", at, motion_id=motion.id, **said)
    work.outbox.add(MotionStatedV1(**_of(motion), **said, stated_at=at.now), at=at.now)
    return motion_reply(motion)


def second_motion(work: DeliberationStore, request: SecondMotion, at: Moment) -> MotionReply:
    """Step two. Announced with the last seconder it takes."""
    session, motion = lock_motion(work, request.motion_id, at)
    _must_be_able_to_speak(session, request.seconder, "seconder", at)
    is_seconded = motion.second(request.seconder, at.policy_in(session.unit_code).speech)
    record(work, session, "motion_seconded", at, motion_id=motion.id, seconder=request.seconder)
    if is_seconded:
        work.outbox.add(MotionSecondedV1(**_of(motion), seconder=request.seconder, seconded_at=at.now), at=at.now)
    return motion_reply(motion)


def withdraw_motion(work: DeliberationStore, request: WithdrawMotion, at: Moment) -> MotionReply:
    session, motion = lock_motion(work, request.motion_id, at)
    motion.withdraw()
    record(work, session, "motion_withdrawn", at, motion_id=motion.id)
    work.outbox.add(MotionWithdrawnV1(**_of(motion), withdrawn_at=at.now), at=at.now)
    return motion_reply(motion)


def fall_with_issue(work: DeliberationStore, session: Session, motion: Motion, at: Moment) -> None:
    """Nothing is left to decide, unless it was decided."""
    if motion.fall():
        record_as_rule(work, session, "motion_withdrawn", at, motion_id=motion.id)
        work.outbox.add(MotionWithdrawnV1(**_of(motion), withdrawn_at=at.now), at=at.now)


def state_opposition(work: DeliberationStore, request: StateOpposition, at: Moment) -> MotionReply:
    """Step three. An empty speaker puts on record that there is no opposition."""
    session, motion = lock_motion(work, request.motion_id, at)
    if request.speaker:
        _must_be_able_to_speak(session, request.speaker, "speaker", at)
    motion.oppose(request.speaker, request.statement)
    said = {"speaker": request.speaker, "statement": request.statement}
    record(work, session, "opposition_stated", at, motion_id=motion.id, **said)
    work.outbox.add(OppositionStatedV1(**_of(motion), **said, stated_at=at.now), at=at.now)
    return motion_reply(motion)


def record_turn(work: DeliberationStore, request: RecordTurn, at: Moment) -> MotionReply:
    """One turn of step four. An empty speaker: that side passes."""
    session, motion = lock_motion(work, request.motion_id, at)
    if request.speaker:
        _must_be_able_to_speak(session, request.speaker, "speaker", at)
    turn = Turn(request.speaker, request.side.value, request.text)
    motion.take_turn(turn, at.policy_in(session.unit_code).speech)
    said = {"speaker": request.speaker, "side": request.side, "text": request.text}
    record(work, session, "turn_taken", at, motion_id=motion.id, **said)
    return motion_reply(motion)


def close_debate(work: DeliberationStore, request: CloseDebate, at: Moment) -> MotionReply:
    session, motion = lock_motion(work, request.motion_id, at)
    motion.close_debate()
    record(work, session, "debate_closed", at, motion_id=motion.id, turns=len(motion.turns))
    work.outbox.add(MotionDebatedV1(**_of(motion), turns=len(motion.turns), debated_at=at.now), at=at.now)
    return motion_reply(motion)


def give_opinion(work: DeliberationStore, request: GiveOpinion, at: Moment) -> MotionReply:
    """Step five. An empty expert puts on record that there is none to hear."""
    session, motion = lock_motion(work, request.motion_id, at)
    if request.expert:
        session.must_have_expert(request.expert)
    motion.advise(request.expert, request.opinion, experts_present=session.experts_present(at.now))
    said = {"expert": request.expert, "opinion": request.opinion}
    record(work, session, "opinion_given", at, motion_id=motion.id, **said)
    work.outbox.add(OpinionGivenV1(**_of(motion), **said, given_at=at.now), at=at.now)
    return motion_reply(motion)


def record_recusal(work: DeliberationStore, request: RecordRecusal, at: Moment) -> MotionReply:
    session, motion = lock_motion(work, request.motion_id, at)
    session.must_have_present(request.person_id, "person_id", at=at.now)
    if request.person_id not in motion.recused:
        motion.recuse(request.person_id, request.reason)
        said = {"person_id": request.person_id, "reason": request.reason}
        record(work, session, "recused", at, motion_id=motion.id, **said)
    return motion_reply(motion)


def vote(work: DeliberationStore, request: HoldVote, at: Moment) -> MotionReply:
    """Hold the vote with the quorum of this moment. Refused ballots leave no trace; a void vote is kept.

    After a void one it is held again as another, when enough are back.
    """
    session, motion = lock_motion(work, request.motion_id, at)
    motion.must_be_ready_for_vote()
    ballots = [Ballot(motion.id, motion.votes + 1, cast.person_id, cast.choice, at.now) for cast in request.ballots]
    check_ballots(ballots, session.deputies, session.attendance.present_at(at.now), motion.recused, session.former)
    held = _count(session, motion, ballots, at)
    if motion.votes and held.outcome is VoteOutcome.VOID:
        raise NoQuorum(
            f"still no quorum: {held.present} of {held.quorum_needed} deputies are here, "
            f"{held.residents} of {held.residents_needed} affected residents"
        )
    motion.settle(held)
    work.votes.add(held)
    for ballot in ballots:
        work.ballots.add(ballot)
    counts: dict[str, Any] = {name: getattr(held, name) for name in _COUNTS}
    choices = {ballot.person_id: ballot.choice.value for ballot in ballots}
    record(work, session, "voted", at, motion_id=motion.id, ballots=choices, **counts)
    policy = at.policy_in(session.unit_code)
    event = MotionVotedV1(
        **_of(motion),
        **counts,
        quorum=str(policy.quorum.council),
        majority=str(bar_for(motion.money, policy.majority)),
        voted_at=at.now,
    )
    work.outbox.add(event, at=at.now)
    return motion_reply(motion, [held], ballots)


_COUNTS = (
    "number",
    "outcome",
    "votes_for",
    "votes_against",
    "abstained",
    "recused",
    "present",
    "invited",
    "quorum_needed",
    "residents",
    "residents_needed",
    "votes_needed",
)


def _count(session: Session, motion: Motion, ballots: Sequence[Ballot], at: Moment) -> Vote:
    policy = at.policy_in(session.unit_code)
    quorum = session.quorum(policy.quorum, at=at.now, recused=motion.recused)
    return hold_vote(
        motion.id,
        motion.money,
        ballots,
        quorum,
        number=motion.votes + 1,
        recused=len(motion.recused),
        rule=policy.majority,
        at=at.now,
    )


def _must_be_able_to_speak(session: Session, person_id: str, role: str, at: Moment) -> None:
    """Raises SpeakerRefused unless this is a deputy who is here, and not the chair."""
    session.must_have_present(person_id, role, at=at.now)
    session.must_be_neutral(person_id, role, at.policy_in(session.unit_code).speech)


def _new_motion(work: DeliberationStore, session: Session, request: StateMotion, at: Moment) -> Motion:
    number = len(work.motions.list_in(session)) + 1
    is_bound = at.policy_in(session.unit_code).notice.is_vote_bound_to_notice
    item = item_of(session.agenda, request.item, request.amount_fen, is_bound=is_bound)
    return Motion(
        id=f"{session.id}/M{number}",
        session_id=session.id,
        issue_id=session.issue_id,
        unit_code=session.unit_code,
        mover=request.mover,
        motion=request.motion,
        item=item.number,
        amount_fen=request.amount_fen,
        money=item.money,
        leaves_as_is=request.leaves_as_is,
        stated_at=at.now,
        new_facts=request.new_facts,
    )


def _of(motion: Motion) -> dict[str, Any]:
    return {"motion_id": motion.id, "session_id": motion.session_id, "issue_id": motion.issue_id}
