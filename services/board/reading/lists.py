"""Lists: issues, sessions, halls and resolutions, each a page at a time, the same speed on every page."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, literal, select, tuple_
from sqlalchemy import func as fn

from services.board.domain.resolution import state_of
from services.board.domain.words import SessionState, Stage
from services.board.reading.looking import PAGE, Look, first_of_each, from_cursor, to_cursor
from services.board.reading.shapes import (
    HallFilter,
    HallRow,
    IssueFilter,
    IssueRow,
    Page,
    ResolutionRow,
    SessionFilter,
    SessionRow,
)
from shared.contracts.directory import HallPart
from shared.contracts.vocabulary import Decider, Publicity, SessionKind
from shared.storage.many import is_any
from shared.storage.types import Instant
from shared.units import Tier

AHEAD = (SessionState.SCHEDULED, SessionState.POSTPONED, SessionState.OPEN)


def issues(look: Look, wanted: IssueFilter, cursor: str, most: int = PAGE) -> Page[IssueRow]:
    """Issues by the next that is due, or by the last that changed."""
    of = look.shelf.issues.c
    key = of.due_at if wanted.by_due else of.changed_at
    query = _filtered(look, select_listed(look), wanted)
    if cursor:
        at, id = from_cursor(cursor, datetime, str)
        place, after = tuple_(key, of.issue_id), tuple_(literal(at, Instant), literal(id))
        query = query.where(place > after if wanted.by_due else place < after)
    order = (key, of.issue_id) if wanted.by_due else (key.desc(), of.issue_id.desc())
    units = _units(look, wanted)
    if units is None:
        query = query.order_by(*order).limit(most + 1)
    else:
        query = first_of_each(look, query, of.unit_code, units, order, most + 1)
    found = look.rows(query)
    rows = issue_rows(look, found[:most])
    last = found[most - 1] if len(found) > most else None
    return Page(rows, to_cursor(last.due_at if wanted.by_due else last.changed_at, last.issue_id) if last else "")


def select_listed(look: Look) -> Select[Any]:
    """What a list shows of issues, and no more."""
    return select(*(look.shelf.issues.c[name] for name in _LISTED))


_LISTED = (
    *("issue_id", "title", "category", "publicity", "raised_at", "outcome", "began", "unit_code", "stage", "light"),
    *("sla_class", "due_at", "people", "is_open", "held_since", "changed_at"),
)


def issue_rows(look: Look, found: Sequence[Any]) -> list[IssueRow]:
    """As lists show them."""
    names = category_names(look, {one.category for one in found})
    return [issue_row(look, one, names.get(one.category)) for one in found]


def category_names(look: Look, codes: Collection[str]) -> dict[str, str]:
    of = look.shelf.categories.c
    return {row.code: row.name for row in look.rows(select(of.code, of.name).where(is_any(of.code, codes)))}


def sessions(look: Look, wanted: SessionFilter, cursor: str, most: int = PAGE) -> Page[SessionRow]:
    """Sessions to come, the next first; or those that began before, the latest first."""
    of = look.shelf.sessions.c
    query = _of_public_issues(look, look.shelf.sessions, wanted.duty_in).where(of.planned.is_not(None))
    query = query.where(of.starts_at < wanted.from_at if wanted.is_past else of.starts_at >= wanted.from_at)
    units = look.inside(wanted.unit)
    query = query if units is None else query.where(is_any(of.unit_code, units))
    query = query.where(of.state == wanted.state) if wanted.state else query
    query = query.where(of.hall_id == wanted.hall_id) if wanted.hall_id else query
    if cursor:
        at, id = from_cursor(cursor, datetime, str)
        place, after = tuple_(of.starts_at, of.session_id), tuple_(literal(at, Instant), literal(id))
        query = query.where(place < after if wanted.is_past else place > after)
    order = (of.starts_at.desc(), of.session_id.desc()) if wanted.is_past else (of.starts_at, of.session_id)
    found = look.rows(query.order_by(*order).limit(most + 1))
    last = found[most - 1] if len(found) > most else None
    rows = [session_row(look, one) for one in found[:most]]
    return Page(rows, to_cursor(last.starts_at, last.session_id) if last else "")


def sessions_of(look: Look, issue_id: str) -> list[SessionRow]:
    of = look.shelf.sessions.c
    query = _with_publicity(look, look.shelf.sessions).where(of.issue_id == issue_id, of.planned.is_not(None))
    return [session_row(look, one) for one in look.rows(query.order_by(of.starts_at, of.session_id))]


def session_row(look: Look, one: Row[Any]) -> SessionRow:
    return SessionRow(
        session_id=one.session_id,
        issue_id=one.issue_id,
        title=one.title,
        unit=look.name(one.unit_code),
        number=one.number,
        kind=one.kind or SessionKind.ORDINARY,
        state=one.state,
        starts_at=one.starts_at,
        hall_id=one.hall_id,
        hall_name=one.hall_name,
        items=one.items,
        is_noticed=one.is_noticed,
        publicity=one.publicity or Publicity.CLOSED,
    )


def resolutions(look: Look, *, issue_id: str = "", most: int = PAGE) -> list[ResolutionRow]:
    """The newest that are public; or those of an issue, which was looked at before, whoever may see it."""
    of = look.shelf.resolutions.c
    query = _with_publicity(look, look.shelf.resolutions, look.shelf.issues.c.title.label("issue_title"))
    query = query.where(of.adopted_at.is_not(None))
    query = query.where(of.issue_id == issue_id if issue_id else look.shelf.issues.c.is_shown)
    found = look.rows(query.order_by(of.adopted_at.desc(), of.resolution_id.desc()).limit(most))
    return [_resolution_row(look, one) for one in found]


def halls(look: Look, wanted: HallFilter, cursor: str, most: int = PAGE) -> Page[HallRow]:
    """Halls that there are now, by the unit they are in: with the next session in each."""
    (after,) = from_cursor(cursor, str) if cursor else ("",)
    units = look.inside(wanted.unit)
    there = look.directory.list_all(HallPart) if units is None else look.directory.periods_in(HallPart, units)
    holding = [one for one in there if _holds(one, look.now) and wanted.kind in (None, one.kind)]
    found = sorted(holding, key=_hall_key)
    found = [one for one in found if _hall_key(one) > after][: most + 1]
    rows = hall_rows(look, found[:most])
    return Page(rows, to_cursor(_hall_key(found[most - 1])) if len(found) > most else "")


def hall_rows(look: Look, found: Sequence[HallPart]) -> list[HallRow]:
    of = look.shelf.sessions.c
    ahead = is_any(of.state, [one.value for one in AHEAD])
    query = select(of.hall_id, fn.min(of.starts_at).label("next_at")).where(ahead, of.starts_at >= look.now)
    following = query.where(is_any(of.hall_id, [one.id for one in found])).group_by(of.hall_id)
    starts = {one.hall_id: one.next_at for one in look.rows(following)}
    return [_hall_row(look, one, starts.get(one.id)) for one in found]


def _filtered(look: Look, query: Select[Any], wanted: IssueFilter) -> Select[Any]:
    of = look.shelf.issues.c
    if wanted.duty_in:
        theirs = look.inside(wanted.duty_in)
        query = query.where(of.is_raised)
        query = query if theirs is None else query.where(of.is_shown | is_any(of.unit_code, theirs))
    else:
        query = query.where(of.is_shown)
    query = query.where(of.is_open == wanted.is_open) if wanted.is_open is not None else query
    query = query.where(of.due_at.is_not(None)) if wanted.by_due else query
    for column, value in ((of.stage, wanted.stage), (of.light, wanted.light), (of.category, wanted.category or None)):
        query = query if value is None else query.where(column == value)
    return query if wanted.tier is None else query.where(of.tier == wanted.tier)


def _units(look: Look, wanted: IssueFilter) -> list[str] | None:
    """In which units to look; None where that is everywhere. Few units are of a high tier, and have an index."""
    units = look.inside(wanted.unit)
    if wanted.tier not in (Tier.DISTRICT, Tier.STREET):
        return units
    if units is None:
        return [one.code for one in look.units.of_tier(wanted.tier)]
    return [code for code in units if look.name(code).tier is wanted.tier]


def issue_row(look: Look, one: Row[Any], category_name: str | None) -> IssueRow:
    return IssueRow(
        issue_id=one.issue_id,
        title=one.title,
        category=one.category,
        category_name=category_name or one.category,
        unit=look.name(one.unit_code),
        stage=one.stage,
        reached=frozenset(map(Stage, one.began)),
        light=one.light,
        due_at=one.due_at,
        people=one.people,
        sla_class=one.sla_class,
        publicity=one.publicity,
        raised_at=one.raised_at,
        held_since=one.held_since,
        changed_at=one.changed_at,
        is_open=one.is_open,
        outcome=None if one.is_open else one.outcome,
    )


def _with_publicity(look: Look, table: Table, *more: ColumnElement[Any]) -> Select[Any]:
    issues = look.shelf.issues
    columns = [issues.c.publicity, *more]
    return select(*table.c, *columns).join(issues, issues.c.issue_id == table.c.issue_id).where(issues.c.is_raised)


def _of_public_issues(look: Look, table: Table, duty_in: str) -> Select[Any]:
    is_shown: ColumnElement[bool] = look.shelf.issues.c.is_shown
    if duty_in:
        theirs = look.inside(duty_in)
        is_shown = is_shown | (is_any(look.shelf.issues.c.unit_code, theirs) if theirs is not None else literal(True))
    return _with_publicity(look, table).where(is_shown)


def _resolution_row(look: Look, one: Row[Any]) -> ResolutionRow:
    return ResolutionRow(
        resolution_id=one.resolution_id,
        issue_id=one.issue_id,
        session_id=one.session_id,
        title=one.issue_title,
        unit=look.name(one.unit_code),
        motion=one.motion,
        state=state_of(one.review, one.displayed_until, look.now),
        decided_by=one.decider or Decider.COUNCIL,
        leaves_as_is=one.leaves_as_is,
        adopted_at=one.adopted_at,
        displayed_until=one.displayed_until,
        publicity=one.publicity,
    )


def _hall_key(hall: HallPart) -> str:
    return f"{hall.unit}|{hall.id}"


def _holds(hall: HallPart, now: datetime) -> bool:
    return hall.valid_from <= now and (hall.valid_to is None or now < hall.valid_to)


def _hall_row(look: Look, hall: HallPart, next_session_at: datetime | None) -> HallRow:
    return HallRow(
        hall_id=hall.id,
        name=hall.name,
        unit=look.name(hall.unit),
        kind=hall.kind,
        address=hall.address,
        opening_hours=hall.opening_hours,
        contact=hall.contact,
        capacity=hall.capacity,
        link=hall.link,
        next_session_at=next_session_at,
    )
