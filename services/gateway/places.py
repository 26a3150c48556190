"""The units that pages offer to choose from: the district and its streets, from the units file."""

from functools import lru_cache

from shared.settings import settings
from shared.units import Tier, UnitDirectory, tier_of
from shared.units.unit import Unit


@lru_cache(maxsize=1)
def _units() -> UnitDirectory:
    return UnitDirectory.load(settings().units_file)


def district_name() -> str:
    """What the district is called."""
    return next(unit.name for unit in _units() if unit.tier is Tier.DISTRICT)


def streets() -> list[tuple[str, str]]:
    """Code and name of each street, by code."""
    return [(unit.code, unit.name) for unit in _units() if unit.tier is Tier.STREET]


def communities_of(street: str) -> list[tuple[str, str]]:
    """Code and name of each community of a street, by code."""
    return [(unit.code, unit.name) for unit in _units() if unit.tier is Tier.COMMUNITY and unit.code.startswith(street)]


def unit_name(code: str) -> str:
    """What a unit is called; the code itself where it is none of ours."""
    unit = place_named(code)
    return unit.name if unit else code


def place_named(code: str) -> Unit | None:
    """The unit of the code, None where it is none of ours."""
    return _units().find(code)


def unit_named(words: str) -> Unit | None:
    """The unit that is called so, or has this code; None where there is none, or several are called so."""
    wanted = words.strip()
    found = [unit for unit in _units() if wanted in (unit.code, unit.name)]
    return found[0] if len(found) == 1 else None


def inside(code: str) -> list[tuple[str, str]]:
    """Code and name of a unit and of every unit inside it; a community with the street that it is in.

    Grids are named to their own community alone: above it nobody chooses among thousands.
    """
    names = {unit.code: unit.name for unit in _units()}
    has_grids = tier_of(code) <= Tier.COMMUNITY
    return [
        (unit.code, f"{names[unit.code[:9]]} · {unit.name}" if unit.tier is Tier.COMMUNITY else unit.name)
        for unit in _units()
        if unit.code.startswith(code) and (has_grids or unit.tier is not Tier.GRID)
    ]


def district_code() -> str:
    """The code of the district."""
    return next(unit.code for unit in _units() if unit.tier is Tier.DISTRICT)
