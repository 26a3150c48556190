"""Whether two complaints of one unit and category speak of the same matter, by their titles and beginnings."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz import fuzz, process

_UNTELLING = re.compile(r"[\W_]+")


class Gist(NamedTuple):
    """What is compared of a text: its title and beginning without punctuation and spaces."""

    title: str
    beginning: str


class OpenIssue(NamedTuple):
    """An issue that a new complaint may belong to, with the gist of the complaint it began with."""

    issue_id: str
    gist: Gist


def gist_of(title: str, content: str, characters: int) -> Gist:
    """The gist of a text; `characters` of the content's beginning count."""
    return Gist(_telling(title), _telling(content[: 2 * characters])[:characters])


def likeness(one: Gist, other: Gist) -> float:
    """How alike two texts are, 0 to 1: by their titles or their beginnings, whichever are closer."""
    return (
        max(fuzz.ratio(mine, theirs) if mine and theirs else 0.0 for mine, theirs in zip(one, other, strict=True)) / 100
    )


def closest(gist: Gist, issues: Sequence[OpenIssue], *, similarity_ratio: float, least_characters: int) -> str | None:
    """The issue whose title or beginning is closest, if it reaches the ratio; of equally close ones the first.

    Titles and beginnings too short to say anything are not compared.
    """
    best_score, best_place = 0.0, None
    for part, mine in enumerate(gist):
        if len(mine) < least_characters:
            continue
        found = process.extractOne(
            mine,
            [issue.gist[part] for issue in issues],
            scorer=fuzz.ratio,
            processor=None,
            score_cutoff=similarity_ratio * 100,
        )
        if found is not None and found[1] > best_score:
            best_score, best_place = found[1], found[2]
    return None if best_place is None else issues[best_place].issue_id


def _telling(text: str) -> str:
    return _UNTELLING.sub("", text).lower()
