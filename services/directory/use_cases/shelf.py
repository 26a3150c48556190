"""Entries at hand while many are looked at together: as the database has them, and as a file would make them.

Who is named by words is found here: by id, or by a name that only one has.
"""

import difflib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from services.directory.domain.entry import Entry
from services.directory.domain.kinds import ALL
from services.directory.domain.people import PersonPart
from services.directory.storage.repository import DirectoryStore
from shared.contracts.directory import EntryPart, StaffPart, UnitPart
from shared.contracts.directory_words import UnitKind
from shared.directory.kinds import Kind
from shared.files.tables import plain
from shared.units import BadUnitCode, canonical_code, parent_of

READ_WHOLE = frozenset({"unit", "place", "organisation", "desk"})
"""Kinds that are few enough to have all names of at once."""
MOST_NAMED = 5
MOST_SEARCHES = 500
"""For so many mistyped names those that are nearly the same are looked for: among many it takes long, and nobody reads
more of them."""


class NotOne(ValueError):
    """Words that name no entry, or several: what is wrong with them, and what would be right."""

    def __init__(self, wrong: str, right: str) -> None:
        super().__init__(wrong, right)
        self.wrong, self.right = wrong, right


class Shelf:
    """Reads what is asked for once, in as few questions as it can. `put` lays an entry there as it would become."""

    def __init__(self, work: DirectoryStore) -> None:
        self._work = work
        self._entries: dict[str, dict[str, Entry]] = defaultdict(dict)
        self._names: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._names_in: dict[str, dict[tuple[str, str], list[str]]] = defaultdict(lambda: defaultdict(list))
        self._posts: dict[str, dict[str, Entry]] = defaultdict(dict)
        self._whole: set[str] = set()
        self._read_units: set[str] = set()
        self._read_logins: set[str] = set()
        self._searches = 0

    def put(self, entry: Entry) -> None:
        self._entries[entry.kind.name][entry.id] = entry
        self._note_names(entry)
        for period in entry.periods:
            if isinstance(period, StaffPart):
                self._posts[period.login][entry.id] = entry

    def load(self, kind: Kind, ids: Collection[str]) -> dict[str, Entry]:
        """These entries; one that is new has no periods."""
        known = self._entries[kind.name]
        missing = [id for id in dict.fromkeys(ids) if id not in known]
        if missing:
            for entry in self._work.entries.load(kind, missing).values():
                self.put(entry)
        return {id: known[id] for id in ids}

    def load_people_of(self, units: Iterable[str]) -> None:
        """All people of these units, so that they are found by their names."""
        new = set(units) - self._read_units
        self._read_units |= new
        self._lay(ALL["person"], self._work.entries.all_in(ALL["person"], new) if new else ())

    def at(self, kind: str, id: str, instant: datetime) -> EntryPart | None:
        """What holds of an entry at an instant."""
        return self.load(ALL[kind], [id])[id].at(instant)

    def entry(self, kind: str, id: str) -> Entry:
        return self.load(ALL[kind], [id])[id]

    def all_of(self, kind: str) -> list[Entry]:
        """Every entry of a kind that there is, or would be."""
        self._load_all(kind)
        return [entry for entry in self._entries[kind].values() if entry.periods]

    def _load_all(self, kind: str) -> None:
        if kind not in self._whole:
            self._whole.add(kind)
            self._lay(ALL[kind], self._work.entries.all_of(ALL[kind]))

    def load_posts_with(self, logins: Iterable[str]) -> None:
        """All posts of these logins, in one question."""
        new = set(logins) - self._read_logins
        self._read_logins |= new
        found = self._work.entries.periods_about(StaffPart, sorted(new)) if new else ()
        self.load(ALL["staff"], [period.id for period in found])

    def posts_with(self, login: str) -> list[Entry]:
        """The posts of a login that there are, or would be."""
        self.load_posts_with([login])
        return [entry for entry in self._posts[login].values() if _has_login(entry, login)]

    def unit_named(self, words: str, instant: datetime) -> str:
        """The code in it, or that of the unit with this name. Raises NotOne."""
        digits, _, name = words.partition(" ")
        if not digits.isdigit():
            return self.named("unit", words, "", instant)
        try:
            code = canonical_code(digits)
        except BadUnitCode:
            raise NotOne("is no unit's code", "a code of 6, 9, 12 or 15 digits, or the unit's name") from None
        self._load_all("unit")
        code = next(iter(self._names["unit"].get(code, ())), code)
        held = self.at("unit", code, instant)
        if held is None:
            self._must_exist(code, instant)
        elif name.strip() and plain(name) not in _names_of(held):
            raise NotOne(f"has the code of {_name(held)}, and another name", f"{code} {_name(held)}, or the other code")
        return code

    def named(self, kind: str, words: str, unit: str, instant: datetime) -> str:
        """The id: itself, or that of the only one of this name in the unit, above it, or anywhere. Raises NotOne."""
        if kind in READ_WHOLE:
            self._load_all(kind)
        if self.load(ALL[kind], [words])[words].periods:
            return words
        scopes = list(self._scopes(unit, instant))
        found = self._nearest(kind, words, scopes, instant) or self._anywhere(kind, words, scopes, instant)
        if len(found) == 1:
            return found[0].id
        if found:
            some = "; ".join(self._described(entry) for entry in found[:MOST_NAMED])
            raise NotOne(f"is the name of {len(found)}", f"the id of one: {some}")
        raise NotOne(f"names no {kind} that is known", self._closest(kind, words))

    def _nearest(self, kind: str, words: str, scopes: Iterable[str], instant: datetime) -> list[Entry]:
        """Those of a name that hold in the first unit that has any. Many may have it, few do in one unit."""
        for scope in scopes:
            here = [
                self._entries[kind][id] for id in dict.fromkeys(self._names_in[kind].get((plain(words), scope), ()))
            ]
            if held := [entry for entry in here if _unit_of(entry) == scope and entry.at(instant)]:
                return held
        return []

    def _anywhere(self, kind: str, words: str, scopes: Iterable[str], instant: datetime) -> list[Entry]:
        """Those of a name that hold elsewhere; if none does, those that held in the first unit that had any."""
        called = [self._entries[kind][id] for id in dict.fromkeys(self._names[kind].get(plain(words), ()))]
        near = ([entry for entry in called if _unit_of(entry) == scope] for scope in scopes)
        return [entry for entry in called if entry.at(instant)] or next(filter(None, near), called)

    def parent_of(self, code: str, instant: datetime) -> str | None:
        """The unit above, as the directory has it then, else as the code says."""
        held = self.at("unit", code, instant)
        return (held.parent if isinstance(held, UnitPart) else "") or parent_of(code)

    def is_within(self, code: str, unit: str, instant: datetime) -> bool:
        return unit in self._scopes(code, instant)

    def _scopes(self, unit: str, instant: datetime) -> Iterator[str]:
        """The unit, and those above it."""
        code: str | None = unit
        while code:
            yield code
            code = self.parent_of(code, instant)

    def _must_exist(self, code: str, instant: datetime) -> None:
        entry = self.entry("unit", code)
        if not entry.periods:
            raise NotOne("is the code of no unit that is known", "a code of the sheet 单位, or the unit's name")

    def _lay(self, kind: Kind, entries: Iterable[Entry]) -> None:
        for entry in entries:
            if entry.id not in self._entries[kind.name] or not self._entries[kind.name][entry.id].periods:
                self.put(entry)

    def _note_names(self, entry: Entry) -> None:
        names = self._names[entry.kind.name]
        for period in entry.periods:
            for name in _names_of(period):
                names[name].append(entry.id)
                self._names_in[entry.kind.name][name, _unit_of(entry)].append(entry.id)

    def _described(self, entry: Entry) -> str:
        unit = _unit_of(entry)
        held = self.entry("unit", unit).periods[-1:] if unit else []
        return f"{entry.id} ({_name(held[0])})" if held else entry.id

    def _closest(self, kind: str, words: str) -> str:
        self._searches += 1
        names = list(self._names[kind]) if self._searches <= MOST_SEARCHES else ()
        near = difflib.get_close_matches(plain(words), names, n=3, cutoff=0.5)
        return f"{' or '.join(near)}?" if near else "the id or the name of one that is known, or that is in the file"


def _names_of(period: EntryPart) -> set[str]:
    """Everything it is called; units also without their 居委会, and by their other codes."""
    if isinstance(period, UnitPart) and period.kind is UnitKind.ELSEWHERE:
        return set()
    values = vars(period)
    names = {str(values.get("name") or ""), *values.get("aliases", ())}
    if isinstance(period, UnitPart):
        names |= {name.removesuffix(ending) for name in names for ending in ("居委会", "村委会", "街道", "地区")}
        names |= set(period.other_codes)
    return {plain(name) for name in names if len(name) > 1}


def _has_login(entry: Entry, login: str) -> bool:
    return any(isinstance(period, StaffPart) and period.login == login for period in entry.periods)


def _name(period: EntryPart) -> str:
    return str(vars(period).get("name") or period.id)


def _unit_of(entry: Entry) -> str:
    values = vars(entry.periods[-1])
    if isinstance(entry.periods[-1], PersonPart):
        return str(values["unit"])
    units = values.get("units")
    return str(units[0] if units else values.get("parent", "") if entry.kind.name == "unit" else values.get("unit", ""))
