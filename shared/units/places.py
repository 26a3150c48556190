"""Finds the units that an address or a text names, fast enough for every complaint.

A longer name goes before a shorter one, a full one (劲松街道) before a bare one (劲松), which counts unless it is an
ordinary word. What stands behind another district's or city's name lies there: 海淀区八里庄, 长春市朝阳区.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest
from typing import NamedTuple

from shared.units.codes import NoCoveringUnit, Tier, covering_unit
from shared.units.elsewhere import cities_in, city_before, names_elsewhere
from shared.units.gazetteer import Gazetteer, Meaning, Mention, simplified
from shared.units.names import names_of, says_enough, shared_beginnings
from shared.units.unit import Unit
from shared.units.words import BETWEEN, BETWEEN_IN_TEXT, ORDINARY_WORDS

REACH_IN_TEXT = 20
"""So many characters behind another district's name, what a text names still lies there, if nothing is against it."""
_GRID = re.compile(r"第[一二三四五六七八九十0-9]{1,3}网格")
_NOTHING_BETWEEN = " \u3000,，-—·"


class Finding(StrEnum):
    """What the places named have in common."""

    OURS = "ours"
    ELSEWHERE = "elsewhere"
    NOTHING = "nothing"
    CONTRADICTION = "contradiction"


class NamedPlace(NamedTuple):
    """A place that is no unit, such as a compound 小区 or a building, and the units in which it lies."""

    name: str
    unit_codes: tuple[str, ...]
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, by which names, as they stand in the text.

    `unit` is the lowest one of ours that covers what was named. In a contradiction it is the address's, if that
    names any; elsewhere and nothing have none.
    """

    finding: Finding
    unit: Unit | None = None
    names: tuple[str, ...] = ()


class PlaceFinder:
    """Knows the names of all units, given by code, and of other places in them."""

    def __init__(self, units: Mapping[str, Unit], places: Iterable[NamedPlace] = ()) -> None:
        self._units = units
        self._names = Gazetteer()
        self._grids: dict[str, list[Unit]] = defaultdict(list)
        for unit in sorted(units.values(), key=lambda unit: (-unit.tier.height, unit.code)):
            if unit.tier is Tier.GRID:
                self._grids[unit.code[:-3]].append(unit)
            else:
                self._add_unit(unit)
        for name, codes in shared_beginnings(unit for unit in units.values() if unit.tier is Tier.COMMUNITY):
            if name not in self._names:
                self._names.meaning(name).codes.extend(codes)
        for place in places:
            self._add_place(place)
        self._add_elsewhere()
        self._names.close()

    def find(self, text: str) -> Found:
        """What a text names. It may speak of other places beside ours."""
        return self._read(text, is_address=False)[0]

    def find_place(self, address: str, text: str = "") -> Found:
        """By the address, and by the text where that says nothing, or no more than the district."""
        told, _ = self._read(address, is_address=True)
        said, says_next_door = self._read(text, is_address=False)
        if told.finding is Finding.NOTHING:
            return said
        if told.finding is Finding.OURS and said.unit and told.unit and said.unit.code.startswith(told.unit.code):
            return said if told.unit.tier is Tier.DISTRICT else told
        if not _is_against(told, said, says_next_door=says_next_door):
            return told
        return Found(Finding.CONTRADICTION, told.unit, told.names + said.names)

    def _add_unit(self, unit: Unit) -> None:
        names = names_of(unit)
        for name in dict.fromkeys((*names.full, *names.bare)):
            self._names.meaning(name).codes.append(unit.code)
        for name in names.full:
            meaning = self._names.meaning(name)
            meaning.is_full = True
            meaning.stands_alone |= names.is_ordinary and unit.tier is Tier.COMMUNITY

    def _add_place(self, place: NamedPlace) -> None:
        codes = [code for code in place.unit_codes if code in self._units]
        for name in (place.name, *place.aliases) if codes else ():
            if says_enough(name) and name not in ORDINARY_WORDS:
                self._names.meaning(name).codes.extend(codes)
            if not name.endswith("小区"):
                self._names.meaning(name + "小区").codes.extend(codes)

    def _add_elsewhere(self) -> None:
        for one in names_elsewhere([code for code in self._units if len(code) == 6]):
            is_ours_too = one.name in self._names
            meaning = self._names.meaning(one.name)
            meaning.elsewhere.add(one.code)
            meaning.is_surely_elsewhere |= one.is_sure
            if not is_ours_too:
                meaning.stands_alone, meaning.around = one.stands_alone, one.around

    def _read(self, text: str, *, is_address: bool) -> tuple[Found, bool]:
        """What is found, and whether a neighbouring district or a street of one is named in full."""
        plain = simplified(text)
        mentions = _with_cities(self._names.mentions_in(plain), plain)
        if not mentions:
            return Found(Finding.NOTHING), False
        ours, elsewhere = _parted(mentions, plain, is_address=is_address)
        sure = [one.meaning for one in elsewhere if one.meaning.is_surely_elsewhere]
        names = tuple(text[one.start : one.end] for one in mentions)
        found = self._found(ours, plain, names) if ours else Found(Finding.NOTHING)
        if is_address and ours and sure:
            found = Found(Finding.CONTRADICTION, found.unit, names)
        if elsewhere and not ours:
            found = Found(Finding.ELSEWHERE, None, names)
        return found, any(len(code) == 6 for meaning in sure for code in meaning.elsewhere)

    def _found(self, ours: list[Mention], text: str, names: tuple[str, ...]) -> Found:
        try:
            placed, is_at_odds = _placed(ours, text)
            unit = self._units.get(_covering(placed))
        except NoCoveringUnit:
            return Found(Finding.CONTRADICTION, None, names)
        if is_at_odds or unit is None:
            return Found(Finding.CONTRADICTION, unit, names)
        return Found(Finding.OURS, self._grid_in(unit, text), names)

    def _grid_in(self, unit: Unit, text: str) -> Unit:
        """The grid of this community that the text names, or the unit itself."""
        if unit.tier is not Tier.COMMUNITY or "网格" not in text:
            return unit
        named = set(_GRID.findall(text))
        grids = [grid for grid in self._grids.get(unit.code, ()) if grid.name in named]
        return grids[0] if len(grids) == 1 else unit


def _is_against(told: Found, said: Found, *, says_next_door: bool) -> bool:
    """Whether a text speaks against what an address tells. A city alone does not: many a firm has one in its name."""
    if said.unit is None:
        return told.finding is Finding.OURS and says_next_door
    if told.unit is None:
        return told.finding is Finding.ELSEWHERE and said.unit.tier is not Tier.DISTRICT
    return not told.unit.code.startswith(said.unit.code)


def _with_cities(mentions: list[Mention], text: str) -> list[Mention]:
    """Those of cities too; what is named inside a city's name is not meant."""
    cities = [_city(*one) for one in cities_in(text)]
    ends = {one.end for one in mentions}
    ours = (one.start for one in mentions if one.meaning.codes and one.start not in ends)
    cities += [_city(*before) for start in ours if (before := city_before(text, start))]
    apart = [one for one in mentions if not any(one.start < city.end and city.start < one.end for city in cities)]
    return sorted((*apart, *cities), key=lambda one: one.start) if cities else mentions


def _city(start: int, end: int, code: str) -> Mention:
    return Mention(start, end, Meaning("", elsewhere={code}, is_surely_elsewhere=True))


def _parted(mentions: list[Mention], text: str, *, is_address: bool) -> tuple[list[Mention], list[Mention]]:
    """What is named of ours, and what elsewhere: also what lies there because of what stands before it."""
    ours: list[Mention] = []
    elsewhere: list[Mention] = []
    before: Mention | None = None
    told = {code for one in mentions if not one.meaning.codes for code in one.meaning.elsewhere}
    names_us = any(len(code) == 6 for one in mentions for code in one.meaning.codes)
    for one in mentions:
        meaning = one.meaning
        if before is not None and not _reaches(before, one, text, is_address=is_address):
            before = None
        if not meaning.codes:
            elsewhere.append(one)
            before = one if before is None or meaning.is_surely_elsewhere else _with(before, one)
        elif before is not None and _lies_with(before.meaning, meaning):
            elsewhere.append(one)
            before = _with(before, one)
        elif meaning.elsewhere & told and not names_us:
            elsewhere.append(one)
        else:
            before = None
            ours.append(one)
    return ours, elsewhere


def _with(before: Mention, one: Mention) -> Mention:
    return Mention(before.start, one.end, before.meaning)


def _reaches(before: Mention, one: Mention, text: str, *, is_address: bool) -> bool:
    """Whether what is named next may lie in what was named before. A district's bare name reaches no further."""
    between = text[before.end : one.start]
    if not before.meaning.is_surely_elsewhere:
        return not between.strip(_NOTHING_BETWEEN)
    if is_address:
        return BETWEEN.search(between) is None
    return len(between) <= REACH_IN_TEXT and BETWEEN_IN_TEXT.search(between) is None


def _lies_with(before: Meaning, one: Meaning) -> bool:
    """Whether a name of ours, behind this one, is meant as one there. A neighbour has none of our streets."""
    if not all(len(code) == 6 for code in before.elsewhere):
        return True
    is_surely_ours = one.is_full and one.is_street and not one.elsewhere & before.elsewhere
    return len(one.codes[0]) > 6 and not is_surely_ours


def _placed(ours: list[Mention], text: str) -> tuple[list[str], bool]:
    """A code for each place, without those that only say where another lies; and whether they contradict each other."""
    named, at_odds = _without_surroundings(ours, text)
    sure = {one.codes[0] for one in named if one.is_full and len(one.codes) == 1}
    sure_streets = {code for code in sure if len(code) == 9}
    streets = sure_streets or {one.codes[0] for one in named if one.is_street}
    places = set(sure)
    for one in named:
        inside = [code for code in one.codes if code[:9] in streets]
        if inside or not sure_streets or one.is_full or one.name in at_odds:
            places.add(_covering(inside or one.codes))
    lowest = [code for code in places if not any(other != code and other.startswith(code) for other in places)]
    return lowest, bool(at_odds)


def _covering(codes: list[str]) -> str:
    """As `covering_unit`, at no cost where there is one, as there mostly is."""
    return codes[0] if len(codes) == 1 else covering_unit(codes)


def _without_surroundings(ours: list[Mention], text: str) -> tuple[Iterable[Meaning], set[str]]:
    """What is named, once each, and what stands right behind the full name of a street in which it does not lie.

    Right behind a street's bare name it says where it is better than that: 亚运村慧忠里 lies in 大屯街道.
    """
    kept: dict[str, Meaning] = {}
    at_odds: set[str] = set()
    for one, following in zip_longest(ours, ours[1:]):
        is_elsewhere = following is not None and _is_beside(one, following, text)
        if one.meaning.is_full or not is_elsewhere:
            kept[one.meaning.name] = one.meaning
        if one.meaning.is_full and is_elsewhere:
            at_odds.add(following.meaning.name)
    return kept.values(), at_odds


def _is_beside(street: Mention, place: Mention, text: str) -> bool:
    """Whether the place stands right behind the street and lies in another."""
    if not street.meaning.is_street or place.meaning.is_street or len(place.meaning.codes[0]) == 6:
        return False
    is_right_behind = not text[street.end : place.start].strip(_NOTHING_BETWEEN)
    return is_right_behind and not place.meaning.has_inside(street.meaning.codes[0])
