"""Finds known words in a text in one pass, fast enough for every complaint: microseconds for some hundred signs."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

SHORTEST_WORD = 2


class Wording:
    """A fixed set of words. Where one word contains another at the same place, only the longest is found."""

    def __init__(self, words: Iterable[str]) -> None:
        by_start: dict[str, list[str]] = defaultdict(list)
        for word in sorted(set(words), key=lambda word: (-len(word), word)):
            if len(word) < SHORTEST_WORD:
                raise ValueError(f"a word to look for needs at least {SHORTEST_WORD} characters: {word!r}")
            by_start[word[:2]].append(word)
        self._by_start = dict(by_start)
        self._starts = _pattern_of(self._by_start)

    def words_in(self, text: str, end: int | None = None) -> Iterator[str]:
        """The words in their order in the text, up to a position; a word may come more than once."""
        by_start, taken_until = self._by_start, 0
        for match in self._starts.finditer(text, 0, len(text) if end is None else end):
            start = match.start()
            if start < taken_until:
                continue
            for word in by_start.get(match[1], ()):
                if text.startswith(word, start):
                    taken_until = start + len(word)
                    yield word
                    break


def _pattern_of(by_start: dict[str, list[str]]) -> re.Pattern[str]:
    """Matches two characters that may begin a word: few false alarms, and no long alternation to walk through."""
    if not by_start:
        return re.compile("(?!)")
    firsts = "".join(sorted({re.escape(start[0]) for start in by_start}))
    seconds = "".join(sorted({re.escape(start[1]) for start in by_start}))
    return re.compile(f"(?=([{firsts}][{seconds}]))")
