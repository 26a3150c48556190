"""Calls a session: hall, hour, deputies and experts, with the notice the policy asks for."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from services.councils.council_book import CouncilBook
from services.councils.domain.directory import Directory, deputies_of_grid, make_directory, short_name
from services.councils.domain.hall import halls_for_sessions
from services.councils.domain.invitation import Invitee
from services.councils.domain.listing import Listing
from services.councils.domain.meeting import Council, Meeting, first_meeting
from services.councils.domain.session import Session
from services.councils.domain.slot import earliest_start, slots_between
from shared.contracts.councils import InviteePart, NoticePublishedV1, SessionScheduledV1
from shared.policy import Policy
from shared.units import Tier, Unit, parent_of, tier_of

PLAN = "plan"
STREET_DIGITS = 9

PolicyAt = Callable[[str], Policy]


def plan_session(work: Any, issue_id: str, *, book: CouncilBook, policy_for: PolicyAt, now: datetime) -> None:
    """Plan the session a listing waits for, if it still does. Without a free hour in reach, try again later."""
    listing = work.listings.find(issue_id)
    if listing is None or not listing.needs_session:
        return
    meeting = _find_meeting(work, listing, book, policy_for(listing.unit_code), now)
    if meeting is None:
        work.timers.set(PLAN, issue_id, now + book.search.again_after)
        return
    session = _session(listing, meeting, now)
    listing.called(session.id)
    work.sessions.add(session)
    work.bookings.book(session)
    _announce(work, session, now)


def directory_of(work: Any, unit_code: str, book: CouncilBook) -> Directory:
    """A unit's stored directory, or the one it would get. Looking at it stores nothing."""
    stored: Directory | None = work.directories.find(unit_code)
    return stored or _made(unit_code, book)


def deputies_of(work: Any, unit_code: str, book: CouncilBook) -> list[Any]:
    """Those who can be invited by a unit; a grid's are drawn from its community's."""
    if tier_of(unit_code) is not Tier.GRID:
        return directory_of(work, unit_code, book).deputies
    community = directory_of(work, unit_code[:-3], book)
    return deputies_of_grid(unit_code, community.deputies, book.plan)


def _find_meeting(work: Any, listing: Listing, book: CouncilBook, policy: Policy, now: datetime) -> Meeting | None:
    """A second call must come soon: where the ordinary notice is too long for that, the urgent one holds."""
    tier = tier_of(listing.unit_code)
    council = _council(work, listing.unit_code, book)
    ordinary = earliest_start(now, policy.notice.for_session(tier), book.calendar)
    urgent = earliest_start(now, policy.notice.for_session(tier, urgent=True), book.calendar)
    if listing.call_by is not None:
        for start_at in (ordinary, urgent):
            found = _search(work, listing, book, council, start_at, listing.call_by)
            if found is not None:
                return found
    for number in range(book.search.windows):
        start_at = ordinary + number * book.search.window
        found = _search(work, listing, book, council, start_at, start_at + book.search.window)
        if found is not None:
            return found
    return None


def _search(
    work: Any, listing: Listing, book: CouncilBook, council: Council, start_at: datetime, end_at: datetime
) -> Meeting | None:
    if end_at < start_at:
        return None
    booked = work.bookings.taken([hall.id for hall in council.halls], council.people_ids, start_at, end_at)
    slots = slots_between(start_at, end_at, book.slots, book.calendar)
    draw = f"{book.plan.seed}/{listing.next_session_id()}"
    return first_meeting(slots, council, booked, mix=book.mix, kind=listing.next_kind, draw=draw)


def _council(work: Any, unit_code: str, book: CouncilBook) -> Council:
    """What the unit can call on. Directories that were only generated so far are stored now."""
    own = _stored(work, unit_code, book)
    parent = parent_of(unit_code)
    above = _stored(work, parent, book).halls if parent else ()
    experts = _stored(work, unit_code[:STREET_DIGITS], book).experts
    return Council(
        halls=halls_for_sessions(own.halls, above, book.plan.hall_order),
        deputies=deputies_of(work, unit_code, book),
        experts=experts,
    )


def _stored(work: Any, unit_code: str, book: CouncilBook) -> Directory:
    stored: Directory | None = work.directories.find(unit_code)
    if stored is None:
        stored = _made(unit_code, book)
        work.directories.add(stored)
    return stored


def _made(unit_code: str, book: CouncilBook) -> Directory:
    unit = _unit(unit_code, book)
    within = short_name(_unit(unit_code[:-3], book)) if unit.tier is Tier.GRID else ""
    return make_directory(unit, book.plan, within=within)


def _unit(unit_code: str, book: CouncilBook) -> Unit:
    """A unit that was taken out of the units file keeps its council, under its code."""
    return book.units.find(unit_code) or Unit(unit_code, unit_code, tier_of(unit_code), "")


def _session(listing: Listing, meeting: Meeting, now: datetime) -> Session:
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
        scheduled_at=now,
    )


def _announce(work: Any, session: Session, now: datetime) -> None:
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
        scheduled_at=now,
    )
    notice = NoticePublishedV1(
        session_id=session.id,
        issue_id=session.issue_id,
        unit_code=session.unit_code,
        title=session.title,
        hall_name=session.hall_name,
        starts_at=session.starts_at,
        published_at=now,
    )
    work.outbox.add(scheduled, at=now)
    work.outbox.add(notice, at=now)


def _part(invitee: Invitee) -> InviteePart:
    return InviteePart(person_id=invitee.person_id, name=invitee.name, category=invitee.category)
