"""An index of names: which of them stand where in a text, the longer before the shorter, however they are written.

Traditional characters, full-width digits and small letters are read as what they stand for.
"""

import csv
import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase, digits
from typing import NamedTuple

from shared.units.words import AROUND, BEFORE_STANDING_ALONE, ROAD

FULL_WIDTH = ord("０") - ord("0")
TRADITIONAL = Path(__file__).parent / "traditional.csv"


@dataclass(slots=True)
class Meaning:
    """What a name stands for: units of ours by code, the higher first, and places elsewhere by code."""

    name: str
    codes: list[str] = field(default_factory=list)
    is_full: bool = False
    elsewhere: set[str] = field(default_factory=set)
    is_surely_elsewhere: bool = False
    stands_alone: bool = False
    around: re.Pattern[str] | None = None

    @property
    def may_be_a_road(self) -> bool:
        return not self.is_full and bool(self.codes) and not self.is_street

    @property
    def is_street(self) -> bool:
        return bool(self.codes) and len(self.codes[0]) == 9

    def has_inside(self, unit: str) -> bool:
        return any(code.startswith(unit) for code in self.codes)


class Mention(NamedTuple):
    """A name in a text."""

    start: int
    end: int
    meaning: Meaning


class Gazetteer:
    """All names by their first two characters. Looking for those two at once is what makes it fast."""

    def __init__(self) -> None:
        self._meanings: dict[str, Meaning] = {}
        self._by_start: dict[str, list[Meaning]] = {}
        self._starts = re.compile("(?!)")

    def __contains__(self, name: str) -> bool:
        return name in self._meanings

    def meaning(self, name: str) -> Meaning:
        """Made when it is new. What has been added is found after `close`."""
        written = simplified(name)
        found = self._meanings.get(written)
        if found is None:
            found = self._meanings[written] = Meaning(written, around=AROUND.get(written))
        return found

    def close(self) -> None:
        by_start: dict[str, list[Meaning]] = defaultdict(list)
        for name in sorted(self._meanings, key=len, reverse=True):
            if len(name) > 1:
                by_start[name[:2]].append(self._meanings[name])
        self._by_start = dict(by_start)
        if by_start:
            firsts, seconds = (re.escape("".join(sorted({start[at] for start in by_start}))) for at in (0, 1))
            self._starts = re.compile(f"[{firsts}](?=[{seconds}])")

    def mentions_in(self, text: str) -> list[Mention]:
        """In order, none overlapping another. `text` is simplified."""
        by_start = self._by_start
        found: list[Mention] = []
        end = 0
        for match in self._starts.finditer(text):
            start = match.start()
            if start >= end and text[start : start + 2] in by_start:
                meaning = self._named_at(start, text, is_behind=bool(found) and start == end)
                if meaning is not None:
                    end = start + len(meaning.name)
                    found.append(Mention(start, end, meaning))
        return found

    def _named_at(self, start: int, text: str, *, is_behind: bool) -> Meaning | None:
        """The longest name there. `is_behind`: right behind another, so that what must stand alone does."""
        for meaning in self._by_start[text[start : start + 2]]:
            if not text.startswith(meaning.name, start):
                continue
            if meaning.around is not None and meaning.around.match(text, start) is None:
                continue
            if meaning.may_be_a_road and ROAD.match(text, start + len(meaning.name)):
                continue
            if meaning.stands_alone and start and not is_behind and not BEFORE_STANDING_ALONE.match(text, start - 1):
                continue
            return meaning
        return None


def simplified(text: str) -> str:
    """Of the same length: names are found where they stand in the text as it was."""
    variants, letters = _variants()
    return variants.sub(lambda found: letters[found[0]], text)


@cache
def _variants() -> tuple[re.Pattern[str], dict[str, str]]:
    with TRADITIONAL.open(encoding="utf-8", newline="") as file:
        letters = {row["traditional"]: row["simplified"] for row in csv.DictReader(file)}
    letters |= {chr(ord(one) + FULL_WIDTH): one for one in ascii_uppercase + digits}
    letters |= {form: one.upper() for one in ascii_lowercase for form in (one, chr(ord(one) + FULL_WIDTH))}
    return re.compile(f"[{''.join(letters)}]"), letters
