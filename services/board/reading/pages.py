"""The pages of one issue, one session and one hall, put together from a handful of looks."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select

from services.board.domain import people as voices
from services.board.domain.words import Stage
from services.board.reading import counted, lists, meeting_story, telling
from services.board.reading.looking import Look
from services.board.reading.meetings import SessionPage
from services.board.reading.shapes import SessionFilter
from services.board.reading.telling import Story, Told, instant, maybe_instant
from services.board.reading.whole import HallPage, IssuePage, People, StageStep, TierStep
from shared.contracts.directory import HallPart
from shared.contracts.vocabulary import FailureReason, IssueOrigin
from shared.errors import NotFound
from shared.units import Tier

_MOVES = ("issue_escalated.v1", "issue_returned_down.v1", "issue_reassigned.v1", "issue_reopened.v1")


def issue_page(look: Look, issue_id: str, duty_in: str) -> IssuePage:
    """Raises NotFound for one that is not known, and for one that the reader may not see."""
    row = _issue(look, issue_id, duty_in)
    is_duty = look.sees(row.unit_code, duty_in)
    story = _story(look, issue_id)
    orders = voices.in_it(row.orders)
    return IssuePage(
        row=lists.issue_row(look, row, row.category_name),
        origin=row.origin or IssueOrigin.ORDERS,
        request_kind=row.request_kind,
        proposed_by=row.proposed_by,
        origin_unit=look.name(row.origin_unit),
        stages=_stages(row),
        tiers=_tiers(look, row, story),
        clocks=telling.clocks(look, story, is_open=row.is_open, is_duty=is_duty),
        people=People(people=row.people, orders=len(orders), months=voices.months_in(orders)),
        sessions=lists.sessions_of(look, issue_id) if story.has("session_id") else [],
        motions=meeting_story.motions(story),
        polls=meeting_story.polls(story),
        resolutions=meeting_story.resolutions(look, story, issue_id),
        tasks=telling.tasks(look, story),
        evaluation=telling.evaluation(story),
        pending=telling.pending(look, story),
        incidents=counted.incidents(look, None, issue_id=issue_id) if story.has("incident_id") else [],
        timeline=telling.timeline(look, story, is_duty=is_duty),
    )


def session_page(look: Look, session_id: str, duty_in: str) -> SessionPage:
    """Raises NotFound, as above: a session is seen by who may see its issue."""
    of = look.shelf.sessions.c
    issue_id = look.connection.scalar(select(of.issue_id).where(of.session_id == session_id))
    unknown = NotFound(f"no session {session_id!r} is on the board", {"session_id": ["Unknown."]})
    if issue_id is None:
        raise unknown
    _issue(look, issue_id, duty_in)
    row = next((one for one in lists.sessions_of(look, issue_id) if one.session_id == session_id), None)
    story = _story(look, issue_id)
    events = story.groups("session_id").get(session_id, [])
    scheduled = next((one.facts for one in events if one.kind == "session_scheduled.v1"), None)
    if row is None or scheduled is None:
        raise unknown
    opened, lapsed = _last(events, "session_opened.v1"), _last(events, "session_lapsed.v1")
    ended = _last(events, "session_closed.v1", "session_inquorate.v1", "session_lapsed.v1", "session_moved_up.v1")
    noticed, failed = _last(events, "notice_published.v1"), _last(events, "deliberation_failed.v1")
    lapses = [one.facts for one in events if "lapses_at" in one.facts]
    resolved = meeting_story.resolutions(look, story, issue_id)
    led = look.staff_of(opened.facts["unit_code"], opened.at) if opened else {}
    return SessionPage(
        row=row,
        agenda=meeting_story.agenda(events),
        invited=meeting_story.invited(scheduled),
        postponed=meeting_story.postponed(events),
        noticed_at=noticed.at if noticed else None,
        lapses_at=instant(lapses[-1], "lapses_at"),
        opened_at=opened.at if opened else None,
        chair=led.get(opened.facts.get("chair", ""), "") if opened else "",
        clerks=[led[one] for one in opened.facts.get("clerks", ()) if one in led] if opened else [],
        present=opened.facts["present"] if opened else None,
        ended_at=ended.at if ended else None,
        failure=FailureReason(failed.facts["reason"]) if failed else None,
        replaces=scheduled["replaces"],
        next_session_id=lapsed.facts["next_session_id"] if lapsed else "",
        motions=[one for one in meeting_story.motions(story) if one.session_id == session_id],
        polls=[one for one in meeting_story.polls(story) if one.session_id == session_id],
        resolutions=[one for one in resolved if one.row.session_id == session_id],
        minutes=meeting_story.minutes(look, story, session_id),
    )


def hall_page(look: Look, hall_id: str) -> HallPage:
    """Raises NotFound for one that there is not now."""
    hall = look.directory.find(HallPart, hall_id, look.now)
    if hall is None:
        raise NotFound(f"there is no hall {hall_id!r} now", {"hall_id": ["Unknown, or no more."]})
    (row,) = lists.hall_rows(look, [hall])
    return HallPage(
        row=row,
        closed_on=[date.fromisoformat(day) for day in hall.closed_on],
        longitude=hall.longitude,
        latitude=hall.latitude,
        sessions=lists.sessions(look, SessionFilter(from_at=look.now, hall_id=hall_id), "").rows,
    )


def _issue(look: Look, issue_id: str, duty_in: str) -> Row[Any]:
    of, categories = look.shelf.issues.c, look.shelf.categories
    named = look.shelf.issues.join(categories, categories.c.code == of.category, isouter=True)
    query = select(look.shelf.issues, categories.c.name.label("category_name")).select_from(named)
    row = look.connection.execute(query.where(of.issue_id == issue_id, of.is_raised)).one_or_none()
    if row is None or not (row.is_shown or look.sees(row.unit_code, duty_in)):
        raise NotFound(f"no issue {issue_id!r} is on the board", {"issue_id": ["Unknown, or not public."]})
    return row


def _story(look: Look, issue_id: str) -> Story:
    of = look.shelf.stories.c
    return Story(look.rows(select(of.at, of.kind, of.facts, of.event_id).where(of.issue_id == issue_id)))


def _stages(row: Row[Any]) -> list[StageStep]:
    return [StageStep(stage=one, began_at=maybe_instant(row.began, one), is_present=one is row.stage) for one in Stage]


def _tiers(look: Look, row: Row[Any], story: Story) -> list[TierStep]:
    """The unit of each tier that held it last."""
    held: dict[Tier | None, tuple[str, datetime]] = {}
    for code, since in ((row.origin_unit, row.raised_at), *_moves(story), (row.unit_code, row.held_since)):
        held[look.name(code).tier] = code, since
    steps = []
    for tier in Tier:
        code, since = held.get(tier, ("", None))
        steps.append(
            TierStep(
                tier=tier,
                unit=look.name(code) if code else None,
                held_since=since,
                is_holder=bool(code) and code == row.unit_code,
            )
        )
    return steps


def _moves(story: Story) -> Sequence[tuple[str, datetime]]:
    return [(one.facts["to_unit"], one.at) for one in story.of(*_MOVES)]


def _last(events: Sequence[Told], *kinds: str) -> Told | None:
    return next((one for one in reversed(events) if one.kind in kinds), None)
