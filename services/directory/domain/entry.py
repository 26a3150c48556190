"""An entry of the directory: what is known of one thing, from when to when, without overlaps."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from services.directory.domain.errors import BadFacts, EntryEnded, EntryExists
from shared.contracts.directory import EntryPart
from shared.contracts.directory_words import Origin
from shared.directory.kinds import Kind
from shared.directory.periods import holds, lasts_beyond


@dataclass(eq=False)
class Entry:
    """All periods of an entry, the first one first; the same revision in all of them, 0 before the first."""

    kind: Kind
    id: str
    periods: list[EntryPart] = field(default_factory=list)

    @property
    def revision(self) -> int:
        return max((one.revision for one in self.periods), default=0)

    @property
    def is_exercise(self) -> bool:
        return bool(self.periods) and all(one.origin is Origin.EXERCISE for one in self.periods)

    def at(self, instant: datetime) -> EntryPart | None:
        """What holds at an instant."""
        return next((one for one in self.periods if holds(one, instant)), None)

    def nearest(self, instant: datetime) -> EntryPart | None:
        """What holds at an instant, else what is to hold next, else what held last."""
        to_come = [one for one in self.periods if one.valid_from > instant]
        return self.at(instant) or next(iter(to_come or self.periods[-1:]), None)

    def enter(self, facts: dict[str, Any], valid_from: datetime, valid_to: datetime | None, origin: Origin) -> None:
        """Begin it, or begin it again after it ended. Raises EntryExists where it would overlap what holds."""
        _must_last(valid_from, valid_to)
        overlapping = [one for one in self.periods if _overlaps(one, valid_from, valid_to)]
        if overlapping:
            raise EntryExists(f"{self.kind.name} {self.id} holds already from {overlapping[0].valid_from:%Y-%m-%d}")
        self._set([*self.periods, self.period(facts, valid_from, valid_to, origin)])

    def change(self, facts: dict[str, Any], valid_from: datetime, valid_to: datetime | None, origin: Origin) -> None:
        """From `valid_from` on these facts hold; what was to hold from then on is replaced, what held before stays.

        Without `valid_to` it goes on for as long as it would have. Raises EntryEnded where it had ended by then.
        """
        _must_last(valid_from, valid_to)
        ends = [one.valid_to for one in self.periods]
        until = valid_to or (None if None in ends else max(filter(None, ends), default=None))
        if until is not None and until <= valid_from:
            raise EntryEnded(
                f"{self.kind.name} {self.id} ended on {until:%Y-%m-%d %H:%M}: propose it anew, or name valid_to"
            )
        self._set([*_before(self.periods, valid_from), self.period(facts, valid_from, until, origin)])

    def end(self, at: datetime, replaced_by: Sequence[str]) -> None:
        """It no longer holds from `at` on. Raises EntryEnded if it does not hold just then.

        Ended at the instant at which it began it never held, and stays as a period of no length.
        """
        if self.at(at) is None:
            raise EntryEnded(f"{self.kind.name} {self.id} does not hold at {at:%Y-%m-%d %H:%M}")
        first = self.periods[0]
        left = _before(self.periods, at) or [replace(first, valid_to=first.valid_from)]
        self._set([replace(one, replaced_by=list(replaced_by)) for one in left])

    def become(self, periods: Sequence[EntryPart]) -> None:
        """These are all its periods now."""
        self._set(periods)

    def period(
        self, facts: dict[str, Any], valid_from: datetime, valid_to: datetime | None, origin: Origin = Origin.ENTERED
    ) -> EntryPart:
        """A period that could be one of its own."""
        return self.kind.part(  # type: ignore[call-arg]
            **facts, id=self.id, revision=1, origin=origin, valid_from=valid_from, valid_to=valid_to
        )

    def _set(self, periods: Sequence[EntryPart]) -> None:
        revision = self.revision + 1
        self.periods = [replace(one, revision=revision) for one in in_order(periods)]


def in_order(periods: Sequence[EntryPart]) -> list[EntryPart]:
    """The first one first; what never held, because it ended as it began, gives way to what holds at that instant."""
    left = [
        one for one in periods if one.valid_to != one.valid_from or not any(holds(by, one.valid_from) for by in periods)
    ]
    return sorted(left, key=lambda one: one.valid_from)


def _must_last(valid_from: datetime, valid_to: datetime | None) -> None:
    """Raises BadFacts for what would end before it begins, or just then."""
    if valid_to is not None and valid_to <= valid_from:
        right = f"Must lie after valid_from, which is {valid_from.isoformat()}. To end something at once: end_entry."
        raise BadFacts("it would end before it begins", {"valid_to": [right]})


def _before(periods: Sequence[EntryPart], at: datetime) -> list[EntryPart]:
    kept = [one for one in periods if one.valid_from < at]
    return [replace(one, valid_to=at) if lasts_beyond(one, at) else one for one in kept]


def _overlaps(period: EntryPart, valid_from: datetime, valid_to: datetime | None) -> bool:
    begins_before = valid_to is None or period.valid_from < valid_to
    return begins_before and lasts_beyond(period, valid_from)


def facts_of(kind: Kind, period: EntryPart) -> dict[str, Any]:
    """What a period says: neither from when to when, nor what is only told along with it, such as a name."""
    return {field.name: getattr(period, field.name) for field in fields(kind.facts)}
