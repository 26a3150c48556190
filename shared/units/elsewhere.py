"""Names of places that are not ours: Beijing's other districts with their streets, and China's provinces and cities.

A city's bare name counts only right in front of a name of ours: 长春朝阳区, 河北高碑店. Else half of all restaurants
would be elsewhere.
"""

import csv
import re
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from shared.units.codes import Tier
from shared.units.files import read_neighbours
from shared.units.names import says_enough, without_suffix
from shared.units.unit import Unit
from shared.units.words import AROUND, ORDINARY_ELSEWHERE

CITIES = Path(__file__).parent / "cities_of_china.csv"
_ENDINGS = "省市州盟"
_ENDS = re.compile(f"[{_ENDINGS}](?![场政民容委级])")
_SUFFIX = re.compile("(省|市|(壮族|回族|维吾尔)?自治区|特别行政区)$")
_NOT_OUTSIDE = re.compile("...(?!外)")
_SHORTEST = 3
_HAN = re.compile("[\u4e00-\u9fff]")


class ElsewhereName(NamedTuple):
    """A name of a place that is not ours. `code` is a district's of Beijing, or a province's."""

    name: str
    code: str
    is_sure: bool
    stands_alone: bool = False
    around: re.Pattern[str] | None = None


def names_elsewhere(ours: Collection[str]) -> Iterator[ElsewhereName]:
    """Those that are looked for like ours, given the districts that are ours by code."""
    for neighbour in read_neighbours():
        if neighbour.code[:6] not in ours:
            yield from _names_of_neighbour(neighbour)
    for name, code in _cities().full.items():
        if name[-1] not in _ENDINGS:
            yield ElsewhereName(name, code, is_sure=True)


def cities_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Where in a text a province or a city is named in full, and the province's code."""
    full, longest, endings, _ = _cities()
    for match in _ENDS.finditer(text):
        end = match.end()
        if text[max(0, end - _SHORTEST) : end] not in endings:
            continue
        for start in range(max(0, end - longest), end - 1):
            if (name := text[start:end]) in full:
                if not name.endswith("城市") or not _HAN.match(text[start - 1 : start]) or city_before(text, start):
                    yield start, end, full[name]  # and not of 沿海城市 or 新兴城市
                break


def city_before(text: str, end: int) -> tuple[int, int, str] | None:
    """A province's or a city's bare name that stands right before. In 通惠河北 there is no 河北."""
    bare = _cities().bare
    for start in (end - 3, end - 2):
        if start >= 0 and (code := bare.get(text[start:end])):
            is_a_side = text[end - 1] in "东西南北" and _HAN.match(text[start - 1 : start])
            return None if is_a_side else (start, end, code)
    return None


def _names_of_neighbour(unit: Unit) -> Iterator[ElsewhereName]:
    district = unit.code[:6]
    if unit.tier is Tier.DISTRICT:
        yield ElsewhereName(unit.name, district, is_sure=True)
        bare = unit.name.removesuffix("区")
        if bare not in ORDINARY_ELSEWHERE:
            yield ElsewhereName(
                bare, district, is_sure=False, around=AROUND.get(bare) or re.compile(f"{bare}(?![线路街桥道])")
            )
        return
    bare = without_suffix(unit.name)
    full = [unit.name, *(bare + suffix for suffix in ("镇", "乡") if unit.name.endswith("地区"))]
    for name in full:
        yield ElsewhereName(name, district, is_sure=True, stands_alone=len(bare) == 2)
    if bare != unit.name and says_enough(bare):
        yield ElsewhereName(bare, district, is_sure=False, around=_NOT_OUTSIDE if bare.endswith("门") else None)


class _Cities(NamedTuple):
    full: dict[str, str]
    longest: int
    endings: frozenset[str]
    bare: dict[str, str]


@cache
def _cities() -> _Cities:
    with CITIES.open(encoding="utf-8", newline="") as file:
        full = {row["name"]: row["code"][:2] for row in csv.DictReader(file)}
    bare = {_SUFFIX.sub("", name): code for name, code in full.items()}
    return _Cities(full, max(map(len, full)), frozenset(name[-_SHORTEST:] for name in full), bare)
