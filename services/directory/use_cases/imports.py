"""Imports a book: first all that it would change and all that is wrong with it, then everything or nothing.

`plan_import` changes nothing, and may be made in a look of its own; `carry_out_import` is the one transaction.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from services.directory.domain import rules
from services.directory.domain.agreement import Disagreement, disagreements, terms
from services.directory.domain.change import Action, Change
from services.directory.domain.entry import Entry, facts_of
from services.directory.domain.kinds import PRIVATE
from services.directory.schemas.sheets import BY_KIND, SHEETS
from services.directory.storage.book_file import Book, BookRow
from services.directory.storage.repository import DirectoryStore
from services.directory.use_cases.exercises import give_way
from services.directory.use_cases.rows import SheetRows
from services.directory.use_cases.shelf import Shelf
from services.directory.use_cases.telling import tell
from shared.bus.moment import Moment
from shared.contracts.directory import EntryPart, StaffPart
from shared.files.faults import Fault, SheetFault

AT_ONCE = 2000


class Fate(StrEnum):
    """What an import does to an entry."""

    ENTERED = "entered"
    CHANGED = "changed"
    ENDED = "ended"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Planned:
    """An entry as it would become, and what it was. `row` is None for what a file only implies."""

    entry: Entry
    before: Sequence[EntryPart]
    row: BookRow | None = None

    @property
    def fate(self) -> Fate:
        after = self.entry.periods
        if not self.before:
            return Fate.ENTERED
        if after is self.before or list(after) == list(self.before):
            return Fate.UNCHANGED
        said_before, says_now = (
            [(one.valid_from, facts_of(self.entry.kind, one)) for one in periods] for periods in (self.before, after)
        )
        ends = self.before[-1].valid_to, after[-1].valid_to
        is_ended = ends[1] is not None and (ends[0] is None or ends[1] < ends[0])
        return Fate.ENDED if is_ended and says_now == said_before[: len(says_now)] else Fate.CHANGED

    @property
    def new_periods(self) -> list[EntryPart]:
        """Those that were not said like this before."""
        known = [(one.valid_from, one.valid_to, facts_of(self.entry.kind, one)) for one in self.before]
        kind = self.entry.kind
        return [one for one in self.entry.periods if (one.valid_from, one.valid_to, facts_of(kind, one)) not in known]


@dataclass
class ImportPlan:
    """What would become of every entry that a book names. `version` is that of the directory it was made for."""

    version: int
    planned: list[Planned] = field(default_factory=list)
    faults: list[SheetFault] = field(default_factory=list)
    remarks: list[SheetFault] = field(default_factory=list)

    @property
    def changes(self) -> list[Planned]:
        return [one for one in self.planned if one.fate is not Fate.UNCHANGED]

    def counts(self) -> dict[str, dict[str, int]]:
        """For each kind how many entries have which fate."""
        found: dict[str, dict[str, int]] = {}
        for one in self.planned:
            counted = found.setdefault(one.entry.kind.name, dict.fromkeys(Fate, 0))
            counted[one.fate] += 1
        return found


def plan_import(work: DirectoryStore, book: Book, at: Moment, categories: Mapping[str, str]) -> ImportPlan:
    """Read against what is known. `categories` are the names of the catalogue's, by code."""
    plan, shelf = ImportPlan(work.entries.version()), Shelf(work)
    rows = SheetRows(shelf, book, at.now, categories)
    for sheet in SHEETS:
        plan.planned += [Planned(entry, before, row) for entry, before, row in rows.entries_of(sheet)]
    plan.planned = _each_once(one for one in plan.planned if one.row is None or one.row.is_sound)
    _compare(plan, shelf, categories)
    plan.remarks += rows.remarks
    plan.faults = book.all_faults()
    if not plan.faults:
        entered = [one.entry for one in plan.changes]
        named = {(one.entry.kind.name, one.entry.id) for one in plan.planned}
        made = [entry for entry in give_way(work, entered, at.now) if (entry.kind.name, entry.id) not in named]
        before = {entry.id: work.entries.load(entry.kind, [entry.id])[entry.id].periods for entry in made}
        plan.planned += [Planned(entry, before[entry.id]) for entry in made]
    return plan


def _each_once(planned: Iterable[Planned]) -> list[Planned]:
    """What several sheets are about, as they are about a person, changes once: from what it was before the first."""
    found: dict[tuple[str, str], Planned] = {}
    for one in planned:
        key = one.entry.kind.name, one.entry.id
        first = found.get(key, one)
        found[key] = Planned(one.entry, first.before, one.row or first.row)
    return list(found.values())


def carry_out_import(work: DirectoryStore, plan: ImportPlan, at: Moment, *, by: str, why: str) -> None:
    """Put down, enter into the journal and tell what the plan changes."""
    by_kind: dict[str, list[Planned]] = {}
    for one in plan.changes:
        by_kind.setdefault(one.entry.kind.name, []).append(one)
    for some in by_kind.values():
        for start in range(0, len(some), AT_ONCE):
            work.entries.save([one.entry for one in some[start : start + AT_ONCE]])
    district = work.units(at.now).district
    for some in by_kind.values():
        for one in some:
            work.changes.add(_journal_line(one, at, by, why, district))
        tell(work, [one.entry for one in some], at)


def _compare(plan: ImportPlan, shelf: Shelf, categories: Collection[str]) -> None:
    """Hold every new period against all others. A fault is noted in its row, where it keeps the import back."""
    rows = {(one.entry.kind.name, one.entry.id): one.row for one in plan.planned}
    posts = (period for one in plan.planned for period in one.entry.periods if isinstance(period, StaffPart))
    shelf.load_posts_with(post.login for post in posts)
    for one in plan.planned:
        new = {period.valid_from for period in one.new_periods}

        def starts(period: EntryPart, new: Collection[datetime] = new) -> list[datetime]:
            return [period.valid_from] if period.valid_from in new else []

        for found in disagreements(one.entry, shelf, starts, categories):
            if one.row is not None:
                one.row.note(found.field, found.wrong, found.right)
    changed = [one.entry for one in plan.changes]
    plan.remarks = [_remark(found, rows.get((found.kind, found.id))) for found in terms(changed)]


def _remark(found: Disagreement, row: BookRow | None) -> SheetFault:
    number, where = (row.number, row.where) if row else (0, BY_KIND[found.kind].title)
    column = BY_KIND[found.kind].column(found.field).title
    return SheetFault(where, Fault(number, column, found.id, found.wrong, found.right))


def _journal_line(one: Planned, at: Moment, by: str, why: str, district: str) -> Change:
    entry, new = one.entry, one.new_periods
    last = new[-1] if new else entry.periods[-1]
    facts = facts_of(entry.kind, last)
    action = {Fate.ENTERED: Action.ENTER, Fate.ENDED: Action.END}.get(one.fate, Action.CHANGE)
    starts_at = last.valid_to if action is Action.END and last.valid_to else last.valid_from
    change = Change(
        id=f"{at.now:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:12]}",
        kind=entry.kind.name,
        entry_id=entry.id,
        unit_code=rules.unit_of(entry.kind, entry.id, facts) or district,
        action=action,
        facts={} if action is Action.END or entry.kind.name in PRIVATE else facts,
        valid_from=starts_at,
        valid_to=None if action is Action.END else last.valid_to,
        replaced_by=list(last.replaced_by),
        why=why,
        asked_by=by,
        asked_person=by,
        asked_at=at.now,
    )
    change.do(at=at.now)
    return change
