"""The policy of every instant and unit, read from one file at start."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from shared.clock import SHANGHAI
from shared.errors import NotFound
from shared.policy.files import SHIPPED, Entry, Lineage, PolicyFile, lineage_by_code, overriding, read_policy_file
from shared.policy.policy import Policy, sections_schema


class NoPolicyThen(NotFound):
    """No version of the policy holds on that day."""

    code = "no_policy_then"


@dataclass(frozen=True)
class VersionSpan:
    """A version and the days it holds, both ends included."""

    version: str
    valid_from: date
    valid_to: date | None


class PolicyBook:
    """Finds what holds at an instant. Build it once per process: answers are kept."""

    def __init__(self, file: PolicyFile) -> None:
        self._file = file
        self._schema = sections_schema()
        self._found = lru_cache(maxsize=4096)(self._compose)

    @classmethod
    def load(cls, path: Path | None = None) -> "PolicyBook":
        """Reads a file, or the one that ships; again only when it was changed. Raises BadTomlFile with every fault."""
        file = path or SHIPPED
        return _book(file, _written(file))

    @property
    def versions(self) -> list[VersionSpan]:
        return [self._span(number) for number in range(len(self._file.versions))]

    @property
    def differs_by_unit(self) -> bool:
        """Whether any unit has values of its own."""
        return bool(self._file.overrides)

    def at(self, instant: datetime, lineage: Lineage = ()) -> Policy:
        """What holds at an aware instant, for the last of a lineage, with what holds for those it lies in.

        Raises NoPolicyThen.
        """
        return self.on(instant.astimezone(SHANGHAI).date(), lineage)

    def on(self, day: date, lineage: Lineage = ()) -> Policy:
        """What holds on a day in Shanghai."""
        number, own = self._holding(day, lineage)
        return self._found(number, own, lineage if own else ())

    def span_on(self, day: date) -> VersionSpan:
        """The version that holds on a day. Raises NoPolicyThen."""
        return self._span(self._holding(day, ())[0])

    def as_written(self, day: date, unit: str | None = None) -> dict[str, dict[str, Any]]:
        """The same by the keys and values of the file, for people, who name a unit by its code."""
        lineage = lineage_by_code(unit) if unit else ()
        number, own = self._holding(day, lineage)
        return self._sections(number, own, lineage)

    def _holding(self, day: date, lineage: Lineage) -> tuple[int, tuple[int, ...]]:
        """The version and the overrides that hold, by their places in the file."""
        for number in reversed(range(len(self._file.versions))):
            span = self._span(number)
            if span.valid_from <= day and (span.valid_to is None or day <= span.valid_to):
                own = tuple(place for place, entry in enumerate(self._file.overrides) if _applies(entry, day, lineage))
                return number, own
        raise NoPolicyThen(f"no version of the policy holds on {day}")

    def _sections(self, number: int, own: tuple[int, ...], lineage: Lineage) -> dict[str, dict[str, Any]]:
        sections = self._file.versions[number].sections
        return overriding(sections, lineage, [self._file.overrides[place] for place in own])

    def _compose(self, number: int, own: tuple[int, ...], lineage: Lineage) -> Policy:
        loaded, span = self._schema.load(self._sections(number, own, lineage)), self._span(number)
        heads = [self._file.overrides[place].head for place in own]
        version = span.version + "".join(f"+{head['unit']}@{head['valid_from']}" for head in heads)
        return Policy(**vars(loaded), version=version, valid_from=span.valid_from, valid_to=span.valid_to)

    def _span(self, number: int) -> VersionSpan:
        head = self._file.versions[number].head
        ends = head.get("valid_to")
        if ends is None and number + 1 < len(self._file.versions):
            ends = self._file.versions[number + 1].head["valid_from"] - timedelta(days=1)
        return VersionSpan(head["version"], head["valid_from"], ends)


@lru_cache(maxsize=16)
def _book(file: Path, _written: object) -> PolicyBook:
    return PolicyBook(read_policy_file(file))


def _written(file: Path) -> object:
    """Another one for each time that a file is written."""
    if not file.exists():
        return None
    found = file.stat()
    return found.st_ino, found.st_mtime_ns, found.st_size


def _applies(entry: Entry, day: date, lineage: Lineage) -> bool:
    head = entry.head
    if head["unit"] not in lineage:
        return False
    return bool(head["valid_from"] <= day and ("valid_to" not in head or day <= head["valid_to"]))
