"""What holds at an instant, as the pages of a book: names in the place of ids where only one has the name."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from services.directory.domain.agreement import NAMES
from services.directory.domain.entry import Entry
from services.directory.domain.kinds import ALL, PRIVATE
from services.directory.domain.restating import MOMENT, start_of_day
from services.directory.domain.rules import BELONGS_TO, unit_of
from services.directory.schemas.cells import Value, cell_of, several
from services.directory.schemas.sheets import SHEETS, Cell, Column, Sheet
from services.directory.schemas.words import DEPUTY_CATEGORIES, EXPERT_FIELDS, written
from services.directory.storage.book_writing import Page
from services.directory.storage.repository import DirectoryStore
from services.directory.use_cases.shelf import NotOne, Shelf
from shared.contracts.directory import EntryPart, UnitPart
from shared.contracts.directory_words import Origin, UnitKind

WITH_PHONES = frozenset({"staff", "deputy", "resident", "person"})


def pages_of(
    work: DirectoryStore,
    kinds: Collection[str],
    at: datetime,
    categories: Mapping[str, str],
    *,
    with_people: bool = False,
    exercise: bool = False,
    within: Collection[str] | None = None,
) -> list[Page]:
    """Those kinds of which there is anything, in these units or anywhere.

    Entries made for exercises stand in a book of their own.
    """
    shelf = Shelf(work)
    pages = []
    for sheet in SHEETS:
        if sheet.kind in kinds and (with_people or sheet.kind not in PRIVATE):
            periods = _held(work, shelf, sheet.kind, at, within)
            shown = [one for one in periods if (one.origin is Origin.EXERCISE) is exercise and not _is_elsewhere(one)]
            if within is not None:
                shown = [one for one in shown if _unit_of(shelf, sheet.kind, one) in within]
            rows = _Rows(shelf, sheet, at, categories, with_phones=with_people and sheet.kind in WITH_PHONES)
            if shown:
                pages.append(Page(sheet, rows.of(sorted(shown, key=_order))))
    return pages


def empty_pages() -> list[Page]:
    """A template: every sheet, with no rows."""
    return [Page(sheet, []) for sheet in SHEETS]


class _Rows:
    """The rows of one sheet."""

    def __init__(
        self, shelf: Shelf, sheet: Sheet, at: datetime, categories: Mapping[str, str], *, with_phones: bool
    ) -> None:
        self._shelf, self._sheet, self._at = shelf, sheet, at
        self._categories, self._with_phones = categories, with_phones

    def of(self, periods: Iterable[EntryPart]) -> list[dict[str, Value]]:
        some = list(periods)
        people = {value for one in some for field in ("person", "acting", "leader") if (value := vars(one).get(field))}
        self._shelf.load(ALL["person"], sorted(people))
        return [self._row(one) for one in some]

    def _row(self, period: EntryPart) -> dict[str, Value]:
        until = start_of_day(period.valid_to - MOMENT) if period.valid_to else None
        values = vars(period) | {"valid_from": start_of_day(period.valid_from), "valid_to": until}
        if self._sheet.has("person_name"):
            person = self._shelf.entry("person", values["person"]).periods
            values["person_name"] = vars(person[-1])["name"] if person else values.get("person_name", "")
            values["phone"] = vars(person[-1])["phone"] if person and self._with_phones else ""
        return {column.field: self._cell(column, values.get(column.field), values) for column in self._sheet.columns}

    def _cell(self, column: Column, value: Any, values: Mapping[str, Any]) -> Value:  # noqa: ANN401
        if value in (None, "", []):
            return ""
        if column.cell in (Cell.NAMED, Cell.ALL_NAMED):
            ids = value if isinstance(value, list) else [value]
            return "；".join(_as_one(self._named(column.of, id, self._unit(values)), id) for id in ids)
        if column.field in ("category", "categories"):
            codes = value if isinstance(value, list) else [value]
            return "；".join(self._category(code) for code in codes)
        return cell_of(column, value)

    def _unit(self, values: Mapping[str, Any]) -> str:
        """In which names are looked for: the entry's own, or that of its desk."""
        if values.get("unit") or not values.get("desk"):
            return str(values.get("unit") or "")
        desk = self._shelf.entry("desk", values["desk"]).periods
        return str(vars(desk[-1])["unit"]) if desk else ""

    def _category(self, code: str) -> str:
        if self._sheet.kind == "deputy":
            return written({**DEPUTY_CATEGORIES, **EXPERT_FIELDS}, code)
        return self._categories.get(code, code)

    def _named(self, kind: str, id: str, unit: str) -> str:
        """A unit by code and name; others by a name that is read back as them, else by id."""
        periods = self._shelf.entry(kind, id).periods
        name = str(vars(periods[-1]).get("name", "")) if periods else ""
        if kind == "unit":
            return f"{id} {name}".strip()
        if kind == "person":
            self._shelf.load_people_of([unit] if unit else [])
        try:
            return name if name and self._shelf.named(kind, name, unit, self._at) == id else id
        except NotOne:
            return id


def _held(
    work: DirectoryStore, shelf: Shelf, kind: str, at: datetime, within: Collection[str] | None
) -> list[EntryPart]:
    """What holds then. Who asks for a few units does not wait until all of the district's is read.

    A contract is looked for by its place, and is its organisation's: of these all are read.
    """
    found: Iterable[Entry]
    if within is None or BELONGS_TO.get(kind, ALL[kind].about) != ALL[kind].about:
        found = shelf.all_of(kind)
    else:
        ids = [one.id for one in work.entries.page_in(ALL[kind], within, at)]
        found = shelf.load(ALL[kind], ids).values()
    return [one for entry in found if (one := entry.at(at)) is not None]


def _unit_of(shelf: Shelf, kind: str, period: EntryPart) -> str:
    """Whose it is; of what names no unit, that of what it belongs to."""
    facts = vars(period)
    if kind in BELONGS_TO:
        field = BELONGS_TO[kind]
        facts = next((vars(one) for one in shelf.entry(NAMES[field], facts[field]).periods[-1:]), {})
    return unit_of(ALL[kind], period.id, facts)


def _as_one(words: str, id: str) -> str:
    """A name that would be read as several can't stand in for the id."""
    return words if several(words) == [words] else id


def _is_elsewhere(period: EntryPart) -> bool:
    return isinstance(period, UnitPart) and period.kind is UnitKind.ELSEWHERE


def _order(period: EntryPart) -> tuple[str, ...]:
    """Unit by unit; a desk's shifts together; then as they are called."""
    values = vars(period)
    unit = values.get("unit") or next(iter(values.get("units", ())), "") or (period.id if "parent" in values else "")
    about = str(values.get("desk") or values.get("category") or "")
    return str(unit), about, str(values.get("rank", "")).zfill(4), str(values.get("name") or ""), period.id
