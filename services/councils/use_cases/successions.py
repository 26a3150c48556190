"""Units that end: what they deliberate goes on at what comes after them."""

from services.councils.storage.repository import CouncilsStore
from services.councils.use_cases import sessions
from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.contracts.directory import UnitPart, UnitsChangedV1
from shared.contracts.vocabulary import UnitKind

SUCCEED = "succeed"


def await_ends(work: CouncilsStore, event: UnitsChangedV1, at: Moment) -> None:
    """Look at a unit's listings when it ends. One that has ended already is looked at now."""
    last: dict[str, UnitPart] = {}
    for period in sorted(event.entries, key=lambda one: one.valid_from):
        last[period.id] = period
    for unit in last.values():
        if unit.valid_to is not None and unit.kind is not UnitKind.ELSEWHERE:
            work.timers.set(SUCCEED, unit.id, max(unit.valid_to, at.now), subject=unit.id)


def succeed_unit(work: CouncilsStore, due: Due, at: Moment) -> None:
    """Pass on all that is listed there, unless the directory has thought better of it."""
    issue_ids = work.listings.ids_listed_in(due.ref)
    work.listings.lock_all(issue_ids)
    for issue_id in issue_ids:
        listing = work.listings.lock(issue_id)
        if sessions.pass_on(work, listing, at) and listing.needs_session:
            sessions.call_next(work, listing, at)
