"""Finds the units that a text names, fast enough for every complaint (a thousand characters in some microseconds).

Short names count too (`劲松` for 劲松街道, `永安里` for 永安里社区居委会), unless they are ordinary words.
Names that several units bear are settled by a street named beside them; failing that by the unit that covers them all.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from shared.units.codes import NoCoveringUnit, Tier, covering_unit
from shared.units.unit import Unit

# Bare names that mean something else in most texts; with their suffix (平房乡, 新街社区) they still count.
ORDINARY_WORDS = frozenset(
    [
        "平房",
        "东风",
        "东湖",
        "东路",
        "南路",
        "后街",
        "新街",
        "和平",
        "晨光",
        "海棠",
        "新生",
        "富力",
        "安外",
        "石门",
        "江南",
        "远景",
        "丽景",
        "电建",
        "康城",
        "金台",
        "东郊",
        "东营",
        "十字口",
        "望湖",
        "北苑",
        "光环",
        "九龙",
        "和平街",
    ]
)
_STREET_SUFFIXES = ("街道", "地区", "乡", "镇")
_COMMUNITY_ENDING = re.compile(r"(社区)?(家委会|居委会|居民委员会|治理委员会社区|治理委员会)$")
_VILLAGE_ENDING = re.compile(r"(村委会|村民委员会)$")
_GRID = re.compile(r"第[一二三四五六七八九十0-9]{1,3}网格")


class PlaceFinder:
    """An index of all names of units, which are given by code."""

    def __init__(self, units: Mapping[str, Unit]) -> None:
        self._units = units
        self._named: dict[str, list[str]] = defaultdict(list)
        self._explicit: set[str] = set()
        self._grids: dict[str, list[Unit]] = defaultdict(list)
        for unit in sorted(units.values(), key=lambda unit: (-unit.tier.height, unit.code)):
            if unit.tier is Tier.GRID:
                self._grids[unit.code[:-3]].append(unit)
            else:
                self._add(unit)
        self._by_start: dict[str, list[str]] = defaultdict(list)
        for name in sorted(self._named, key=len, reverse=True):
            self._by_start[name[:2]].append(name)
        firsts = "".join(sorted({re.escape(start[0]) for start in self._by_start}))
        seconds = "".join(sorted({re.escape(start[1]) for start in self._by_start}))
        self._starts = re.compile(f"[{firsts}](?=[{seconds}])") if self._by_start else re.compile("(?!)")

    def find(self, text: str) -> Unit | None:
        """The lowest unit that covers every place named."""
        names = set(self._names_in(text))
        if not names:
            return None
        try:
            unit = self._units.get(covering_unit(self._settle(names)))
        except NoCoveringUnit:
            return None
        if unit and unit.tier is Tier.COMMUNITY and "网格" in text:
            return self._grid(unit, text) or unit
        return unit

    def _names_in(self, text: str) -> Iterator[str]:
        end = 0
        for match in self._starts.finditer(text):
            start = match.start()
            if start < end:
                continue
            for name in self._by_start.get(text[start : start + 2], ()):
                if text.startswith(name, start):
                    end = start + len(name)
                    yield name
                    break

    def _settle(self, names: set[str]) -> list[str]:
        """One code for each place, without the units that only say where another named place lies."""
        sure = {self._named[name][0] for name in names if name in self._explicit and len(self._named[name]) == 1}
        sure_streets = {code for code in sure if len(code) == 9}
        streets = sure_streets or {codes[0] for name in names if len((codes := self._named[name])[0]) == 9}
        places = set(sure)
        for name in names:
            codes = self._named[name]
            inside = [code for code in codes if code[:9] in streets]
            if inside or not sure_streets or name in self._explicit:
                places.add(covering_unit(inside or codes))
        return [code for code in places if not any(other != code and other.startswith(code) for other in places)]

    def _grid(self, community: Unit, text: str) -> Unit | None:
        named = set(_GRID.findall(text))
        grids = [grid for grid in self._grids.get(community.code, ()) if grid.name in named]
        return grids[0] if len(grids) == 1 else None

    def _add(self, unit: Unit) -> None:
        short, explicit = _short_and_explicit_names(unit)
        for name in explicit:
            self._explicit.add(name)
        if short and short not in ORDINARY_WORDS and _is_telling(short, unit.tier):
            explicit = [*explicit, short]
        for name in dict.fromkeys(explicit):
            self._named[name].append(unit.code)


def _is_telling(short: str, tier: Tier) -> bool:
    """Whether a bare name says enough. Two characters do for a street or a village, not for a community."""
    return len(short) >= 3 or (len(short) == 2 and (tier is Tier.STREET or short.endswith("村")))


def _short_and_explicit_names(unit: Unit) -> tuple[str, list[str]]:
    """The bare name, and the names that say what kind of unit it is."""
    if unit.tier is Tier.DISTRICT:
        return "", [unit.name]
    if unit.tier is Tier.STREET:
        short = next((unit.name.removesuffix(s) for s in _STREET_SUFFIXES if unit.name.endswith(s)), unit.name)
        return short, [unit.name, *(short + suffix for suffix in _STREET_SUFFIXES[:3])]
    village = _VILLAGE_ENDING.sub("", unit.name)
    if village != unit.name:
        return village, [unit.name, village if village.endswith("村") else village + "村"]
    short = _COMMUNITY_ENDING.sub("", unit.name).removesuffix("社区")
    return short, [unit.name, short + "社区", short + "居委会"]
