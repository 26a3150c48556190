"""Whom and which halls a unit can call on, as the directory has told it."""

from collections.abc import Iterable

from services.councils.domain.council import Council, drawn_for_grid, halls_for_sessions
from services.councils.storage.repository import CouncilsStore
from shared.bus.moment import Moment
from shared.contracts.directory import DeputyPart
from shared.contracts.vocabulary import Obstacle
from shared.directory.dated import DatedUnits
from shared.units import Tier, tier_of


def load_councils(work: CouncilsStore, unit_codes: Iterable[str], at: Moment) -> None:
    """Read at once what `council_of` will look at for these units."""
    wanted = list(unit_codes)
    if wanted:
        units = work.units(at.now)
        work.councils.load({one for code in wanted for one in _asked(units, code)}, at.now)


def council_of(work: CouncilsStore, unit_code: str, at: Moment) -> Council:
    """What the unit can call on from now on. Raises NotTold."""
    units, rules = work.units(at.now), work.book.halls
    load_councils(work, [unit_code], at)
    parent = units.parent_of(unit_code)
    above = work.councils.halls_of(parent) if parent else []
    return Council(
        halls=halls_for_sessions(work.councils.halls_of(unit_code), above, rules.order),
        deputies=_deputies(work, units, unit_code),
        experts=work.councils.experts_of(_with_experts(units, unit_code)),
        open_for=rules.open_for,
        seats=work.book.draw.grid_deputies if tier_of(unit_code) is Tier.GRID else None,
    )


def concerned_unit(work: CouncilsStore, unit_code: str, obstacle: Obstacle, at: Moment) -> str:
    """In which unit something must be entered, so that a session of the unit can be called."""
    units = work.units(at.now)
    if obstacle is Obstacle.TOO_FEW_EXPERTS:
        return _with_experts(units, unit_code)
    if obstacle in (Obstacle.TOO_FEW_DEPUTIES, Obstacle.TOO_FEW_RESIDENTS) and tier_of(unit_code) is Tier.GRID:
        return units.parent_of(unit_code) or unit_code
    return unit_code


def _asked(units: DatedUnits, unit_code: str) -> set[str]:
    above = units.parent_of(unit_code)
    return {unit_code, _with_experts(units, unit_code)} | ({above} if above else set())


def _deputies(work: CouncilsStore, units: DatedUnits, unit_code: str) -> list[DeputyPart]:
    """A unit's own. A grid has some of its community's beside those that were entered for itself."""
    own, community = work.councils.deputies_of(unit_code), units.parent_of(unit_code)
    if tier_of(unit_code) is not Tier.GRID or community is None:
        return own
    return own + drawn_for_grid(unit_code, work.councils.deputies_of(community), work.book.draw.seed)


def _with_experts(units: DatedUnits, unit_code: str) -> str:
    """Experts are on call in every street, and in the district for itself."""
    return units.at_least(unit_code, Tier.STREET)
