"""Issues come onto the list, move with their holder, and leave it."""

from datetime import datetime
from typing import Any

from services.councils.domain.listing import Listing
from services.councils.use_cases.planning import PLAN
from shared.contracts.councils import SessionMovedUpV1
from shared.contracts.intake import IssueListedV1
from shared.contracts.supervision import IssueClosedV1, IssueEscalatedV1, IssueReopenedV1, IssueReturnedDownV1

Move = IssueEscalatedV1 | IssueReturnedDownV1 | IssueReopenedV1


def list_issue(work: Any, event: IssueListedV1, *, now: datetime) -> None:
    """Put an issue on its unit's list; a session is planned next."""
    listing = _listing_of(work, event.issue_id, event.unit_code, event.title, event.category)
    if listing.enlist(event.unit_code, event.title, event.category, event.listed_at):
        work.timers.set(PLAN, listing.issue_id, now)


def move_issue(work: Any, event: Move, *, at: datetime, now: datetime) -> None:
    """The issue has another holder: a session still ahead is given up, and the new holder calls its own.

    Also remembered for issues that are on no list yet, for whoever lists them may not have heard of the move.
    """
    listing = _listing_of(work, event.issue_id, event.to_unit, event.title, event.category)
    session_id = listing.session_id
    if not listing.move(event.to_unit, event.title, event.category, event.route, at):
        return
    give_up_session(work, session_id, now=now)
    if listing.needs_session:
        work.timers.set(PLAN, listing.issue_id, now)


def close_listing(work: Any, event: IssueClosedV1, *, now: datetime) -> None:
    """The case is closed: nobody meets on it any more."""
    listing = _listing_of(work, event.issue_id, event.unit_code, "", "")
    if listing.close(event.closed_at):
        give_up_session(work, listing.session_id, now=now)


def give_up_session(work: Any, session_id: str | None, *, now: datetime) -> None:
    """Free the hall and the people of a session that is still ahead, and tell those invited."""
    session = work.sessions.find_to_change(session_id) if session_id else None
    if session is None or not session.move_up(now):
        return
    work.bookings.release(session)
    moved_up = SessionMovedUpV1(
        session_id=session.id, issue_id=session.issue_id, unit_code=session.unit_code, moved_up_at=now
    )
    work.outbox.add(moved_up, at=now)


def _listing_of(work: Any, issue_id: str, unit_code: str, title: str, category: str) -> Listing:
    listing: Listing | None = work.listings.find(issue_id)
    if listing is None:
        listing = Listing(issue_id=issue_id, unit_code=unit_code, title=title, category=category)
        work.listings.add(listing)
    return listing
