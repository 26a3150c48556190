"""The directory of units: each by its code, by what lies above it, by tier, and by the places a text names."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

from shared.errors import NotFound
from shared.units.codes import BadUnitCode, Tier, ancestors_of, canonical_code, tier_of
from shared.units.files import read_neighbours, read_units
from shared.units.places import Found, PlaceFinder
from shared.units.unit import Unit


class UnknownUnit(NotFound):
    """No unit has this code."""

    code = "unknown_unit"


class ElsewhereUnit(NotFound):
    """This is the code of a unit of another district."""

    code = "elsewhere_unit"


class UnitDirectory:
    """All units by code, and what lies next to them. Read-only; an operator replaces the file and restarts."""

    def __init__(self, units: Iterable[Unit], neighbours: Iterable[Unit] = ()) -> None:
        self._by_code = {unit.code: unit for unit in units}
        self._by_other_code = {other: unit for unit in self._by_code.values() for other in unit.other_codes}
        self._elsewhere = {unit.code: unit for unit in neighbours if unit.code[:6] not in self._by_code}
        self._children: dict[str, list[Unit]] = defaultdict(list)
        self._of_tier: dict[Tier, list[Unit]] = defaultdict(list)
        for code in sorted(self._by_code):
            unit = self._by_code[code]
            self._of_tier[unit.tier].append(unit)
            self._children[code[:-3]].append(unit)

    @classmethod
    def load(cls, path: Path | None = None) -> "UnitDirectory":
        """Reads a units file, or the one that ships. Raises BadUnitsFile with every fault in it."""
        return cls(read_units(path), read_neighbours())

    def __len__(self) -> int:
        return len(self._by_code)

    def __iter__(self) -> Iterator[Unit]:
        return iter(self._by_code.values())

    def find(self, code: str) -> Unit | None:
        """By its code, however long it is written, or by its code in another register."""
        unit = self._by_code.get(code)
        if unit is not None:
            return unit
        try:
            code = canonical_code(code)
        except BadUnitCode:
            return None
        return self._by_code.get(code) or self._by_other_code.get(code)

    def find_elsewhere(self, code: str) -> Unit | None:
        """The street or district of a neighbour to which this code belongs. None if nobody knows it, or it is ours."""
        code = canonical_code(code)
        return next((unit for one in (code, *ancestors_of(code)) if (unit := self._elsewhere.get(one))), None)

    def get(self, code: str) -> Unit:
        """Raises BadUnitCode for what can't be a code, ElsewhereUnit for a neighbour's, UnknownUnit for any other."""
        unit = self.find(code)
        if unit is not None:
            return unit
        elsewhere = self.find_elsewhere(code)
        if elsewhere is None:
            raise UnknownUnit(f"no unit has the code {code}", {"unit": [f"Unknown unit: {code}."]})
        where = f"{code} is in {elsewhere.name}"
        raise ElsewhereUnit(f"{where}, which is not ours", {"unit": [f"Not ours: {where}."]})

    def children_of(self, code: str) -> tuple[Unit, ...]:
        """The units right below, by code."""
        tier_of(code)
        return tuple(self._children.get(code, ()))

    def of_tier(self, tier: Tier) -> tuple[Unit, ...]:
        return tuple(self._of_tier.get(tier, ()))

    def find_in_text(self, text: str) -> Unit | None:
        """The lowest unit that covers the places a text names, or None if it names none of ours."""
        return self._places.find(text).unit

    def find_place(self, address: str, text: str = "") -> Found:
        """What an address names, and a text beside it: ours, elsewhere, nothing, or two that contradict each other."""
        return self._places.find_place(address, text)

    @cached_property
    def _places(self) -> PlaceFinder:
        return PlaceFinder(self._by_code)
