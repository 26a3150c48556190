"""Sessions: called with hall, hour, deputies, experts and notice; put off to another date; given up with an issue."""

from datetime import datetime, timedelta

from services.councils.domain.council import Council
from services.councils.domain.errors import NoDateLeft
from services.councils.domain.invitation import Invitee
from services.councils.domain.listing import Listing
from services.councils.domain.meeting import Meeting, first_free_slot, first_meeting
from services.councils.domain.postponement import Postponement
from services.councils.domain.session import Session
from services.councils.domain.slot import earliest_start, slots_between
from services.councils.schemas.replies import SessionReply, session_reply
from services.councils.schemas.requests import PostponeSession
from services.councils.storage.repository import CouncilsStore
from services.councils.use_cases.councils import council_of
from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.contracts.councils import (
    InviteePart,
    NoticePublishedV1,
    SessionMovedUpV1,
    SessionPostponedV1,
    SessionScheduledV1,
)
from shared.logs import get_logger
from shared.units import tier_of

PLAN = "plan"

log = get_logger()


def call_next(work: CouncilsStore, listing: Listing, at: Moment) -> None:
    """Sessions are planned by a timer, in a fixed order, however the events come."""
    work.timers.set(PLAN, listing.issue_id, at.now, subject=listing.issue_id)


def plan_session(work: CouncilsStore, due: Due, at: Moment) -> None:
    """Plan the session a listing waits for, if it still does. Without a free hour in reach, try again later."""
    listing = work.listings.find_and_lock(due.ref)
    if listing is None or not listing.needs_session:
        return
    pass_on(work, listing, at)
    meeting = _find_meeting(work, listing, at)
    if meeting is None:
        again_at = at.now + work.book.search.again_after
        work.timers.set(PLAN, listing.issue_id, again_at, subject=listing.issue_id)
        return
    session = _session(listing, meeting, at)
    listing.called(session.id)
    work.sessions.add(session)
    work.bookings.book(session)
    _announce(work, session, at)


def postpone_session(work: CouncilsStore, request: PostponeSession, at: Moment) -> SessionReply:
    """Move a session to the next hour that suits its hall and everybody invited, within the policy's days."""
    listing = work.listings.find_and_lock(request.subject)
    session = work.sessions.get(request.session_id)
    at.caller.must_act_in(session.unit_code)
    session.must_be_ahead()
    work.book.reasons.must_allow(request.reason)
    policy = at.policy_in(session.unit_code)
    latest = session.first_starts_at + policy.postpone.within
    postponement = Postponement(
        reason=request.reason.strip(),
        by=at.caller.subject,
        at=at.now,
        was_to_start_at=session.starts_at,
        starts_at=_next_date(work, session, latest, at),
    )
    work.bookings.release(session)
    session.postpone(postponement, latest=latest)
    work.bookings.book(session)
    work.outbox.add(_postponed(session, postponement), at=at.now)
    return session_reply(session, listing)


def pass_on(work: CouncilsStore, listing: Listing, at: Moment) -> bool:
    """Where the listing's unit has ended it goes on at what came after it. Says whether that was so.

    A session that was called there already is given up; whoever comes after calls one.
    """
    heir, ended = work.units(at.now).heir_of(listing.unit_code), listing.unit_code
    if heir == ended:
        return False
    is_given_up = give_up(work, listing.session_id, at)
    listing.pass_on(heir, at.now, calls_again=is_given_up)
    log.info("listing_passed_on", issue_id=listing.issue_id, from_unit=ended, to_unit=heir)
    return True


def give_up(work: CouncilsStore, session_id: str | None, at: Moment) -> bool:
    """Free the hall and the people of a session that is still ahead, and tell those invited. Says whether it was."""
    session = work.sessions.find(session_id) if session_id else None
    if session is None or not session.move_up(at.now):
        return False
    work.bookings.release(session)
    moved_up = SessionMovedUpV1(
        session_id=session.id, issue_id=session.issue_id, unit_code=session.unit_code, moved_up_at=at.now
    )
    work.outbox.add(moved_up, at=at.now)
    return True


def _find_meeting(work: CouncilsStore, listing: Listing, at: Moment) -> Meeting | None:
    """A second call must come soon: where the ordinary notice is too long for that, the urgent one holds."""
    tier, book = tier_of(listing.unit_code), work.book
    notice = at.policy_in(listing.unit_code).notice
    council = council_of(work, listing.unit_code, at)
    ordinary = earliest_start(at.now, notice.for_session(tier), book.calendar)
    urgent = earliest_start(at.now, notice.for_session(tier, urgent=True), book.calendar)
    if listing.call_by is not None:
        for start_at in (ordinary, urgent):
            found = _search(work, listing, council, start_at, listing.call_by)
            if found is not None:
                return found
    for number in range(book.search.windows):
        start_at = ordinary + number * book.search.window
        found = _search(work, listing, council, start_at, start_at + book.search.window)
        if found is not None:
            return found
    return None


def _search(
    work: CouncilsStore, listing: Listing, council: Council, start_at: datetime, end_at: datetime
) -> Meeting | None:
    if end_at < start_at:
        return None
    book, halls = work.book, [hall.id for hall in council.halls]
    booked = work.bookings.taken(halls, council.people_ids(start_at, end_at), start_at, end_at)
    slots = slots_between(start_at, end_at, book.slots, book.calendar)
    draw = f"{book.draw.seed}/{listing.next_session_id()}"
    return first_meeting(slots, council, booked, mix=book.mix, kind=listing.next_kind, draw=draw)


def _next_date(work: CouncilsStore, session: Session, latest: datetime, at: Moment) -> datetime:
    """Later than planned, and late enough for everybody to hear of it. Raises NoDateLeft."""
    urgent = at.policy_in(session.unit_code).notice.urgent
    start_at = max(session.starts_at + timedelta(seconds=1), at.now + urgent)
    council = council_of(work, session.unit_code, at)
    booked = work.bookings.taken([session.hall_id], session.people_ids, start_at, latest)
    slots = slots_between(start_at, latest, work.book.slots, work.book.calendar)
    found = first_free_slot(slots, council, session.hall_id, session.people_ids, booked, at.now)
    if found is None:
        raise NoDateLeft(
            f"no hour up to {latest.isoformat()} suits the hall and everybody invited; session {session.id} stays"
        )
    return found


def _session(listing: Listing, meeting: Meeting, at: Moment) -> Session:
    return Session(
        id=listing.next_session_id(),
        issue_id=listing.issue_id,
        unit_code=listing.unit_code,
        number=listing.sessions + 1,
        kind=listing.next_kind,
        title=listing.title,
        category=listing.category,
        hall_id=meeting.hall.id,
        hall_name=meeting.hall.name,
        starts_at=meeting.starts_at,
        first_starts_at=meeting.starts_at,
        deputies=[Invitee.of(person) for person in meeting.deputies],
        experts=[Invitee.of(person) for person in meeting.experts],
        scheduled_at=at.now,
    )


def _announce(work: CouncilsStore, session: Session, at: Moment) -> None:
    """The notice goes out with the plan, so that its period begins at once."""
    scheduled = SessionScheduledV1(
        session_id=session.id,
        issue_id=session.issue_id,
        unit_code=session.unit_code,
        number=session.number,
        kind=session.kind,
        title=session.title,
        category=session.category,
        hall_id=session.hall_id,
        hall_name=session.hall_name,
        starts_at=session.starts_at,
        deputies=[_part(invitee) for invitee in session.deputies],
        experts=[_part(invitee) for invitee in session.experts],
        scheduled_at=at.now,
    )
    notice = NoticePublishedV1(
        session_id=session.id,
        issue_id=session.issue_id,
        unit_code=session.unit_code,
        title=session.title,
        hall_name=session.hall_name,
        starts_at=session.starts_at,
        published_at=at.now,
    )
    work.outbox.add(scheduled, at=at.now)
    work.outbox.add(notice, at=at.now)


def _part(invitee: Invitee) -> InviteePart:
    return InviteePart(person_id=invitee.person_id, name=invitee.name, category=invitee.category)


def _postponed(session: Session, postponement: Postponement) -> SessionPostponedV1:
    return SessionPostponedV1(
        session_id=session.id,
        issue_id=session.issue_id,
        unit_code=session.unit_code,
        reason=postponement.reason,
        postponed_by=postponement.by,
        was_to_start_at=postponement.was_to_start_at,
        starts_at=postponement.starts_at,
        postponed_at=postponement.at,
    )
