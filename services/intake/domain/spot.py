"""Which building, entrance or yard a text names by number: 3号楼, 二单元, A座, 甲3号院.

Texts of one compound often differ in this alone, and then speak of two matters: two lifts, two leaks.
"""

import re
import unicodedata

_KINDS = {"号楼": "building", "栋": "building", "幢": "building", "座": "building", "单元": "entrance", "号院": "yard"}
_NUMBER = r"[甲乙丙丁]?(?:\d{1,4}|[零〇一二三四五六七八九十百]{1,5}|[A-Za-z])"
_NAMED = re.compile(
    rf"(?<![\dA-Za-z])({_NUMBER}(?:\s*(?:号楼|[栋幢座])?\s*[、,/和及与至到~-]\s*{_NUMBER})*)\s*(号楼|号院|单元|[栋幢座])"
)
_ONE = re.compile(_NUMBER)
_DIGITS = {sign: number for number, sign in enumerate("零一二三四五六七八九")} | {"〇": 0}


def spots_in(text: str) -> frozenset[str]:
    """Each as `kind:number`, whatever the script: `building:3` for 3号楼, ３号楼, 三号楼 and 3栋."""
    plain = unicodedata.normalize("NFKC", text)
    return frozenset(
        f"{_KINDS[named[2]]}:{_number(one)}" for named in _NAMED.finditer(plain) for one in _ONE.findall(named[1])
    )


def are_apart(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two texts name spots of one kind, and none of them in common. What only one names says nothing."""
    kinds = {spot.partition(":")[0] for spot in one} & {spot.partition(":")[0] for spot in other}
    return any(not _of(kind, one) & _of(kind, other) for kind in kinds)


def _of(kind: str, spots: frozenset[str]) -> set[str]:
    return {spot for spot in spots if spot.startswith(f"{kind}:")}


def _number(words: str) -> str:
    """12 for 12, 012 and 十二; letters and 甲 as they are."""
    prefix, rest = (words[0], words[1:]) if words[0] in "甲乙丙丁" else ("", words)
    if rest.isascii():
        return prefix + (str(int(rest)) if rest.isdigit() else rest.upper())
    if not set(rest) & {"十", "百"}:
        return prefix + str(int("".join(str(_DIGITS[sign]) for sign in rest)))
    total = part = 0
    for sign in rest:
        if sign in _DIGITS:
            part = _DIGITS[sign]
        else:
            total, part = total + (part or 1) * (100 if sign == "百" else 10), 0
    return prefix + str(total + part)
