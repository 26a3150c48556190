"""The directory of units: each by its code, by what lies above it, by tier, and by the places a text names."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from shared.errors import NotFound
from shared.units.codes import Tier, tier_of
from shared.units.files import read_units
from shared.units.places import PlaceFinder
from shared.units.unit import Unit


class UnknownUnit(NotFound):
    """No unit has this code."""

    code = "unknown_unit"


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
        """Reads a units file, or the one that ships. Raises BadUnitsFile with every fault in it."""
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
    def _places(self) -> PlaceFinder:
        return PlaceFinder(self._by_code)
