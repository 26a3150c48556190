"""Sessions: called with hall, hour, deputies, experts and notice; put off to another date; lapsed; given up."""

from datetime import datetime

from services.councils.domain.invitation import Invitee
from services.councils.domain.listing import Listing
from services.councils.domain.meeting import Meeting
from services.councils.domain.obstacle import Hindrance
from services.councils.domain.postponement import Postponement
from services.councils.domain.session import Session, issue_of
from services.councils.storage.repository import CouncilsStore
from services.councils.use_cases.councils import concerned_unit
from services.councils.use_cases.meetings import find_meeting, next_date
from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.contracts.councils import (
    InviteePart,
    NoticePublishedV1,
    SessionLapsedV1,
    SessionLeftOpenV1,
    SessionMovedUpV1,
    SessionPostponedV1,
    SessionScheduledV1,
    SessionUnschedulableV1,
)
from shared.contracts.vocabulary import PostponementReason, Publicity
from shared.errors import OwnMatter
from shared.logs import get_logger

PLAN = "plan"
DUE = "due"
"""Somebody should have moved in a session by then; the timer refers to it."""
TRY_AGAIN = "try_again"
"""What could not be planned is tried again; the timer refers to the issue after which it goes on, or to none."""
MOST_AT_ONCE = 200

log = get_logger()


def call_next(work: CouncilsStore, listing: Listing, at: Moment) -> None:
    """Sessions are planned by a timer, in a fixed order, however the events come."""
    work.timers.set(PLAN, listing.issue_id, at.now, subject=listing.issue_id)


def plan_session(work: CouncilsStore, due: Due, at: Moment) -> None:
    """Plan the session a listing waits for, if it still does."""
    listing = work.listings.find_and_lock(due.ref)
    if listing is None or not listing.needs_session:
        return
    pass_on(work, listing, at)
    found = find_meeting(work, listing, at)
    if isinstance(found, Hindrance):
        _try_again(work, listing, found, at)
    else:
        _announce(work, _call(work, listing, found, at), at)


def try_all_again(work: CouncilsStore, due: Due, at: Moment) -> None:
    """The directory has changed: try again to plan what could not be planned. So many at once, then the rest."""
    hindered = work.listings.ids_hindered(due.ref, MOST_AT_ONCE)
    for issue_id in hindered:
        work.timers.set(PLAN, issue_id, at.now, subject=issue_id)
    if len(hindered) == MOST_AT_ONCE:
        work.timers.set(TRY_AGAIN, hindered[-1], at.now)


def pass_due(work: CouncilsStore, due: Due, at: Moment) -> None:
    """Nobody has moved by then: a session that nobody opened lapses, of one that nobody closed it is told."""
    listing = work.listings.find_and_lock(issue_of(due.ref))
    session = work.sessions.find(due.ref)
    if listing is None or session is None:
        return
    if session.is_left_open(at.now):
        work.outbox.add(_left_open(session, due, at), at=at.now)
    elif session.lapse(at.now):
        _replace_lapsed(work, listing, session, at)


def hold_after_all(work: CouncilsStore, listing: Listing, session: Session, at: Moment) -> None:
    """It had lapsed, and was opened in time, as is heard now: what was called in its place is given up."""
    later = work.sessions.find(listing.session_id) if listing.session_id else None
    if listing.lapsed_session == session.id or (later is not None and later.replaces == session.id):
        give_up(work, listing.hold_after_all(session.id), at)


def must_be_theirs(session: Session, listing: Listing | None, at: Moment) -> None:
    """In the caller's unit, and not against their own organisation. Raises NotAllowed, OwnMatter."""
    at.caller.must_act_in(session.unit_code)
    if listing is not None and at.caller.acts_for_any(listing.respondents):
        raise OwnMatter(f"the issue of {session.id} is against {at.caller.organisation}: somebody else sees to it")


def put_off(
    work: CouncilsStore, session: Session, reason: PostponementReason, words: str, at: Moment, *, not_before: datetime
) -> None:
    """To the next hour from then on that suits its hall and everybody invited. Raises PostponedTooOften, NoDateLeft."""
    policy = at.policy_in(session.unit_code)
    session.must_be_postponable(policy.postpone.times)
    latest = session.first_starts_at + policy.postpone.within
    postponement = Postponement(
        reason=reason,
        words=words,
        by=at.caller.subject,
        at=at.now,
        was_to_start_at=session.starts_at,
        starts_at=next_date(work, session, latest, at, not_before=not_before),
    )
    work.bookings.release(session)
    session.postpone(postponement, latest=latest, due_at=postponement.starts_at + policy.lapse.opened_within)
    work.bookings.book(session)
    await_move(work, session)
    work.outbox.add(_postponed(session, postponement), at=at.now)


def await_move(work: CouncilsStore, session: Session) -> None:
    """Have a session looked at when somebody should have moved; nothing more once it is over."""
    if session.due_at is None:
        work.timers.cancel(DUE, session.id)
    else:
        work.timers.set(DUE, session.id, session.due_at, subject=session.issue_id)


def pass_on(work: CouncilsStore, listing: Listing, at: Moment) -> bool:
    """Where the listing's unit has ended it goes on at what came after it. Says whether that was so.

    A session that was called there already is given up; whoever comes after calls one.
    """
    return pass_to(work, listing, work.units(at.now).heir_of(listing.unit_code), at)


def pass_to(work: CouncilsStore, listing: Listing, heir: str, at: Moment) -> bool:
    """As `pass_on`, to an heir that is named."""
    ended = listing.unit_code
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
    await_move(work, session)
    moved_up = SessionMovedUpV1(
        session_id=session.id, issue_id=session.issue_id, unit_code=session.unit_code, moved_up_at=at.now
    )
    work.outbox.add(moved_up, at=at.now)
    return True


def _call(work: CouncilsStore, listing: Listing, meeting: Meeting, at: Moment) -> Session:
    """A session with all that it takes; still to be announced."""
    session = _session(listing, meeting, at)
    if (before := work.sessions.find(listing.session_id) if listing.session_id else None) is not None:
        session.agenda = before.agenda  # nothing was decided on it so far
    listing.called(session.id)
    work.sessions.add(session)
    work.bookings.book(session)
    await_move(work, session)
    return session


def _replace_lapsed(work: CouncilsStore, listing: Listing, session: Session, at: Moment) -> None:
    """A new date at once, as soon as a second call would be."""
    work.bookings.release(session)
    by = at.now + at.policy_in(listing.unit_code).inquorate.second_call_within
    if not listing.call_anew(session.id, session.kind, by):
        work.outbox.add(_lapsed(session, None, at), at=at.now)
        return
    found = find_meeting(work, listing, at)
    if isinstance(found, Hindrance):
        work.outbox.add(_lapsed(session, None, at), at=at.now)
        _try_again(work, listing, found, at)
    else:
        following = _call(work, listing, found, at)
        work.outbox.add(_lapsed(session, following, at), at=at.now)
        _announce(work, following, at)


def _try_again(work: CouncilsStore, listing: Listing, found: Hindrance, at: Moment) -> None:
    """Later, and whenever the directory changes. The rule that can't be met is told once."""
    again_at = at.now + work.book.search.again_after
    work.timers.set(PLAN, listing.issue_id, again_at, subject=listing.issue_id)
    if not listing.hinder(found.obstacle):
        return
    unschedulable = SessionUnschedulableV1(
        issue_id=listing.issue_id,
        unit_code=listing.unit_code,
        kind=listing.next_kind,
        obstacle=found.obstacle,
        needed=found.needed,
        found=found.found,
        remedy=found.remedy,
        concerns_unit=concerned_unit(work, listing.unit_code, found.obstacle, at),
        again_at=again_at,
        told_at=at.now,
    )
    work.outbox.add(unschedulable, at=at.now)


def _session(listing: Listing, meeting: Meeting, at: Moment) -> Session:
    opened_within = at.policy_in(listing.unit_code).lapse.opened_within
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
        due_at=meeting.starts_at + opened_within,
        replaces=listing.lapsed_session,
    )


def _announce(work: CouncilsStore, session: Session, at: Moment) -> None:
    """The notice goes out with the plan, so that its period begins at once."""
    listing = work.listings.find(session.issue_id)
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
        agenda=list(session.agenda),
        lapses_at=session.lapses_at,
        replaces=session.replaces,
        respondents=listing.respondents if listing is not None else [],
        publicity=listing.publicity if listing is not None else Publicity.PUBLIC,
        scheduled_at=at.now,
    )
    work.outbox.add(scheduled, at=at.now)
    work.outbox.add(notice_of(session, at), at=at.now)


def notice_of(session: Session, at: Moment) -> NoticePublishedV1:
    return NoticePublishedV1(
        session_id=session.id,
        issue_id=session.issue_id,
        unit_code=session.unit_code,
        title=session.title,
        hall_name=session.hall_name,
        starts_at=session.starts_at,
        agenda=list(session.agenda),
        published_at=at.now,
    )


def _part(invitee: Invitee) -> InviteePart:
    return InviteePart(person_id=invitee.person_id, name=invitee.name, category=invitee.category)


def _postponed(session: Session, postponement: Postponement) -> SessionPostponedV1:
    return SessionPostponedV1(
        session_id=session.id,
        issue_id=session.issue_id,
        unit_code=session.unit_code,
        reason=postponement.reason,
        words=postponement.words,
        postponed_by=postponement.by,
        was_to_start_at=postponement.was_to_start_at,
        starts_at=postponement.starts_at,
        lapses_at=session.lapses_at,
        replaces=session.replaces,
        postponed_at=postponement.at,
    )


def _lapsed(session: Session, following: Session | None, at: Moment) -> SessionLapsedV1:
    return SessionLapsedV1(
        session_id=session.id,
        issue_id=session.issue_id,
        unit_code=session.unit_code,
        was_to_start_at=session.starts_at,
        next_session_id=following.id if following else "",
        next_starts_at=following.starts_at if following else None,
        lapsed_at=at.now,
    )


def _left_open(session: Session, due: Due, at: Moment) -> SessionLeftOpenV1:
    return SessionLeftOpenV1(
        session_id=session.id,
        issue_id=session.issue_id,
        unit_code=session.unit_code,
        opened_at=session.opened_at or due.due_at,
        due_at=due.due_at,
        told_at=at.now,
    )
