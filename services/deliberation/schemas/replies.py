"""What deliberation answers, and how each answer is made from what is known. Roles and positions, no home or phone."""

import json
from collections.abc import Sequence
from dataclasses import field
from datetime import datetime
from typing import Any

from services.deliberation.domain.journal import Entry
from services.deliberation.domain.minutes import Minutes, MinutesState, Objection
from services.deliberation.domain.motion import Motion, MotionState
from services.deliberation.domain.resolution import Resolution
from services.deliberation.domain.session import Session, SessionState
from services.deliberation.domain.vote import Ballot, Choice, Vote
from shared.bus.moment import Moment
from shared.bus.rpc.messages import reply
from shared.contracts.base import part
from shared.contracts.councils import AgendaItemPart
from shared.contracts.vocabulary import Decider, FailureReason, MoneySource, SessionKind, VoteOutcome


@part
class MotionLine:
    """A motion in the list of its session. `next_step` is the method that takes it further."""

    motion_id: str
    motion: str
    state: MotionState
    next_step: str


@reply
class SessionReply:
    """Where a session stands. The quorum is that of this moment, before recusals."""

    session_id: str
    issue_id: str
    unit_code: str
    number: int
    kind: SessionKind
    title: str
    hall_name: str
    state: SessionState
    starts_at: datetime
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    failure: FailureReason | None = None
    chair: str = ""
    clerks: list[str] = field(default_factory=list)
    agenda: list[AgendaItemPart] = field(default_factory=list)
    invited: int
    present: int
    present_needed: int
    residents: int
    residents_needed: int
    is_quorate: bool
    present_ids: list[str] = field(default_factory=list)
    motions: list[MotionLine] = field(default_factory=list)


@part
class BallotLine:
    """Who voted how."""

    person_id: str
    choice: Choice


@part
class VoteLine:
    """The result of a vote with its base and its ballots."""

    number: int
    outcome: VoteOutcome
    votes_for: int
    votes_against: int
    abstained: int
    recused: int
    present: int
    invited: int
    quorum_needed: int
    residents: int
    residents_needed: int
    votes_needed: int
    voted_at: datetime
    ballots: list[BallotLine] = field(default_factory=list)


@reply
class MotionReply:
    """Where a motion stands, and its votes: more than one where the first was void."""

    motion_id: str
    session_id: str
    issue_id: str
    mover: str
    motion: str
    item: int
    amount_fen: int
    money: MoneySource
    decided_by: Decider
    leaves_as_is: bool
    state: MotionState
    next_step: str
    seconders: list[str]
    recused: list[str]
    turns: int
    resolution_id: str
    poll_id: str = ""
    option: str = ""
    votes: list[VoteLine] = field(default_factory=list)


@reply
class ResolutionReply:
    """An adopted resolution and until when it is on public display."""

    resolution_id: str
    motion_id: str
    session_id: str
    issue_id: str
    unit_code: str
    tasks: int
    adopted_at: datetime
    published_at: datetime
    displayed_until: datetime


@part
class ObjectionLine:
    """An objection to the draft; `answer` is empty so far."""

    number: int
    person_id: str
    objection: str
    answer: str


@reply
class MinutesReply:
    """Where the minutes stand; what they say is the record. `chair` and `clerk` have signed.

    `due_at` is by when somebody must move, null once both have signed; `head_hash` is that of the second signature.
    """

    session_id: str
    state: MinutesState
    due_at: datetime | None
    corrections: int
    objections_until: datetime | None
    objections: list[ObjectionLine]
    chair: str
    clerk: str
    signed_at: datetime | None = None
    head_hash: str = ""


@part
class EntryLine:
    """One entry of the record; `content` is an object that depends on `kind`."""

    number: int
    kind: str
    recorded_by: str
    recorded_at: datetime
    content: dict[str, Any]
    previous_hash: str
    hash: str


@reply
class RecordReply:
    """The record and its proof: `is_intact`, or what is wrong."""

    session_id: str
    entries: list[EntryLine]
    head_hash: str
    is_intact: bool
    faults: list[str] = field(default_factory=list)


def session_reply(session: Session, at: Moment, motions: Sequence[Motion] = ()) -> SessionReply:
    """After the end of a session, its quorum is that of its last moment."""
    instant = session.closed_at or at.now
    count = session.quorum(at.policy_in(session.unit_code).quorum, at=instant)
    same = ("issue_id", "unit_code", "number", "kind", "title", "hall_name", "state", "starts_at", "opened_at")
    return SessionReply(
        session_id=session.id,
        **{name: getattr(session, name) for name in (*same, "closed_at", "failure", "chair")},
        invited=count.invited,
        present=count.present,
        present_needed=count.needed,
        residents=count.residents,
        residents_needed=count.residents_needed,
        is_quorate=count.is_met,
        clerks=list(session.clerks),
        agenda=list(session.agenda),
        present_ids=sorted(session.attendance.present_at(instant)),
        motions=[
            MotionLine(motion_id=motion.id, motion=motion.motion, state=motion.state, next_step=motion.next_step)
            for motion in motions
        ],
    )


def motion_reply(motion: Motion, votes: Sequence[Vote] = (), ballots: Sequence[Ballot] = ()) -> MotionReply:
    same = ("session_id", "issue_id", "mover", "motion", "item", "leaves_as_is", "state", "next_step", "resolution_id")
    return MotionReply(
        motion_id=motion.id,
        **{name: getattr(motion, name) for name in same},
        amount_fen=motion.amount_fen,
        money=motion.money,
        poll_id=motion.poll_id,
        option=motion.option,
        decided_by=motion.decided_by,
        seconders=list(motion.seconders),
        recused=sorted(motion.recused),
        turns=len(motion.turns),
        votes=[_vote_line(vote, ballots) for vote in sorted(votes, key=lambda one: one.number)],
    )


def resolution_reply(resolution: Resolution) -> ResolutionReply:
    same = ("motion_id", "session_id", "issue_id", "unit_code", "tasks", "adopted_at", "published_at")
    return ResolutionReply(
        resolution_id=resolution.id,
        **{name: getattr(resolution, name) for name in (*same, "displayed_until")},
    )


def minutes_reply(minutes: Minutes) -> MinutesReply:
    same = ("session_id", "state", "due_at", "corrections", "objections_until", "chair", "clerk", "signed_at")
    return MinutesReply(
        **{name: getattr(minutes, name) for name in same},
        objections=[_objection_line(one) for one in minutes.objections],
        head_hash=minutes.signed_hash,
    )


def record_reply(session: Session, entries: Sequence[Entry], faults: list[str]) -> RecordReply:
    return RecordReply(
        session_id=session.id,
        entries=[_entry_line(entry) for entry in entries],
        head_hash=session.head_hash,
        is_intact=not faults,
        faults=faults,
    )


def _entry_line(entry: Entry) -> EntryLine:
    same = ("number", "kind", "recorded_by", "recorded_at", "previous_hash", "hash")
    return EntryLine(content=json.loads(entry.content), **{name: getattr(entry, name) for name in same})


def _vote_line(vote: Vote, ballots: Sequence[Ballot]) -> VoteLine:
    same = [name for name in VoteLine.__dataclass_fields__ if name != "ballots"]
    cast = sorted((one for one in ballots if one.vote == vote.number), key=lambda one: one.person_id)
    lines = [BallotLine(person_id=one.person_id, choice=one.choice) for one in cast]
    return VoteLine(**{name: getattr(vote, name) for name in same}, ballots=lines)


def _objection_line(one: Objection) -> ObjectionLine:
    return ObjectionLine(number=one.number, person_id=one.person_id, objection=one.objection, answer=one.answer)
