"""What deliberation hears: sessions are called, get another date, or move up with their issue."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from services.deliberation.domain.motion import session_of
from services.deliberation.domain.quorum import Invitee
from services.deliberation.domain.session import Session
from services.deliberation.schemas.displays import AboutResolution
from services.deliberation.schemas.polls import AboutPoll, motion_of
from services.deliberation.schemas.requests import (
    AboutMinutes,
    AboutMotion,
    AdoptResolution,
    CloseSession,
    StateMotion,
)
from services.deliberation.storage.repository import DeliberationStore
from services.deliberation.use_cases import displays, minutes, polls, sessions
from shared.bus.inbox.reading import NotYet
from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.contracts.base import Subject, schema_of
from shared.contracts.councils import (
    AgendaItemPart,
    InviteePart,
    NoticePublishedV1,
    SessionLapsedV1,
    SessionMovedUpV1,
    SessionPostponedV1,
    SessionScheduledV1,
)
from shared.contracts.dispatch import TaskDeclinedV1
from shared.contracts.intake import WordingConfirmedV1
from shared.contracts.supervision import IssueClosedV1

COUNCILS = "councils"
"""Who calls sessions and moves them up, in the record."""
_SESSION_OF_DUE: dict[str, Callable[[str], str]] = {
    minutes.DUE: str,
    displays.DUE: session_of,
    polls.DUE: lambda poll_id: session_of(motion_of(poll_id)),
}
_ABOUT_RESOLUTION = AboutResolution | TaskDeclinedV1
News = SessionScheduledV1 | NoticePublishedV1 | SessionPostponedV1 | SessionMovedUpV1 | SessionLapsedV1


def prepare(work: DeliberationStore, subjects: Sequence[Subject | Due]) -> None:
    """Lock the sessions of a batch, and read what its commands and timers look at, in a query each."""
    worded = [one.issue_id for one in subjects if isinstance(one, WordingConfirmedV1)]
    closed = [one.issue_id for one in subjects if isinstance(one, IssueClosedV1)]
    work.resolutions.load_of("issue_id", closed)
    ended = [one for issue_id in closed for one in work.resolutions.of(issue_id=issue_id)]
    called = {_session_id(one) for one in subjects}.difference(worded, closed)
    work.sessions.load_of("issue_id", [*worded, *closed])
    met_on = [one.id for issue_id in closed for one in work.sessions.of(issue_id=issue_id)]
    work.sessions.lock_all(called.union(met_on))
    work.motions.load_of("issue_id", closed)
    work.motions.load(one.motion_id for one in subjects if isinstance(one, AboutMotion))
    dues = [one for one in subjects if isinstance(one, Due)]
    written = {one.ref for one in dues if one.kind == minutes.DUE}
    work.minutes.load(written.union(one.session_id for one in subjects if isinstance(one, AboutMinutes)))
    polled = [one.ref for one in dues if one.kind == polls.DUE]
    polled += [one.poll_id for one in subjects if isinstance(one, AboutPoll)]
    fallen = [one.poll_id for issue_id in closed for one in work.motions.of(issue_id=issue_id) if one.poll_id]
    work.motions.load(map(motion_of, polled))
    work.polls.load([*polled, *fallen])
    work.papers.load_of("poll_id", polled)
    work.checks.load_of("poll_id", polled)
    shown = [one.ref for one in dues if one.kind == displays.DUE]
    shown += [one.resolution_id for one in subjects if isinstance(one, _ABOUT_RESOLUTION)]
    work.resolutions.load(shown)
    work.displays.load({*shown, *(one.id for one in ended)})
    compared = (work.sessions.find(one.subject) for one in subjects if isinstance(one, StateMotion | CloseSession))
    work.motions.load_of("issue_id", (session.issue_id for session in compared if session is not None))
    work.resolutions.load_of("session_id", (one.subject for one in subjects if isinstance(one, AdoptResolution)))


def _session_id(one: Subject | Due) -> str:
    if isinstance(one, Due):
        return _SESSION_OF_DUE[one.kind](one.ref)
    if isinstance(one, TaskDeclinedV1):
        return session_of(one.resolution_id)
    return one.session_id if isinstance(one, News) else one.subject


def call_session(work: DeliberationStore, event: SessionScheduledV1, at: Moment) -> None:
    """Know a session and who is invited. The second time changes nothing."""
    if work.sessions.find_and_lock(event.session_id) is not None:
        return
    session = _session_of(event)
    work.sessions.add(session)
    work.journal.add(session.record("session_called", by=COUNCILS, at=event.scheduled_at, content=_call(event)))


def announce_agenda(work: DeliberationStore, event: NoticePublishedV1, at: Moment) -> None:
    """A notice that names more than the last one did. The same again changes nothing."""
    session = _lock_called(work, event.session_id)
    if session.announce(event.agenda):
        said = {"agenda": schema_of(AgendaItemPart).dump(event.agenda, many=True)}
        work.journal.add(session.record("agenda_announced", by=COUNCILS, at=event.published_at, content=said))


def postpone_session(work: DeliberationStore, event: SessionPostponedV1, at: Moment) -> None:
    """Move a session that has not begun. An older date, or one for a session that has begun, changes nothing."""
    session = _lock_called(work, event.session_id)
    if session.postpone(event.starts_at, lapses_at=event.lapses_at, dated_at=event.postponed_at):
        said = {"reason": event.reason.value, "words": event.words, "starts_at": event.starts_at.isoformat()}
        entry = session.record("session_postponed", by=event.postponed_by, at=event.postponed_at, content=said)
        work.journal.add(entry)


def take_wording(work: DeliberationStore, event: WordingConfirmedV1, at: Moment) -> None:
    """A clerk confirmed the words by which its issue is spoken of: those of a session that is not over."""
    for one in work.sessions.of(issue_id=event.issue_id):
        work.sessions.lock(one.id).word(event.title, event.publicity)


def move_up_session(work: DeliberationStore, event: SessionMovedUpV1, at: Moment) -> None:
    """The issue climbed first: this session is not held. One that has begun goes on."""
    session = _lock_called(work, event.session_id)
    if session.move_up():
        work.journal.add(session.record("session_moved_up", by=COUNCILS, at=event.moved_up_at, content={}))


def close_issue(work: DeliberationStore, event: IssueClosedV1, at: Moment) -> None:
    """A session that is on ends, and so do polls and what is displayed."""
    sessions.end_with_issue(work, event, at)
    polls.end_with_issue(work, event)
    displays.end_displays(work, event, at)


def lapse_session(work: DeliberationStore, event: SessionLapsedV1, at: Moment) -> None:
    """Nobody opened it in time. One that was opened goes on: that is heard elsewhere, however late."""
    session = _lock_called(work, event.session_id)
    if session.lapse():
        said = {"next_session_id": event.next_session_id}
        work.journal.add(session.record("session_lapsed", by=COUNCILS, at=event.lapsed_at, content=said))


def _lock_called(work: DeliberationStore, session_id: str) -> Session:
    """Raises NotYet for news that came before their session."""
    session = work.sessions.find_and_lock(session_id)
    if session is None:
        raise NotYet(str(work.sessions.unknown(session_id)))
    return session


def _session_of(event: SessionScheduledV1) -> Session:
    return Session(
        id=event.session_id,
        issue_id=event.issue_id,
        unit_code=event.unit_code,
        number=event.number,
        kind=event.kind,
        title=event.title,
        hall_name=event.hall_name,
        starts_at=event.starts_at,
        dated_at=event.scheduled_at,
        lapses_at=event.lapses_at,
        deputies=_invitees(event.deputies),
        experts=_invitees(event.experts),
        respondents=event.respondents,
        publicity=event.publicity,
        agenda=tuple(event.agenda),
    )


def _invitees(people: Iterable[InviteePart]) -> tuple[Invitee, ...]:
    return tuple(Invitee(person.person_id, person.name, person.category) for person in people)


def _call(event: SessionScheduledV1) -> dict[str, Any]:
    return {
        "title": event.title,
        "session_kind": event.kind,
        "starts_at": event.starts_at.isoformat(),
        "deputies": [person.person_id for person in event.deputies],
        "experts": [person.person_id for person in event.experts],
    }
