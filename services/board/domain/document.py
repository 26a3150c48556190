"""What a search looks in: documents, and the two-character pieces 二元 that stand in them.

Chinese is written without blanks, so every two neighbouring characters are looked up. Both sides are written the same
way first: full width as half, capitals as small letters, traditional characters as simplified ones.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from services.board.domain.words import FoundKind
from shared.units.gazetteer import simplified

IN_TITLE, IN_WORDS = 2, 1
"""How much a find weighs."""


@dataclass(eq=False, kw_only=True)
class Document:
    """`title` is what is shown, `words` is what else is searched. `issue_id` is empty where it is about none."""

    id: str
    kind: FoundKind
    title: str
    words: str
    unit_code: str
    at: datetime
    issue_id: str = ""

    @property
    def grams(self) -> dict[str, int]:
        """Its pieces, each with its weight. A session or resolution says of its issue what the issue's title says."""
        weight = IN_TITLE if self.kind in (FoundKind.ISSUE, FoundKind.HALL) else IN_WORDS
        return dict.fromkeys(grams_of(self.words), IN_WORDS) | dict.fromkeys(grams_of(self.title), weight)


def document_id(kind: FoundKind, id: str) -> str:
    return f"{kind}:{id}"


def grams_of(text: str) -> list[str]:
    """Every two neighbouring signs of a text that are no blanks or punctuation, each once, in their order."""
    words = "".join(sign if sign.isalnum() else " " for sign in written(text)).split()
    return list(dict.fromkeys("".join(pair) for word in words for pair in pairwise(word)))


def written(text: str) -> str:
    """In the one way in which texts are compared."""
    return simplified(unicodedata.normalize("NFKC", text).casefold())
