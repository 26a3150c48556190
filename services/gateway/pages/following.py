"""What an issue or session can be followed by: a feed of what happened, a calendar of what is to come."""

from datetime import datetime, timedelta

from feedgenerator import Atom1Feed
from flask import Response, url_for
from icalendar import Calendar, Event

from services.board.reading.meetings import SessionPage
from services.board.reading.shapes import SessionRow, SessionState
from services.board.reading.whole import IssuePage
from services.gateway.at_hand import now
from services.gateway.filters import said
from services.gateway.reader import look, times
from services.gateway.words.catalogue import zh
from services.gateway.words.happenings import happening

MOST_ENTRIES = 50
A_MEETING = timedelta(hours=2)
"""How long a session stands in a calendar: nobody says beforehand how long it will be."""
NOT_HELD = {SessionState.LAPSED, SessionState.MOVED_UP}
ORGANISER = "-//gongshang//notice board//ZH"


def feed_of_issue(page: IssuePage) -> Response:
    """Its timeline, the newest first."""
    address = url_for("issues.one", issue_id=page.row.issue_id, _external=True)
    feed = Atom1Feed(title=page.row.title, link=address, description=None, language=look().language)
    for line in page.timeline[:MOST_ENTRIES]:
        where = f"{line.unit.name} · " if line.unit else ""
        words = f"{where}{times().when(line.at)}"
        title = said(happening(line.kind))
        feed.add_item(
            title, address, words, unique_id=f"urn:uuid:{line.event_id}", pubdate=line.at, updateddate=line.at
        )
    return Response(feed.writeString("utf-8"), mimetype="application/atom+xml")


def calendar_of_issue(page: IssuePage) -> Response:
    """Its sessions, and the instant at which its holder's time is over."""
    calendar = _calendar(page.row.title)
    for session in page.sessions:
        _add_session(calendar, session)
    if page.row.due_at:
        _add(calendar, f"{page.row.issue_id}/due", page.row.due_at, page.row.due_at, zh("期限"), page.row.title)
    return _answer(calendar)


def calendar_of_session(page: SessionPage) -> Response:
    """The one session."""
    calendar = _calendar(page.row.title)
    _add_session(calendar, page.row)
    return _answer(calendar)


def _calendar(title: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", ORGANISER)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", title)
    return calendar


def _add_session(calendar: Calendar, session: SessionRow) -> None:
    if session.state not in NOT_HELD:
        ends_at = session.starts_at + A_MEETING
        event = _add(calendar, session.session_id, session.starts_at, ends_at, zh("议事会"), session.title)
        event.add("location", session.hall_name)
        event.add("url", url_for("sessions.one", session_id=session.session_id, _external=True))


def _add(calendar: Calendar, uid: str, begins: datetime, ends: datetime, what: str, title: str) -> Event:
    event = Event()
    event.add("uid", f"{uid}@gongshang")
    event.add("dtstamp", now())
    event.add("dtstart", begins)
    event.add("dtend", ends)
    event.add("summary", f"{said(what)}：{title}" if look().language == "zh" else f"{said(what)}: {title}")
    calendar.add_component(event)
    return event


def _answer(calendar: Calendar) -> Response:
    return Response(calendar.to_ical(), mimetype="text/calendar")
