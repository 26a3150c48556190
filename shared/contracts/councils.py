"""What councils 议 tell: sessions, their notices and what became of the date."""

from dataclasses import field
from datetime import datetime

from shared.contracts.base import Event, Part, event, part
from shared.contracts.vocabulary import SessionKind


@part
class InviteePart(Part):
    """A deputy 议事代表 or expert 议事能手 who is invited. `category` is one of the thirteen, or the expert's field."""

    person_id: str
    name: str
    category: str


@event(publisher="councils", subject="issue_id")
class SessionScheduledV1(Event):
    """A session 一次会议 is planned: hall, time and who is invited. Votes only on the title named here."""

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
    scheduled_at: datetime


@event(publisher="councils", subject="issue_id")
class NoticePublishedV1(Event):
    """The notice 会议通知 is out, no later than the notice period asks."""

    session_id: str
    issue_id: str
    unit_code: str
    title: str
    hall_name: str
    starts_at: datetime
    published_at: datetime


@event(publisher="councils", subject="issue_id")
class SessionPostponedV1(Event):
    """A session moves, with a public reason, to a date that the system sets. It can't be cancelled."""

    session_id: str
    issue_id: str
    unit_code: str
    reason: str
    postponed_by: str
    was_to_start_at: datetime
    starts_at: datetime
    postponed_at: datetime


@event(publisher="councils", subject="issue_id")
class SessionMovedUpV1(Event):
    """The issue climbed before this session began: the next holder calls its own, and those invited are told."""

    session_id: str
    issue_id: str
    unit_code: str
    moved_up_at: datetime
