"""What councils are asked. Nothing here changes anything."""

from collections.abc import Collection

from services.councils.domain.listing import Listing
from services.councils.domain.session import Session
from services.councils.domain.waits import DECIDING, WAITS
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
from services.councils.use_cases.councils import council_of
from shared.auth import OUTSIDE, Caller
from shared.bus.moment import Moment
from shared.bus.rpc.my_work import ListMyWork, MyWorkReply, WaitPart, my_work, waits_for
from shared.contracts.directory import HallPart
from shared.contracts.vocabulary import Publicity
from shared.requests.request import RequestState
from shared.units import tier_of

MOST_SESSIONS = 500


def get_session(work: CouncilsStore, request: GetSession, at: Moment) -> SessionReply:
    session = work.sessions.get(request.session_id)
    listing = work.listings.find(session.issue_id)
    if not _is_for(at.caller, session, listing):
        raise work.sessions.unknown(request.session_id)
    return session_reply(session, listing)


def list_sessions(work: CouncilsStore, request: ListSessions, at: Moment) -> SessionsReply:
    """Sessions of a unit and of those inside it, also of such as have ended, by their beginning; `is_cut` if more."""
    tier_of(request.unit_code)
    units = work.units(at.now)
    inside = None if request.unit_code == units.district else units.ever_inside(request.unit_code)
    found = work.sessions.list_in(inside, request.starts_from, request.starts_to, MOST_SESSIONS + 1)
    work.listings.load(session.issue_id for session in found)
    with_listings = [(session, work.listings.find(session.issue_id)) for session in found]
    shown = [one for one in with_listings if _is_for(at.caller, *one)]
    return sessions_reply(shown, MOST_SESSIONS, is_cut=len(found) > MOST_SESSIONS)


def list_halls(work: CouncilsStore, request: ListHalls, at: Moment) -> HallsReply:
    """As they are now, of every kind."""
    unit = work.units(at.now).get(request.unit_code)
    return halls_reply(work.directory.list_in(HallPart, [unit.code], at.now))


def list_deputies(work: CouncilsStore, request: ListDeputies, at: Moment) -> DeputiesReply:
    """Those whom the unit can invite now."""
    unit = work.units(at.now).get(request.unit_code)
    return deputies_reply(council_of(work, unit.code, at).deputies_at(at.now))


def _is_for(caller: Caller, session: Session, listing: Listing | None) -> bool:
    """Sessions on what is not public are for those who work in their unit."""
    is_public = listing is None or listing.publicity is Publicity.PUBLIC
    return is_public or (not caller.is_any_of(OUTSIDE) and caller.may_act_in(session.unit_code))


def list_my_work(work: CouncilsStore, request: ListMyWork, at: Moment) -> MyWorkReply:
    """Sessions in the caller's unit and inside it to open, to close or to put off; none that is against their own."""
    inside = work.units(at.now).ever_inside(at.caller.unit or "")
    found = work.sessions.list_due_in(inside, request.most)
    work.listings.load(session.issue_id for session in found)
    waits = [_waiting(session) for session in found if _is_theirs(work, session, at)]
    return my_work([*waits, *_to_decide(work, inside, request.most, at)], request.most)


def _is_theirs(work: CouncilsStore, session: Session, at: Moment) -> bool:
    listing = work.listings.find(session.issue_id)
    return listing is None or not at.caller.acts_for_any(listing.respondents)


def _to_decide(work: CouncilsStore, inside: Collection[str], most: int, at: Moment) -> list[WaitPart]:
    """Other dates that others asked for."""
    asked = [one for one in work.requests.list_in(inside, [RequestState.ASKED], most) if not one.is_asked_by(at.caller)]
    work.sessions.load(one.about for one in asked)
    of_sessions = [(one, work.sessions.get(one.about)) for one in asked]
    work.listings.load(session.issue_id for _, session in of_sessions)
    return [
        waits_for(
            DECIDING,
            about=one.id,
            title=session.title,
            unit_code=session.unit_code,
            state=one.state.value,
            due_at=one.decide_by,
        )
        for one, session in of_sessions
        if session.is_ahead and _is_theirs(work, session, at)
    ]


def _waiting(session: Session) -> WaitPart:
    return waits_for(
        WAITS[session.state],
        about=session.id,
        title=session.title,
        unit_code=session.unit_code,
        state=session.state.value,
        due_at=session.due_at,
    )
