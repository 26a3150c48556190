"""What councils 议 tell: sessions, their notices and what became of the date."""

from dataclasses import field
from datetime import datetime

from shared.contracts.base import Event, Part, event, part
from shared.contracts.vocabulary import MoneySource, Obstacle, PostponementReason, Publicity, SessionKind


@part
class InviteePart(Part):
    """A deputy 议事代表 or expert 议事能手 who is invited. `category` is one of the thirteen, or the expert's field."""

    person_id: str
    name: str
    category: str


@part
class AgendaItemPart(Part):
    """What may be moved beside the issue itself 议程: at most so much of whose money. `number` counts from 1.

    This decides who can decide and by which majority, never what a mover says."""

    number: int
    matter: str
    amount_fen: int
    money: MoneySource


@event(publisher="councils", subject="issue_id")
class SessionScheduledV1(Event):
    """A session 一次会议 is planned: hall, time and who is invited. Votes only on the title named here.

    From `lapses_at` on it can't be opened any more. `replaces` names the session that lapsed and has its new date here.
    Who belongs to one of the `respondents` neither chairs it nor keeps its record: the issue is against them.
    """

    session_id: str
    issue_id: str
    unit_code: str
    number: int
    kind: SessionKind
    title: str
    category: str
    hall_id: str
    hall_name: str
    starts_at: datetime
    deputies: list[InviteePart]
    experts: list[InviteePart] = field(default_factory=list)
    agenda: list[AgendaItemPart] = field(default_factory=list)
    lapses_at: datetime
    replaces: str = ""
    respondents: list[str] = field(default_factory=list)
    publicity: Publicity = Publicity.PUBLIC
    scheduled_at: datetime


@event(publisher="councils", subject="issue_id")
class NoticePublishedV1(Event):
    """The notice 会议通知 is out, no later than the notice period asks; or out again, with more on its agenda, or
    by the words that a clerk has confirmed since."""

    session_id: str
    issue_id: str
    unit_code: str
    title: str
    hall_name: str
    starts_at: datetime
    agenda: list[AgendaItemPart] = field(default_factory=list)
    published_at: datetime


@event(publisher="councils", subject="issue_id")
class SessionPostponedV1(Event):
    """A session moves, with a public reason, to a date that the system sets. It can't be cancelled.

    `words` say more of the reason, and decide nothing. `replaces` as when it was scheduled.
    """

    session_id: str
    issue_id: str
    unit_code: str
    reason: PostponementReason
    words: str = ""
    postponed_by: str
    was_to_start_at: datetime
    starts_at: datetime
    lapses_at: datetime
    replaces: str = ""
    postponed_at: datetime


@event(publisher="councils", subject="issue_id")
class PostponementAskedV1(Event):
    """Somebody asks to put a session off, for a reason of the closed list; another person decides by `decide_by`."""

    request_id: str
    session_id: str
    issue_id: str
    unit_code: str
    reason: PostponementReason
    words: str = ""
    decided_in: str
    decide_by: datetime
    asked_by: str
    asked_at: datetime


@event(publisher="councils", subject="issue_id")
class PostponementDecidedV1(Event):
    """Granted, and the session moves; or refused, also where nobody decided (`is_default`): it is held as announced."""

    request_id: str
    session_id: str
    issue_id: str
    unit_code: str
    granted: bool
    is_default: bool
    answer: str
    decided_by: str
    decided_at: datetime


@event(publisher="councils", subject="issue_id")
class SessionLapsedV1(Event):
    """Nobody opened a session in the policy's time 逾期未召开: it can't be opened any more.

    `next_session_id` is its new date; empty while none can be called, or nobody need meet any more.
    """

    session_id: str
    issue_id: str
    unit_code: str
    was_to_start_at: datetime
    next_session_id: str = ""
    next_starts_at: datetime | None = None
    lapsed_at: datetime


@event(publisher="councils", subject="issue_id")
class SessionLeftOpenV1(Event):
    """A session was opened, and nobody has closed it in the policy's time 逾期未闭会."""

    session_id: str
    issue_id: str
    unit_code: str
    opened_at: datetime
    due_at: datetime
    told_at: datetime


@event(publisher="councils", subject="issue_id")
class SessionUnschedulableV1(Event):
    """No session can be called 无法召开, by which rule, what would be right, and which unit can see to it.

    It takes `needed`, and there are `found`. Tried again at `again_at`, and whenever the directory changes; told once
    while the rule is the same. A session that is scheduled ends it.
    """

    issue_id: str
    unit_code: str
    kind: SessionKind
    obstacle: Obstacle
    needed: int
    found: int
    remedy: str
    concerns_unit: str
    again_at: datetime
    told_at: datetime


@event(publisher="councils", subject="issue_id")
class SessionMovedUpV1(Event):
    """The issue climbed before this session began: the next holder calls its own, and those invited are told."""

    session_id: str
    issue_id: str
    unit_code: str
    moved_up_at: datetime
