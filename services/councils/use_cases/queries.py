"""What councils are asked. Nothing here changes anything."""

from services.councils.schemas.replies import (
    DeputiesReply,
    HallsReply,
    SessionReply,
    SessionsReply,
    deputies_reply,
    halls_reply,
    session_reply,
    sessions_reply,
)
from services.councils.schemas.requests import GetSession, ListDeputies, ListHalls, ListSessions
from services.councils.storage.repository import CouncilsStore
from services.councils.use_cases.directories import deputies_of, directory_of
from shared.bus.moment import Moment
from shared.units import tier_of

MOST_SESSIONS = 500


def get_session(work: CouncilsStore, request: GetSession, at: Moment) -> SessionReply:
    return session_reply(work.sessions.get(request.session_id))


def list_sessions(work: CouncilsStore, request: ListSessions, at: Moment) -> SessionsReply:
    """Sessions of a unit and of those inside it, by their beginning; `is_cut` if there are more."""
    tier_of(request.unit_code)
    found = work.sessions.list_in(request.unit_code, request.starts_from, request.starts_to, MOST_SESSIONS + 1)
    return sessions_reply(found, MOST_SESSIONS)


def list_halls(work: CouncilsStore, request: ListHalls, at: Moment) -> HallsReply:
    unit = work.book.units.get(request.unit_code)
    return halls_reply(directory_of(work, unit.code).halls)


def list_deputies(work: CouncilsStore, request: ListDeputies, at: Moment) -> DeputiesReply:
    unit = work.book.units.get(request.unit_code)
    return deputies_reply(deputies_of(work, unit.code))
