"""Units that end: what they deliberate goes on at what comes after them."""

from services.councils.storage.repository import CouncilsStore
from services.councils.use_cases import sessions
from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.directory.ending import UNIT_END

MOST_AT_ONCE = 200


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
