"""The category catalogue: which categories there are, and which of them a text speaks of.

The words are an operator's data (`categories.toml`); reading and checking the file is in `catalogue_file`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from services.intake.domain.wording import Wording
from shared.contracts.vocabulary import Disposition, SlaClass
from shared.errors import BadRequest

CATCH_ALL = "other"
TELLING_WEIGHT, WORD_WEIGHT = 2, 1


@dataclass(frozen=True)
class Category:
    """What complaints may be about. `telling` words count twice, `words` once."""

    code: str
    name: str
    sla_class: SlaClass
    deliberative: bool = False
    telling: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class AnswerClass:
    """One of the six classes of Art. 11: answered on the spot. `title` words suggest it where they stand in a title."""

    code: Disposition
    name: str
    answer: str
    title: tuple[str, ...] = ()


@dataclass(frozen=True)
class Matching:
    """How texts are read and compared."""

    title_weight: int
    content_characters: int
    likeness_characters: int
    likeness_candidates: int
    likeness_least_characters: int
    repeat_likeness_ratio: float


@dataclass
class Catalogue:
    """All categories and answer classes. Built once per process; the file was checked before."""

    matching: Matching
    categories: Iterable[Category]
    answer_classes: Iterable[AnswerClass]
    _weights: dict[str, list[tuple[str, int]]] = field(init=False, default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._by_code = {category.code: category for category in self.categories}
        self._answers = {one.code: one for one in self.answer_classes}
        for category in self._by_code.values():
            for words, weight in ((category.telling, TELLING_WEIGHT), (category.words, WORD_WEIGHT)):
                for word in words:
                    self._weights.setdefault(word, []).append((category.code, weight))
        self._wording = Wording(self._weights)
        self._title_classes = {word: one.code for one in self._answers.values() for word in one.title}
        self._title_wording = Wording(self._title_classes)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(self._by_code)

    def find(self, code: str) -> Category | None:
        return self._by_code.get(code)

    def get(self, code: str) -> Category:
        """What a request names. Raises BadRequest."""
        found = self.find(code)
        if found is None:
            told = {"category": ["Not in the catalogue: list_categories has all codes."]}
            raise BadRequest(f"unknown category {code!r}", told)
        return found

    def name_of(self, code: str) -> str:
        """As people call it; the code, where the catalogue has it no more."""
        known = self._by_code.get(code)
        return code if known is None else known.name

    def category_of(self, given: str, title: str, content: str) -> Category:
        """The category the hotline gave, if we know it; else the one the words speak of; else the catch-all."""
        return self._by_code.get(given) or self._by_code[self._best_code(title, content)]

    def answer_class(self, code: Disposition) -> AnswerClass:
        return self._answers[code]

    def disposition_of(self, title: str) -> Disposition | None:
        """The class of Art. 11 that a title's words suggest; only the hotline or a clerk decides."""
        for word in self._title_wording.words_in(title):
            return self._title_classes[word]
        return None

    def _best_code(self, title: str, content: str) -> str:
        scores: dict[str, int] = {}
        in_title = dict.fromkeys(self._wording.words_in(title))
        self._score(in_title, self.matching.title_weight, scores)
        in_content = dict.fromkeys(self._wording.words_in(content, self.matching.content_characters))
        self._score(in_content, 1, scores)
        return max(scores, key=scores.__getitem__) if scores else CATCH_ALL  # of equals the first: dicts keep order

    def _score(self, words: Iterable[str], times: int, scores: dict[str, int]) -> None:
        for word in words:
            for code, weight in self._weights[word]:
                scores[code] = scores.get(code, 0) + weight * times
