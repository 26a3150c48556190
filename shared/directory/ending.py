"""When units end: a service that holds something in a unit looks again at that instant, and passes it on."""

from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.bus.work import Store
from shared.contracts.directory import UnitsChangedV1
from shared.directory import learning

UNIT_END = "unit_end"
"""The kind of the timer; it refers to the unit's code."""


def learn(work: Store, event: UnitsChangedV1, at: Moment) -> None:
    """Take over what is told, and look again when the last period of a unit is over.

    One that goes on after all is found to do so then.
    """
    learning.learn(work, event, at)
    last = {one.id: one for one in sorted(event.entries, key=lambda one: one.valid_from)}
    for unit in last.values():
        if unit.valid_to is not None:
            work.timers.set(UNIT_END, unit.id, max(unit.valid_to, at.now), subject=unit.id)


def heirs_of(work: Store, dues: list[Due], at: Moment) -> dict[str, str]:
    """Of units whose end was awaited those that have ended, each with who holds now what they held."""
    units = work.units(at.now)
    heirs = {due.ref: units.heir_of(due.ref) for due in dues if due.kind == UNIT_END}
    return {unit: heir for unit, heir in heirs.items() if heir != unit}
