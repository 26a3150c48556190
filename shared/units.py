"""Unit codes and the directory of units. A code alone says its tier and its parent; names come from a reference file.

Grid, community, street and district codes have 15, 12, 9 and 6 digits; a unit's code begins with its parent's.
Finding units named in a text is in `shared.places`.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from shared.errors import BadRequest, NotFound

if TYPE_CHECKING:
    from shared.places import PlaceFinder


class BadUnitCode(BadRequest):
    """This is not the code of a unit."""

    code = "bad_unit_code"


class NoCoveringUnit(BadRequest):
    """No single unit covers these units: they lie in different districts."""

    code = "no_covering_unit"


class UnknownUnit(NotFound):
    """No unit has this code."""

    code = "unknown_unit"


class Tier(StrEnum):
    """How high a unit stands. Tiers compare by height: `Tier.GRID < Tier.DISTRICT`."""

    GRID = "grid"
    COMMUNITY = "community"
    STREET = "street"
    DISTRICT = "district"

    @property
    def height(self) -> int:
        return _HEIGHTS[self.value]

    @property
    def above(self) -> "Tier | None":
        """The next tier up; None above the district."""
        return None if self is Tier.DISTRICT else list(Tier)[self.height + 1]

    def __lt__(self, other: str) -> bool:
        return self.height < Tier(other).height

    def __le__(self, other: str) -> bool:
        return self.height <= Tier(other).height

    def __gt__(self, other: str) -> bool:
        return self.height > Tier(other).height

    def __ge__(self, other: str) -> bool:
        return self.height >= Tier(other).height


_HEIGHTS = {"grid": 0, "community": 1, "street": 2, "district": 3}
_TIER_BY_LENGTH = {6: Tier.DISTRICT, 9: Tier.STREET, 12: Tier.COMMUNITY, 15: Tier.GRID}
_DIGITS = frozenset("0123456789")


def tier_of(code: str) -> Tier:
    """The tier a code says it belongs to. Raises BadUnitCode."""
    tier = _TIER_BY_LENGTH.get(len(code))
    if tier is None or not _DIGITS.issuperset(code):
        raise BadUnitCode(
            f"{code!r} is not a unit code: it must have 6 (district), 9 (street), 12 (community) or 15 (grid) digits",
            {"unit": [f"Not a unit code: {code[:40]!r}."]},
        )
    return tier


def parent_of(code: str) -> str | None:
    """The code of the unit above; None for a district."""
    return None if tier_of(code) is Tier.DISTRICT else code[:-3]


def ancestors_of(code: str) -> tuple[str, ...]:
    """The codes of all units above, nearest first."""
    tier_of(code)
    return tuple(code[:length] for length in range(len(code) - 3, 5, -3))


def is_within(code: str, unit: str) -> bool:
    """Whether `code` is `unit` itself or lies inside it."""
    tier_of(code), tier_of(unit)
    return code.startswith(unit)


def covering_unit(codes: Iterable[str]) -> str:
    """The lowest unit that covers all of them: their longest common prefix that is a unit. Raises NoCoveringUnit."""
    codes = sorted(codes)
    for code in codes:
        tier_of(code)
    # What the first and the last in order share, all between them share too.
    lineage = [codes[0], *ancestors_of(codes[0])] if codes else []
    for unit in lineage:
        if codes[-1].startswith(unit):
            return unit
    raise NoCoveringUnit(f"no unit covers all of: {', '.join(codes) or 'nothing'}")


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of the district. Dates are days in Shanghai; None means as far as the records go."""

    code: str
    name: str
    tier: Tier
    kind: str
    population: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    replaced_by: str | None = None

    def is_valid_on(self, day: date) -> bool:
        """Both ends belong to the validity."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class UnitDirectory:
    """All units by code. Read-only; an operator replaces the file and restarts."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._by_code = {unit.code: unit for unit in units}
        self._children: dict[str, list[Unit]] = defaultdict(list)
        self._of_tier: dict[Tier, list[Unit]] = defaultdict(list)
        for code in sorted(self._by_code):
            unit = self._by_code[code]
            self._of_tier[unit.tier].append(unit)
            self._children[code[:-3]].append(unit)

    @classmethod
    def load(cls, path: Path | None = None) -> "UnitDirectory":
        """Reads a units file, or the one that ships. Raises `shared.unit_files.BadUnitsFile` with every fault in it."""
        from shared.unit_files import read_units

        return cls(read_units(path))

    def __len__(self) -> int:
        return len(self._by_code)

    def find(self, code: str) -> Unit | None:
        return self._by_code.get(code)

    def get(self, code: str) -> Unit:
        """Raises BadUnitCode for what can't be a code, UnknownUnit for what could be but isn't one of ours."""
        tier_of(code)
        unit = self._by_code.get(code)
        if unit is None:
            raise UnknownUnit(f"no unit has the code {code}", {"unit": [f"Unknown unit: {code}."]})
        return unit

    def children_of(self, code: str) -> tuple[Unit, ...]:
        """The units right below, by code."""
        tier_of(code)
        return tuple(self._children.get(code, ()))

    def of_tier(self, tier: Tier) -> tuple[Unit, ...]:
        return tuple(self._of_tier.get(tier, ()))

    def find_in_text(self, text: str) -> Unit | None:
        """The lowest unit that covers the places a text names, or None if it names none of ours."""
        return self._places.find(text)

    @cached_property
    def _places(self) -> "PlaceFinder":
        from shared.places import PlaceFinder

        return PlaceFinder(self)
