"""Tells the others what changed: events with all periods of an entry, a few hundred entries in each."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from services.directory.domain.entry import Entry
from services.directory.domain.kinds import ALL, PRIVATE
from services.directory.storage.repository import DirectoryStore
from shared.bus.moment import Moment
from shared.contracts.directory import DirectoryToldV1, EntryPart
from shared.directory.copy import first_of
from shared.directory.kinds import KINDS, Kind

MOST_IN_AN_EVENT = 200
NAMED = {
    "desk": ("leader", "leader_name"),
    "shift": ("person", "person_name"),
    "acting": ("acting", "acting_name"),
}
"""Kinds whose events name a person whom the entry knows by id alone."""


def tell(work: DirectoryStore, entries: Iterable[Entry], at: Moment, *, names: Mapping[str, str] | None = None) -> None:
    """Announce these as they are now. People and residents are told to nobody.

    `names` are those of the people that these name, where they are known already.
    """
    by_kind: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.kind.name not in PRIVATE:
            by_kind[entry.kind.name].append(entry)
    for name, some in by_kind.items():
        _tell_kind(work, ALL[name], some, _names(work, ALL[name], some) if names is None else names, at)


def tell_all(work: DirectoryStore, at: Moment) -> int:
    """Announce everything, and that this was all: a copy that hears it is whole. Returns the number of entries."""
    told = 0
    for kind in KINDS:
        ids = work.entries.ids_of(kind)
        for start in range(0, len(ids), MOST_IN_AN_EVENT * 10):
            some = work.entries.load(kind, ids[start : start + MOST_IN_AN_EVENT * 10])
            tell(work, some.values(), at)
        told += len(ids)
    tell_that_all_is_told(work, told, at)
    return told


def tell_that_all_is_told(work: DirectoryStore, entries: int, at: Moment) -> None:
    """A copy that hears it has heard all that was told before."""
    work.outbox.add(DirectoryToldV1(unit_code=district_of(work, at), entries=entries, told_at=at.now), at=at.now)


def district_of(work: DirectoryStore, at: Moment) -> str:
    """What the events of a whole district are about."""
    return work.units(at.now).district


def _tell_kind(work: DirectoryStore, kind: Kind, entries: list[Entry], names: Mapping[str, str], at: Moment) -> None:
    by_unit: dict[str, list[EntryPart]] = defaultdict(list)
    district = district_of(work, at)
    for entry in entries:
        unit = first_of(vars(entry.periods[-1]).get(kind.unit) or "") if entry.periods else ""
        by_unit[unit[:9] or district] += [_named(kind, period, names) for period in entry.periods]
    for unit_code, periods in sorted(by_unit.items()):
        for some in _in_bites(periods):
            event: Any = kind.event
            work.outbox.add(event(unit_code=unit_code, entries=some, changed_at=at.now), at=at.now)


def _in_bites(periods: list[EntryPart]) -> Iterable[list[EntryPart]]:
    """All periods of an entry stay together."""
    bite: list[EntryPart] = []
    for period in periods:
        if len(bite) >= MOST_IN_AN_EVENT and bite[-1].id != period.id:
            yield bite
            bite = []
        bite.append(period)
    yield bite


def _names(work: DirectoryStore, kind: Kind, entries: list[Entry]) -> dict[str, str]:
    if kind.name not in NAMED:
        return {}
    field, _ = NAMED[kind.name]
    ids = {str(vars(period)[field]) for entry in entries for period in entry.periods}
    return names_of(work, ids)


def names_of(work: DirectoryStore, people: Iterable[str]) -> dict[str, str]:
    """The newest name of each person that is known."""
    found = work.entries.load(ALL["person"], set(people))
    return {id: str(vars(entry.periods[-1])["name"]) for id, entry in found.items() if entry.periods}


def _named(kind: Kind, period: EntryPart, names: Mapping[str, str]) -> EntryPart:
    if kind.name not in NAMED:
        return period
    field, name = NAMED[kind.name]
    part: Any = kind.part
    values = vars(period) | {name: names.get(str(vars(period)[field]), "")}
    return part(**values)  # type: ignore[no-any-return]
