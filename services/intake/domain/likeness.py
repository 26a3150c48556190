"""Whether two complaints of one unit and category speak of the same matter, by their titles and beginnings.

The same words about another building are another matter; only a clerk links those.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz, process

from services.intake.domain.spot import are_apart, spots_in

_UNTELLING = re.compile(r"[\W_]+")
_LONG_NUMBERS = re.compile("[0-9]{4,}")


class Gist(NamedTuple):
    """What is compared: title and beginning without signs, spaces and long numbers (phones, identity numbers), and
    the spots that they and the address name.
    """

    title: str
    beginning: str
    spots: frozenset[str]

    @property
    def words(self) -> str:
        """Title and beginning as one text; neither has a line feed."""
        return f"{self.title}\n{self.beginning}"


class OpenIssue(NamedTuple):
    """An issue that a new complaint may belong to, with the gist of the complaint it began with."""

    issue_id: str
    gist: Gist
    respondents: str = ""


def gist_from(words: str, spots: str) -> Gist:
    """From what is kept of it. Without words it is like nothing."""
    title, _, beginning = words.partition("\n")
    return Gist(title, beginning, frozenset(spots.split()))


def gist_of(title: str, content: str, characters: int, *, address: str = "") -> Gist:
    """The gist of a text; `characters` of the content's beginning count."""
    beginning = content[: 2 * characters]
    return Gist(_telling(title), _telling(beginning)[:characters], spots_in(f"{address}\n{title}\n{beginning}"))


def likeness(one: Gist, other: Gist) -> float:
    """How alike two texts are, 0 to 1: by their titles or their beginnings, whichever are closer; 0 of other spots."""
    if are_apart(one.spots, other.spots):
        return 0.0
    pairs = ((one.title, other.title), (one.beginning, other.beginning))
    return max(fuzz.ratio(mine, theirs) if mine and theirs else 0.0 for mine, theirs in pairs) / 100


def closest(gist: Gist, issues: Sequence[OpenIssue], *, similarity_ratio: float, least_characters: int) -> str | None:
    """The issue whose title or beginning is closest, if it reaches the ratio; of equally close ones the first.

    Titles and beginnings too short to say anything are not compared.
    """
    best_score, best_place = 0.0, None
    issues = [issue for issue in issues if not are_apart(gist.spots, issue.gist.spots)]
    titles, beginnings = [one.gist.title for one in issues], [one.gist.beginning for one in issues]
    for mine, theirs in ((gist.title, titles), (gist.beginning, beginnings)):
        if len(mine) < least_characters:
            continue
        found = process.extractOne(mine, theirs, scorer=fuzz.ratio, processor=None, score_cutoff=similarity_ratio * 100)
        if found is not None and found[1] > best_score:
            best_score, best_place = found[1], found[2]
    return None if best_place is None else issues[best_place].issue_id


def all_alike(
    gist: Gist, issues: Iterable[OpenIssue], *, similarity_ratio: float, title_ratio: float, least_characters: int
) -> list[OpenIssue]:
    """Those surely on one matter though they come from other communities: title and beginning are alike, and none
    names a building, which lies in one community.
    """
    if gist.spots or len(gist.title) < least_characters:
        return []
    return [
        one
        for one in issues
        if not one.gist.spots
        and fuzz.ratio(gist.title, one.gist.title, score_cutoff=100 * title_ratio)
        and fuzz.ratio(gist.beginning, one.gist.beginning, score_cutoff=100 * similarity_ratio)
    ]


def _telling(text: str) -> str:
    return _LONG_NUMBERS.sub("", _UNTELLING.sub("", text)).lower()
