"""Whom and which halls a unit can call on: a directory that was entered, or the one it would get."""

from collections.abc import Iterable

from services.councils.domain.directory import Directory, deputies_of_grid, make_directory, short_name
from services.councils.domain.hall import halls_for_sessions
from services.councils.domain.meeting import Council
from services.councils.domain.person import Person
from services.councils.storage.repository import CouncilsStore
from shared.units import Tier, Unit, parent_of, tier_of

STREET_DIGITS = 9


def load_councils(work: CouncilsStore, unit_codes: Iterable[str]) -> None:
    """Read at once what `council_of` will look at for these units."""
    asked = {one for code in unit_codes for one in (code, parent_of(code), code[:STREET_DIGITS]) if one is not None}
    work.directories.load(asked)


def council_of(work: CouncilsStore, unit_code: str) -> Council:
    """What the unit can call on. Directories that were only generated so far are stored now."""
    own = _stored(work, unit_code)
    parent = parent_of(unit_code)
    above = _stored(work, parent).halls if parent else ()
    experts = _stored(work, unit_code[:STREET_DIGITS]).experts
    return Council(
        halls=halls_for_sessions(own.halls, above, work.book.plan.hall_order),
        deputies=deputies_of(work, unit_code),
        experts=experts,
    )


def deputies_of(work: CouncilsStore, unit_code: str) -> list[Person]:
    """Those who can be invited by a unit; a grid's are drawn from its community's."""
    if tier_of(unit_code) is not Tier.GRID:
        return directory_of(work, unit_code).deputies
    community = directory_of(work, unit_code[:-3])
    return deputies_of_grid(unit_code, community.deputies, work.book.plan)


def directory_of(work: CouncilsStore, unit_code: str) -> Directory:
    """A unit's stored directory, or the one it would get. Looking at it stores nothing."""
    return work.directories.find(unit_code) or _made(work, unit_code)


def _stored(work: CouncilsStore, unit_code: str) -> Directory:
    stored = work.directories.find(unit_code)
    if stored is None:
        stored = _made(work, unit_code)
        work.directories.add(stored)
    return stored


def _made(work: CouncilsStore, unit_code: str) -> Directory:
    unit = _unit(work, unit_code)
    within = short_name(_unit(work, unit_code[:-3])) if unit.tier is Tier.GRID else ""
    return make_directory(unit, work.book.plan, within=within)


def _unit(work: CouncilsStore, unit_code: str) -> Unit:
    """A unit that was taken out of the units file keeps its council, under its code."""
    return work.book.units.find(unit_code) or Unit(unit_code, unit_code, tier_of(unit_code), "")
