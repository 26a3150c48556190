"""What may be moved at a session beside the issue itself, announced with its notice."""

from services.councils.domain.slot import earliest_start
from services.councils.schemas.replies import SessionReply, session_reply
from services.councils.schemas.requests import PutOnAgenda
from services.councils.storage.repository import CouncilsStore
from services.councils.use_cases import sessions
from shared.bus.moment import Moment
from shared.contracts.vocabulary import PostponementReason
from shared.units import tier_of


def put_on_agenda(work: CouncilsStore, request: PutOnAgenda, at: Moment) -> SessionReply:
    """Announce one more item. Where its notice would be too short, the session moves, as often as the policy allows."""
    listing = work.listings.find_and_lock(request.subject)
    session = work.sessions.get(request.session_id)
    sessions.must_be_theirs(session, listing, at)
    session.put_on_agenda(request.matter, request.amount_fen, request.money)
    notice = at.policy_in(session.unit_code).notice.for_session(tier_of(session.unit_code))
    not_before = earliest_start(at.now, notice, work.book.calendar)
    if session.starts_at < not_before:
        sessions.put_off(work, session, PostponementReason.AGENDA_ADDED, request.matter, at, not_before=not_before)
    work.outbox.add(sessions.notice_of(session, at), at=at.now)
    return session_reply(session, listing)
