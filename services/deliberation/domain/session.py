"""A session 一次会议 of a council: called, opened with a quorum, closed when all is decided. It can't be cancelled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.deliberation.domain import journal
from services.deliberation.domain.attendance import Attendance
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
from services.deliberation.domain.minutes import Capacity
from services.deliberation.domain.motion import Motion, MotionState
from services.deliberation.domain.quorum import Invitee, QuorumCount, count_quorum
from shared.contracts.councils import AgendaItemPart
from shared.contracts.vocabulary import FailureReason, Publicity, SessionKind
from shared.policy.deliberations import Quorum, Speech


class SessionState(StrEnum):
    """How far a session is. Inquorate, closed, moved up and lapsed are ends."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    INQUORATE = "inquorate"
    MOVED_UP = "moved_up"
    LAPSED = "lapsed"


@dataclass(eq=False)
class Session:
    """One session on one issue. `dated_at` is when its date was last set, `head_hash` where its record ends.

    From `lapses_at` on it can't be opened any more, whether or not that was heard. `chair` opened it; `clerks` kept its
    record beside the chair while it lasted. `former` are invited deputies whose term is over by now.
    """

    id: str
    issue_id: str
    unit_code: str
    number: int
    kind: SessionKind
    title: str
    hall_name: str
    starts_at: datetime
    dated_at: datetime
    lapses_at: datetime
    deputies: tuple[Invitee, ...]
    experts: tuple[Invitee, ...] = ()
    agenda: tuple[AgendaItemPart, ...] = ()
    state: SessionState = SessionState.PLANNED
    attendance: Attendance = field(default_factory=Attendance)
    chair: str = ""
    clerks: tuple[str, ...] = ()
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    failure: FailureReason | None = None
    respondents: list[str] = field(default_factory=list)
    publicity: Publicity = Publicity.PUBLIC
    entries: int = 0
    head_hash: str = journal.FIRST_HASH
    former: frozenset[str] = frozenset()

    @property
    def has_begun(self) -> bool:
        return self.state is not SessionState.PLANNED

    def postpone(self, starts_at: datetime, *, lapses_at: datetime, dated_at: datetime) -> bool:
        """Move a session that has not begun; whether it moved. An older date never replaces a newer one."""
        if self.has_begun or dated_at < self.dated_at or starts_at == self.starts_at:
            return False
        self.starts_at, self.dated_at, self.lapses_at = starts_at, dated_at, lapses_at
        self.attendance, self.clerks = Attendance(), ()
        return True

    @property
    def is_public(self) -> bool:
        return self.publicity is Publicity.PUBLIC

    def word(self, title: str, publicity: Publicity) -> None:
        """So far it may be seen; by these words it is spoken of, unless it is over. The record keeps the first ones."""
        self.publicity = publicity
        if self.state in (SessionState.PLANNED, SessionState.OPEN):
            self.title = title

    def announce(self, agenda: Sequence[AgendaItemPart]) -> bool:
        """The notice named more. What is on it stays on it; once the session has begun nothing is added."""
        if self.has_begun or len(agenda) <= len(self.agenda):
            return False
        self.agenda = tuple(agenda)
        return True

    def move_up(self) -> bool:
        """The issue climbed before the session began. One that has begun is held to its end."""
        if self.has_begun:
            return False
        self.state = SessionState.MOVED_UP
        return True

    def lapse(self) -> bool:
        """Nobody opened it in time. One that has begun is held to its end."""
        if self.has_begun:
            return False
        self.state = SessionState.LAPSED
        return True

    def arrive(self, person_ids: Sequence[str], *, at: datetime) -> None:
        """Only those invited are recorded; others may listen, but count for nothing."""
        self.must_be(SessionState.PLANNED, SessionState.OPEN)
        invited = {person.person_id for person in (*self.deputies, *self.experts)}
        strangers = sorted(set(person_ids) - invited)
        if strangers:
            raise AttendanceRefused(
                f"who was not invited is not recorded; invited are {', '.join(sorted(invited))}",
                {"person_ids": [f"Not invited: {', '.join(strangers)}."]},
            )
        self.attendance = self.attendance.arrive(person_ids, at)

    def leave(self, person_ids: Sequence[str], *, at: datetime) -> None:
        self.must_be(SessionState.PLANNED, SessionState.OPEN)
        self.attendance = self.attendance.leave(person_ids, at)

    def quorum(self, rule: Quorum, *, at: datetime, recused: frozenset[str] = frozenset()) -> QuorumCount:
        return count_quorum(self.seated, self.attendance.present_at(at), recused, rule)

    @property
    def seated(self) -> tuple[Invitee, ...]:
        """The deputies who were invited and are deputies still: who may speak and vote, and the base of the quorum."""
        return tuple(one for one in self.deputies if one.person_id not in self.former)

    def open(self, rule: Quorum, *, by: str, at: datetime) -> QuorumCount:
        """At its time or later, with a clerk. With too few deputies the session ends here, inquorate."""
        self.must_be(SessionState.PLANNED)
        if at < self.starts_at:
            raise SessionTooEarly(f"the session is announced for {self.starts_at.isoformat()}")
        if at >= self.lapses_at:
            raise SessionLapsed(self._lapsed)
        clerks = tuple(one for one in self.clerks if one != by)
        if not clerks:
            raise ClerkMissing(
                f"nobody beside {by} keeps the record: a clerk says first who has come (record_arrivals)"
            )
        count = self.quorum(rule, at=at)
        self.chair, self.clerks = by, clerks
        if count.has_enough_deputies:
            self.state, self.opened_at = SessionState.OPEN, at
        else:
            self.state, self.closed_at = SessionState.INQUORATE, at
        return count

    def keep_record(self, by: str) -> None:
        """Somebody is there who puts down what happens. What is done before or after a session makes nobody a clerk."""
        if self.state in (SessionState.PLANNED, SessionState.OPEN) and by not in (self.chair, *self.clerks):
            self.clerks = (*self.clerks, by)

    def capacity_of(self, person: str) -> Capacity:
        """As what somebody signs the minutes. Raises SignatureRefused for who was there as neither."""
        if person == self.chair:
            return Capacity.CHAIR
        if person in self.clerks:
            return Capacity.CLERK
        there = f"{self.chair} was its chair, {', '.join(self.clerks)} kept its record"
        raise SignatureRefused(f"{person} did neither in this session: {there}")

    def must_have_taken_part(self, person: str) -> None:
        """Raises AttendanceRefused for somebody who was never there."""
        if person not in {movement.person_id for movement in self.attendance.movements} | {self.chair, *self.clerks}:
            raise AttendanceRefused(fields={"person_id": [f"{person} took no part in this session."]})

    def close(self, motions: Sequence[Motion], *, at: datetime) -> None:
        """Raises SessionUnfinished while a motion is undecided or a carried one has no resolution."""
        self.must_be(SessionState.OPEN)
        undecided = [f"{motion.id}: next is {motion.next_step}." for motion in motions if not motion.is_decided]
        carried = [motion for motion in motions if motion.is_carried]
        unresolved = [f"{motion.id}: next is adopt_resolution." for motion in carried if not motion.resolution_id]
        if undecided or unresolved:
            raise SessionUnfinished(fields={"motions": undecided + unresolved})
        self.state, self.closed_at = SessionState.CLOSED, at

    def must_be(self, *states: SessionState) -> None:
        if self.state is SessionState.LAPSED:
            raise SessionLapsed(self._lapsed)
        if self.state not in states:
            raise SessionNotOpen(f"the session is {self.state}; this needs it to be {' or '.join(states)}")

    @property
    def _lapsed(self) -> str:
        until = self.lapses_at.isoformat()
        return f"nobody opened {self.id} before {until}: it has lapsed, and its issue gets a new date from councils"

    def must_have_present(self, person_id: str, role: str, *, at: datetime) -> None:
        """Raises SpeakerRefused unless this is a deputy who is here."""
        invited = {deputy.person_id for deputy in self.deputies}
        if person_id not in invited:
            here = ", ".join(sorted(invited & self.attendance.present_at(at))) or "nobody"
            raise SpeakerRefused(fields={role: [f"{person_id} is no person_id of an invited deputy; here: {here}."]})
        if person_id in self.former:
            raise SpeakerRefused(fields={role: [f"{person_id}'s term as a deputy is over."]})
        if person_id not in self.attendance.present_at(at):
            raise SpeakerRefused(fields={role: [f"{person_id} is not present."]})

    def must_be_neutral(self, person_id: str, role: str, rule: Speech) -> None:
        """The chair takes no side."""
        if rule.is_chair_neutral and person_id and person_id == self.chair:
            raise SpeakerRefused("the chair is neutral", {role: ["The chair takes no side."]})

    def must_have_expert(self, person_id: str) -> None:
        """An expert on call may give a view from afar: invited is enough."""
        if person_id not in {expert.person_id for expert in self.experts}:
            raise SpeakerRefused(fields={"expert": [f"{person_id} is not an invited expert."]})

    def experts_present(self, at: datetime) -> frozenset[str]:
        return self.attendance.present_at(at) & {expert.person_id for expert in self.experts}

    def record(self, kind: str, *, by: str, at: datetime, content: dict[str, Any]) -> journal.Entry:
        """The next entry of this session's record. It must be stored with the session."""
        entry = journal.chain(self.id, self.entries + 1, self.head_hash, kind, by, at, content)
        self.entries, self.head_hash = entry.number, entry.hash
        return entry


def failure_of(motions: Iterable[Motion]) -> FailureReason | None:
    """Why a finished session came to nothing; None if a motion was carried, or a poll may still carry one."""
    states = {motion.state for motion in motions} - {MotionState.WITHDRAWN}
    if states & {MotionState.CARRIED, MotionState.POLLED}:
        return None
    return FailureReason.NO_MAJORITY if states else FailureReason.NO_MOTION


def inquorate_in_a_row(earlier: Iterable[Session]) -> int:
    """How many sessions running had too few, this one with them; `earlier` is the newest first.

    A failure that was already declared starts the count anew; a session that lapsed was none, and is passed over.
    """
    count = 1
    for session in earlier:
        if session.state is SessionState.LAPSED:
            continue
        if session.state is not SessionState.INQUORATE or session.failure is not None:
            break
        count += 1
    return count
