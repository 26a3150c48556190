"""A unit comes to lie in another street: what is open there is looked for and counted among that street's from then on.

Nobody else is told: who holds an issue does not change with it.
"""

from collections import Counter
from collections.abc import Iterable

from services.intake.storage.repository import IntakeStore
from services.intake.use_cases.links import street_of
from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.contracts.directory import UnitPart, UnitsChangedV1
from shared.directory.copy import NotTold
from shared.directory.kinds import BY_PART

UNIT_MOVE = "unit_move"
"""The kind of the timer; it refers to the unit's code."""
MOST_AT_ONCE = 200


def await_moves(work: IntakeStore, event: UnitsChangedV1, at: Moment) -> None:
    """Look at once, and each time that something else begins to hold of a unit."""
    for unit, periods in Counter(one.id for one in event.entries).items():
        if periods > 1:
            work.timers.set(UNIT_MOVE, unit, at.now, subject=unit)


def left_behind(work: IntakeStore, dues: Iterable[Due], at: Moment) -> list[str]:
    """The open issues of these units that stand in a street in which the unit no longer lies, so many at once."""
    moved = [due.ref for due in dues if due.kind == UNIT_MOVE]
    return [issue_id for unit in moved for issue_id in _left_behind(work, unit, at)]


def follow_move(work: IntakeStore, due: Due, at: Moment) -> None:
    left = _left_behind(work, due.ref, at)
    for issue_id in left:
        work.issues.lock(issue_id).street = street_of(work, due.ref, at)
    periods = work.directory.periods_of(BY_PART[UnitPart], [due.ref])
    ahead = (one.valid_from for one in periods if one.valid_from > at.now)
    again_at = at.now if len(left) == MOST_AT_ONCE else min(ahead, default=None)
    if again_at is not None:
        work.timers.set(UNIT_MOVE, due.ref, again_at, subject=due.ref)


def _left_behind(work: IntakeStore, unit: str, at: Moment) -> list[str]:
    """None before the directory was told: nothing is raised by then."""
    try:
        inside = work.units(at.now).ever_inside(unit)
    except NotTold:
        return []
    return work.issues.ids_outside(street_of(work, unit, at), inside, MOST_AT_ONCE)
