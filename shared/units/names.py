"""The names that units go by: full ones, which say what kind of unit it is, and bare ones, which may say enough.

A bare name that several communities begin with (芍药居, 北苑家园) is a name too, of them all.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise, takewhile
from typing import NamedTuple

from shared.units.codes import Tier
from shared.units.unit import Unit
from shared.units.words import ORDINARY_WORDS

STREET_SUFFIXES = ("街道", "地区", "回族乡", "乡", "镇")
_COMMUNITY_ENDING = re.compile(r"(社区)?(家委会|(居民)?居委会|居民委员会|治理委员会社区|治理委员会)$")
_VILLAGE_ENDING = re.compile(r"(村委会|村民委员会)$")
_SAYS_TOO_LITTLE = re.compile(r"[东西南北中路街]$|第?[一二三四五六七八九十]+$")
_NUMBER = re.compile("(?<=[^一二三四五六七八九十])[一二三四五六七八九十]+")
_DIGITS = "零一二三四五六七八九"


class Names(NamedTuple):
    """What one unit goes by. `bare` is empty where it says nothing."""

    full: list[str]
    bare: list[str]
    is_ordinary: bool
    """Whether what is left without the suffix is an ordinary word: its full name may then be part of a longer one."""


def names_of(unit: Unit) -> Names:
    """All names of a unit other than a grid."""
    full: list[str] = []
    bare: list[str] = []
    for written in (unit.name, *unit.aliases):
        short, explicit = _short_and_full(written, unit.tier)
        full += explicit
        bare += [short] if _is_telling(short, unit.tier) else []
    short = short_name(unit)
    return Names(_with_digits(full), _with_digits(bare), short in ORDINARY_WORDS)


def short_name(unit: Unit) -> str:
    return _short_and_full(unit.name, unit.tier)[0]


def shared_beginnings(communities: Iterable[Unit]) -> Iterator[tuple[str, list[str]]]:
    """What the bare names of several communities begin with, and their codes."""
    by_name = sorted((short_name(unit), unit.code) for unit in communities)
    beginnings = {_common_beginning(a, b).removesuffix("第") for (a, _), (b, _) in pairwise(by_name)}
    known = {name for name, _ in by_name}
    for beginning in sorted(beginnings - known):
        if len(beginning) >= 3 and _is_telling(beginning, Tier.COMMUNITY):
            yield beginning, [code for name, code in by_name if name.startswith(beginning)]


def _common_beginning(name: str, other: str) -> str:
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(name, other, strict=False))
    return "".join(letter for letter, _ in alike)


def says_enough(name: str) -> bool:
    """Whether a bare name of three characters or more is neither a road, nor a side of something, nor a number."""
    return len(name) >= 3 and not _SAYS_TOO_LITTLE.search(name)


def without_suffix(name: str) -> str:
    """A street's bare name."""
    return next((name.removesuffix(suffix) for suffix in STREET_SUFFIXES if name.endswith(suffix)), name)


def _is_telling(short: str, tier: Tier) -> bool:
    """Two characters do for a street or a village, not for a community."""
    if short in ORDINARY_WORDS:
        return False
    if tier is Tier.STREET or short.endswith("村"):
        return len(short) >= 2
    return says_enough(short)


def _short_and_full(name: str, tier: Tier) -> tuple[str, list[str]]:
    if tier is Tier.DISTRICT:
        return "", [name]
    if tier is Tier.STREET:
        short = without_suffix(name)
        return short, [name, *(short + suffix for suffix in ("街道", "地区", "乡"))]
    village = _VILLAGE_ENDING.sub("", name)
    if village != name:
        return village, [name, _as_village(village), _as_village(village.removesuffix("大队"))]
    short = _COMMUNITY_ENDING.sub("", name).removesuffix("社区")
    return short, [name, short + "社区", short + "居委会"]


def _as_village(name: str) -> str:
    return name if name.endswith("村") else name + "村"


def _with_digits(names: list[str]) -> list[str]:
    """Each also as it is written with digits: 望京西园4区. A number in front of a name is never a digit (三里屯)."""
    return list(dict.fromkeys(form for name in names for form in (name, _NUMBER.sub(_as_digits, name))))


def _as_digits(written: re.Match[str]) -> str:
    """14 for 十四; what is no single number, as 一二 in 一二条, stays as it is."""
    tens, ten, ones = written[0].rpartition("十")
    if len(tens) > 1 or len(ones) > 1:
        return written[0]
    number = (_DIGITS.index(tens) if tens else 1) * 10 if ten else 0
    return str(number + (_DIGITS.index(ones) if ones else 0))
