"""What the board hears, and what it makes of it. Nothing waits for anything: what comes first makes the record."""

from collections.abc import Sequence
from datetime import datetime

from services.board.domain.changes import change
from services.board.domain.document import Document, document_id
from services.board.domain.kept import OF_ISSUES, facts_of, instant_of
from services.board.domain.period import Category, Period, ranking_from
from services.board.domain.resolution import Resolution, incident_from
from services.board.domain.session import ABOUT_SESSIONS, Session
from services.board.domain.words import FoundKind
from services.board.storage.repository import BoardStore
from services.board.use_cases import figures
from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.contracts import alarms, councils, deliberation, directory, evaluation, intake
from shared.contracts.base import Event, Subject
from shared.directory import learning

ABOUT_RESOLUTIONS = (
    deliberation.ResolutionAdoptedV1,
    deliberation.ResolutionPublishedV1,
    deliberation.ResolutionReviewedV1,
)
_ABOUT_INCIDENTS = (alarms.IncidentOpenedV1, alarms.IncidentSettledV1)
_MORE = (*ABOUT_SESSIONS, *ABOUT_RESOLUTIONS, *_ABOUT_INCIDENTS, intake.IssueRaisedV1)
STORIES = tuple(one for one in OF_ISSUES if one not in _MORE)
"""Events that are in the story of their issue and change nothing beside it."""


def prepare(work: BoardStore, subjects: Sequence[Subject | Due], at: Moment) -> None:
    """Read what a batch of events is about, and note how late it is."""
    told = (instant_of(one) for one in reversed(subjects) if isinstance(one, Event) and type(one) in OF_ISSUES)
    work.note_heard(next(told, at.now), at.now)
    read_ahead(work, subjects)


def read_ahead(work: BoardStore, subjects: Sequence[Subject | Due]) -> None:
    """In a handful of queries, whatever the size of the batch."""
    work.issues.load({id for one in subjects if (id := getattr(one, "issue_id", ""))})
    work.sessions.load({one.session_id for one in subjects if isinstance(one, ABOUT_SESSIONS)})
    work.resolutions.load({one.resolution_id for one in subjects if isinstance(one, ABOUT_RESOLUTIONS)})
    work.incidents.load({one.incident_id for one in subjects if isinstance(one, _ABOUT_INCIDENTS)})
    work.categories.load({one.category for one in subjects if isinstance(one, intake.IssueRaisedV1)})


def follow_issue(work: BoardStore, event: Event, at: Moment) -> None:
    """Something happened to an issue. What is about an order that belongs to none is in no story."""
    issue_id, happened_at = getattr(event, "issue_id", ""), instant_of(event)
    figures.count(work, event, happened_at)
    if not issue_id:
        return
    change(work.issue(issue_id, happened_at), event, happened_at)
    work.stories.add(
        issue_id=issue_id,
        event_id=work.outbox.cause.event_id,
        at=happened_at,
        kind=event.wire_type,
        facts=facts_of(event),
    )


def raise_issue(work: BoardStore, event: intake.IssueRaisedV1, at: Moment) -> None:
    """And the catalogue's name of its category is known."""
    follow_issue(work, event, at)
    if not event.category_name:
        return
    category = work.categories.find(event.category)
    if category is None:
        work.categories.add(Category(code=event.category, name=event.category_name, told_at=event.raised_at))
    else:
        category.hear(event)


def follow_session(work: BoardStore, event: Event, at: Moment) -> None:
    follow_issue(work, event, at)
    assert isinstance(event, ABOUT_SESSIONS)
    session = work.sessions.find(event.session_id)
    if session is None:
        session = Session(session_id=event.session_id, issue_id=event.issue_id)
        work.sessions.add(session)
    session.take(event)
    if isinstance(event, councils.SessionScheduledV1 | councils.NoticePublishedV1):
        work.documents.put(_document_of(session, instant_of(event)))


def follow_resolution(work: BoardStore, event: Event, at: Moment) -> None:
    follow_issue(work, event, at)
    assert isinstance(event, ABOUT_RESOLUTIONS)
    resolution = work.resolutions.find(event.resolution_id)
    if resolution is None:
        resolution = Resolution(resolution_id=event.resolution_id, issue_id=event.issue_id, unit_code=event.unit_code)
        work.resolutions.add(resolution)
    resolution.take(event)
    if isinstance(event, deliberation.ResolutionAdoptedV1):
        work.documents.put(_resolved(event))


def open_incident(work: BoardStore, event: alarms.IncidentOpenedV1, at: Moment) -> None:
    follow_issue(work, event, at)
    if work.incidents.find(event.incident_id) is None:
        work.incidents.add(incident_from(event))


def settle_incident(work: BoardStore, event: alarms.IncidentSettledV1, at: Moment) -> None:
    follow_issue(work, event, at)
    incident = work.incidents.find(event.incident_id)
    if incident is not None:
        incident.settled_at = event.settled_at


def count_order(work: BoardStore, event: intake.ComplaintAcceptedV1, at: Moment) -> None:
    """By the hour in which it was dispatched."""
    figures.count_order(work, event)


def publish_period(work: BoardStore, event: evaluation.PeriodPublishedV1, at: Moment) -> None:
    """With its ranks. A second time changes nothing."""
    period = _period(work, event.period_id)
    if period.published_at is not None:
        return
    period.publish(event)
    for one in event.rankings:
        work.rankings.add(ranking_from(event.period_id, one))


def mend_period(work: BoardStore, event: evaluation.ErratumIssuedV1, at: Moment) -> None:
    _period(work, event.period_id).mend(event)


def learn_halls(work: BoardStore, event: directory.HallsChangedV1, at: Moment) -> None:
    """Halls are looked up in the copy of the directory."""
    learning.learn(work, event, at)
    show_halls(work, event, at)


def show_halls(work: BoardStore, event: directory.HallsChangedV1, at: Moment) -> None:
    """They are found by name and address."""
    for hall in event.entries:
        work.documents.put(
            Document(
                id=document_id(FoundKind.HALL, hall.id),
                kind=FoundKind.HALL,
                title=hall.name,
                words=hall.address,
                unit_code=hall.unit,
                at=min(one.valid_from for one in event.entries if one.id == hall.id),
            )
        )


def _period(work: BoardStore, period_id: str) -> Period:
    period = work.periods.find(period_id)
    if period is None:
        period = Period(period_id=period_id)
        work.periods.add(period)
    return period


def _document_of(session: Session, at: datetime) -> Document:
    return Document(
        id=document_id(FoundKind.SESSION, session.session_id),
        kind=FoundKind.SESSION,
        issue_id=session.issue_id,
        title=session.title,
        words=session.hall_name,
        unit_code=session.unit_code,
        at=at,
    )


def _resolved(event: deliberation.ResolutionAdoptedV1) -> Document:
    return Document(
        id=document_id(FoundKind.RESOLUTION, event.resolution_id),
        kind=FoundKind.RESOLUTION,
        issue_id=event.issue_id,
        title=event.motion[:200],
        words=" ".join([event.motion, *(task.what for task in event.tasks)]),
        unit_code=event.unit_code,
        at=event.adopted_at,
    )
