"""Units that end: what they deliberate goes on at what comes after them."""

from services.councils.storage.repository import CouncilsStore
from services.councils.use_cases import sessions
from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.contracts.intake import IssuePlacedV1
from shared.directory.ending import UNIT_END

MOST_AT_ONCE = 200


def follow_placing(work: CouncilsStore, event: IssuePlacedV1, at: Moment) -> None:
    """The unit was split: what is listed there goes on in the part in which it lies."""
    work.directory.must_be_told()
    listing = work.listings.find_and_lock(event.issue_id)
    if listing is None or listing.unit_code != event.from_unit:
        return
    if sessions.pass_to(work, listing, event.to_unit, at) and listing.needs_session:
        sessions.call_next(work, listing, at)


def leave_ended_unit(work: CouncilsStore, due: Due, at: Moment) -> None:
    """Pass on what is listed there, so many at once, then the rest; nothing where the unit holds after all."""
    listed = work.listings.ids_listed_in(due.ref, MOST_AT_ONCE)
    if not listed or work.units(at.now).heir_of(due.ref) == due.ref:
        return
    work.listings.lock_all(listed)
    for issue_id in listed:
        listing = work.listings.lock(issue_id)
        if sessions.pass_on(work, listing, at) and listing.needs_session:
            sessions.call_next(work, listing, at)
    if len(listed) == MOST_AT_ONCE:
        work.timers.set(UNIT_END, due.ref, at.now, subject=due.ref)
