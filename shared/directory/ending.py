"""When units end: a service that holds something in a unit looks again at that instant, and passes it on."""

from collections.abc import Iterable
from datetime import timedelta

from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.bus.work import Store
from shared.contracts.directory import UnitsChangedV1
from shared.directory import learning
from shared.directory.copy import NotTold

UNIT_END = "unit_end"
"""The kind of the timer; it refers to the unit's code."""
PLACED_WITHIN = timedelta(hours=1)
"""So long what a unit held that was split waits for intake to say by place which part has it."""


def learn(work: Store, event: UnitsChangedV1, at: Moment, *, places: bool = False) -> None:
    """Take over what is told, and look again when the last period of a unit is over.

    One that goes on after all is found to do so then. Of a unit that is split intake `places` what was held; whatever
    it did not place is passed on after that.
    """
    learning.learn(work, event, at)
    last = {one.id: one for one in sorted(event.entries, key=lambda one: one.valid_from)}
    for unit in last.values():
        if unit.valid_to is not None:
            waits = PLACED_WITHIN if len(unit.replaced_by) > 1 and not places else timedelta(0)
            work.timers.set(UNIT_END, unit.id, max(unit.valid_to, at.now) + waits, subject=unit.id)


def heirs_of(work: Store, dues: Iterable[Due], at: Moment) -> dict[str, str]:
    """Of the units whose end was awaited those that have ended, each with who holds now what they held.

    None before the directory was told: nothing is held by then.
    """
    ended = [due.ref for due in dues if due.kind == UNIT_END]
    if not ended:
        return {}
    try:
        units = work.units(at.now)
    except NotTold:
        return {}
    return {unit: heir for unit in ended if (heir := units.heir_of(unit)) != unit}
