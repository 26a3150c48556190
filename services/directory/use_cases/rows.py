"""From the rows of a book to entries as they would become: who is meant by a name, ids, what is left out, periods."""

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from services.directory.domain.entry import Entry, facts_of
from services.directory.domain.kinds import ALL
from services.directory.domain.natural import natural_id
from services.directory.domain.restating import ONE_DAY, Contradiction, Statement, left_standing, restate, start_of_day
from services.directory.domain.rules import unit_of, usual_standing
from services.directory.schemas.cells import FOR_GOOD
from services.directory.schemas.sheets import Cell, Column, Sheet
from services.directory.schemas.words import DEPUTY_CATEGORIES, EXPERT_FIELDS, closest, meant
from services.directory.storage.book_file import Book, BookRow
from services.directory.use_cases.shelf import MOST_NAMED, NotOne, Shelf
from shared.bus.rpc.messages import read_request
from shared.clock import SHANGHAI
from shared.contracts.directory import EntryPart
from shared.contracts.directory_words import DeputyRole, OrganisationKind, PlaceKind
from shared.errors import BadRequest
from shared.files.faults import Fault, SheetFault
from shared.files.tables import plain
from shared.units import BadUnitCode, canonical_code, parent_of

WITHOUT_A_TERM = frozenset({"person", "place", "organisation"})
"""Of these nobody knows when they began: without a day they are known for as long as their unit is."""
LARGEST_FIRST = (PlaceKind.PROPERTY_AREA, PlaceKind.COMPOUND, PlaceKind.BUILDING, PlaceKind.ENTRANCE)

LONGEST_ID = 120

Restated = tuple[Entry, Sequence[EntryPart], BookRow | None]


class SheetRows:
    """Takes one sheet after the other; what an earlier one would enter is known to the later ones."""

    def __init__(self, shelf: Shelf, book: Book, now: datetime, categories: Mapping[str, str]) -> None:
        self._shelf, self._book, self._now = shelf, book, now
        self._categories = {plain(word): code for code, name in categories.items() for word in (code, name)}
        self._faulty: dict[str, set[str]] = defaultdict(set)
        self._phones: dict[str, tuple[str, BookRow]] = {}
        self._new_people: set[str] = set()
        self.remarks: list[SheetFault] = []

    def entries_of(self, sheet: Sheet) -> Iterator[Restated]:
        """Every entry that the rows of a sheet are about. What is wrong is noted in its row."""
        rows = self._book.of(sheet.kind)
        self._prepare(sheet, rows)
        facts_of_rows: dict[str, list[tuple[BookRow, dict[str, Any]]]] = defaultdict(list)
        people: dict[str, dict[str, Any]] = {}
        for row in sorted(rows, key=_order):
            facts = self._facts(sheet, row)
            if facts is not None:
                self._note_phone(sheet, row, facts)
            if facts is None or not row.is_sound:
                self._note_faulty(sheet, row)
                continue
            if sheet.has("person_name"):
                people[facts["person"]] = facts
            facts_of_rows[self._id(sheet, row, facts)].append((row, facts))
        yield from self._people(people)
        known = self._shelf.load(ALL[sheet.kind], list(facts_of_rows))
        last = [id for id, some in facts_of_rows.items() if any(row.values.get("replaced_by") for row, _ in some)]
        for id in (*(id for id in facts_of_rows if id not in last), *last):
            entry, some = known[id], facts_of_rows[id]
            before = list(entry.periods)
            said = [self._statement(sheet, entry, row, facts) for row, facts in some]
            if all(row.is_sound for row, _ in some):
                self._restate(sheet, entry, said, [row for row, _ in some])
                self._shelf.put(entry)
            else:
                for row, _ in some:
                    self._note_faulty(sheet, row)
            yield entry, before, some[-1][0]

    def _note_phone(self, sheet: Sheet, row: BookRow, facts: Mapping[str, Any]) -> None:
        """A person has one phone, in however many rows they stand."""
        if not facts.get("phone"):
            return
        person = facts.get("person") or facts.get("id") or natural_id("person", facts)
        phone, first = self._phones.setdefault(person, (facts["phone"], row))
        if phone != facts["phone"]:
            where = f"row {first.number}" if first.sheet is sheet else f"{first.sheet.title} row {first.number}"
            row.note("phone", f"is another phone of the same person than in {where}", "the same in all of their rows")

    def _note_faulty(self, sheet: Sheet, row: BookRow) -> None:
        """What it would enter is not told as missing where others name it: it is there, and has faults of its own."""
        self._faulty[sheet.kind] |= {plain(one) for one in _names(row)}
        if row.values.get("person_name"):
            self._faulty["person"].add(plain(str(row.values["person_name"])))

    def _prepare(self, sheet: Sheet, rows: Sequence[BookRow]) -> None:
        """What the rows name by id, in one question for each kind; and people by name."""
        named: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            for column in sheet.columns:
                kind = "person" if column.field == "person" else column.of
                value = row.values.get(column.field)
                if kind and value:
                    named[kind] |= set(value if isinstance(value, list) else [value])
            if row.values.get("person_name"):
                name, (unit, *_) = row.values["person_name"], str(row.values.get("unit")).split(" ")
                named["person"] |= {name, natural_id("person", {"unit": unit, "name": name})}
        for kind, words in named.items():
            self._shelf.load(ALL[kind], sorted(words))

    def _facts(self, sheet: Sheet, row: BookRow) -> dict[str, Any] | None:
        """What a row says, with ids in the place of names; None where it hangs on a row that is faulty itself."""
        values, instant = dict(row.values), row.values.get("valid_from") or self._now
        if not isinstance(instant, datetime):
            instant = self._now
        unknown: set[str] = set()
        for column in sorted(sheet.columns, key=lambda one: one.of != "unit"):
            if column.cell not in (Cell.NAMED, Cell.ALL_NAMED) or not values.get(column.field):
                continue
            hangs_on = {"unit", "units"} if column.of != "person" else {"unit", "desk"}
            meant = None if unknown & hangs_on else self._meant(sheet, row, column, values, instant)
            if meant is None:
                unknown.add(column.field)
            values[column.field] = meant if column.cell is Cell.ALL_NAMED else next(iter(meant or ()), None)
        if sheet.kind in ("desk", "duty") and not self._meant_categories(row, values):
            return None
        if unknown or not row.is_sound:
            return None
        if sheet.has("person_name") and not self._meant_person(row, values, instant):
            return None
        values |= _usual(sheet, values)
        return values if sheet.kind != "deputy" or _category(row, values) else None

    def _meant(
        self, sheet: Sheet, row: BookRow, column: Column, values: Mapping[str, Any], instant: datetime
    ) -> list[str] | None:
        """The ids that a cell names; None where it names what can't be found, or what has faults of its own."""
        found, cell = [], row.values[column.field]
        unit = self._scope(sheet, values, instant)
        if column.of == "person":
            self._shelf.load_people_of([unit] if unit else [])
        for words in cell if isinstance(cell, list) else [cell]:
            try:
                if column.of == "unit":
                    found.append(self._shelf.unit_named(words, instant))
                else:
                    found.append(self._shelf.named(column.of, words, unit, instant))
            except NotOne as fault:
                if plain(words) not in self._faulty[column.of]:
                    row.note(column.field, fault.wrong, fault.right)
                return None
        return found

    def _scope(self, sheet: Sheet, values: Mapping[str, Any], instant: datetime) -> str:
        """The unit in which names are looked for: the row's own, or that of its desk."""
        units = values.get("units")
        unit = units[0] if units and sheet.kind == "place" else values.get("unit")
        if unit is None and values.get("desk"):
            desk = self._shelf.entry("desk", values["desk"])
            unit = vars(desk.periods[-1])["unit"] if desk.periods else None
        return str(unit or "")

    def _meant_categories(self, row: BookRow, values: dict[str, Any]) -> bool:
        """The codes of categories, which the catalogue also has names for."""
        field = "categories" if "categories" in values else "category"
        cell = values.get(field)
        words = cell if isinstance(cell, list) else [cell] if cell else []
        for unknown in (word for word in words if plain(word) not in self._categories):
            near = difflib.get_close_matches(plain(unknown), self._categories, n=2, cutoff=0.5)
            some = "、".join([word for word in self._categories if not word.isascii()][:MOST_NAMED])
            right = f"{' or '.join(near)}?" if near else f"a name or a code of the catalogue, such as {some}"
            row.note(field, f"has {unknown}, which is no category of the catalogue", right)
        codes = [self._categories.get(plain(word), "") for word in words]
        if words:
            values[field] = codes if isinstance(cell, list) else codes[0]
        return row.is_sound

    def _meant_person(self, row: BookRow, values: dict[str, Any], instant: datetime) -> bool:
        """Whose name it is: by id, or the only one of this name in the unit; else somebody new."""
        unit, name = values["unit"], values["person_name"]
        self._shelf.load_people_of([unit])
        if not values.get("person"):
            try:
                id = self._shelf.named("person", name, unit, instant)
            except NotOne as fault:
                if fault.wrong.startswith("is the name of"):
                    row.note("person_name", fault.wrong, fault.right.replace("the id of one", "人员编号 of one"))
                    return False
                id = natural_id("person", {"unit": unit, "name": name})
            held = self._shelf.entry("person", id).periods
            is_here = bool(held) and vars(held[-1])["unit"] == unit
            values["person"] = id if is_here else natural_id("person", {"unit": unit, "name": name})
        held = self._shelf.entry("person", values["person"]).periods
        if held and vars(held[-1])["name"] != name:
            row.note(
                "person_name",
                f"is not the name of {values['person']}",
                f"{vars(held[-1])['name']}, or another 人员编号",
            )
            return False
        return True

    def _people(self, people: Mapping[str, dict[str, Any]]) -> Iterator[Restated]:
        """Whoever is somebody's deputy, member of staff or resident is a person; entered along with it if need be."""
        known = self._shelf.load(ALL["person"], list(people))
        for id, facts in people.items():
            entry, before = known[id], list(known[id].periods)
            held = facts_of(entry.kind, before[-1]) if before else {"name": facts["person_name"], "unit": facts["unit"]}
            phone = facts.get("phone") or held.get("phone", "")
            if not before or phone != held["phone"]:
                starts_at = before[0].valid_from if id in self._new_people else None
                said = Statement(held | {"phone": phone}, starts_at)
                restate(entry, [said], (), self._now, self._since(facts["unit"]))
                self._new_people |= set() if before else {id}
                self._shelf.put(entry)
                yield entry, before, None

    def _since(self, unit: str) -> datetime:
        """When the unit began; today where it is not known."""
        periods = self._shelf.entry("unit", unit).periods
        return periods[0].valid_from if periods else start_of_day(self._now)

    def _id(self, sheet: Sheet, row: BookRow, facts: Mapping[str, Any]) -> str:
        id = facts.get("id")
        if id and len(str(id)) > LONGEST_ID:
            row.note("id", f"has {len(str(id))} characters", f"at most {LONGEST_ID}")
        if sheet.kind != "unit":
            return str(id or natural_id(sheet.kind, facts))
        try:
            return canonical_code(str(id))
        except BadUnitCode:
            row.note("id", "is no unit's code", "6, 9, 12 or 15 digits")
            return str(id)

    def _statement(self, sheet: Sheet, entry: Entry, row: BookRow, values: dict[str, Any]) -> Statement:
        """What a column that the file does not have would say is as it is known."""
        kind, starts_at = ALL[sheet.kind], values.get("valid_from")
        held = (entry.at(starts_at or self._now) or entry.periods[-1]) if entry.periods else None
        names = [field.name for field in fields(kind.facts)]
        facts = {name: values[name] for name in names if values.get(name) not in (None, "", [])}
        if held is not None:
            facts |= {name: getattr(held, name) for name in names if name not in row.values and name not in facts}
        if sheet.kind == "organisation" and not facts.get("standing"):
            facts["standing"] = usual_standing(OrganisationKind(facts["kind"])).value
        if sheet.kind == "unit" and not facts.get("parent"):
            facts["parent"] = parent_of(entry.id) or "" if row.is_sound else ""
        try:
            facts = dict(vars(read_request(kind.facts, facts)))
        except BadRequest as fault:
            for name, wrong in fault.fields.items():
                row.note(name.partition(".")[0], "is not as it has to be", " ".join(wrong))
        until = values.get("valid_to")
        ends_at = until + ONE_DAY if isinstance(until, datetime) else None
        return Statement(facts, starts_at, ends_at, until == FOR_GOOD)

    def _restate(self, sheet: Sheet, entry: Entry, said: Sequence[Statement], rows: Sequence[BookRow]) -> None:
        usual = start_of_day(self._now)
        if sheet.kind in WITHOUT_A_TERM:
            usual = self._since(unit_of(entry.kind, entry.id, said[0].facts))
        successors: list[str] = []
        for row in rows:
            for words in row.values.get("replaced_by") or ():
                try:
                    successors.append(
                        self._shelf.unit_named(words, self._now)
                        if sheet.kind == "unit"
                        else self._shelf.named(sheet.kind, words, "", self._now)
                    )
                except NotOne as fault:
                    row.note("replaced_by", f"{words} {fault.wrong}", fault.right)
        try:
            is_changed = restate(entry, said, successors, self._now, usual)
        except Contradiction as fault:
            rows[fault.place].note(fault.column, fault.wrong + _beside(rows), fault.right)
            return
        standing = left_standing(entry, said, self._now) if is_changed else None
        if standing is not None:
            self.remarks.append(_remark(rows[-1], standing))


def _remark(row: BookRow, standing: EntryPart) -> SheetFault:
    begins = f"{standing.valid_from.astimezone(SHANGHAI):%Y-%m-%d}"
    wrong, right = f"lies in the past, and it goes on from {begins}", f"{begins} in 有效自, if that is what has ended"
    return SheetFault(row.where, Fault(row.number, row.sheet.column("valid_to").title, "", wrong, right))


def _beside(rows: Sequence[BookRow]) -> str:
    """The rows of an entry, where it has several; with their sheets or files, where these are several."""
    has_one = len({row.where for row in rows}) == 1
    places = [str(row.number) if has_one else f"{row.number} of {row.where}" for row in rows]
    return f" (rows {', '.join(places)})" if len(rows) > 1 else ""


def _category(row: BookRow, values: dict[str, Any]) -> bool:
    """A deputy is of one of the thirteen categories, an expert of a field."""
    is_expert = values["role"] == DeputyRole.EXPERT
    own, other = (EXPERT_FIELDS, DEPUTY_CATEGORIES) if is_expert else (DEPUTY_CATEGORIES, EXPERT_FIELDS)
    found = meant(own, values["category"])
    if found is not None:
        values["category"] = found.value
    elif meant(other, values["category"]) is not None:
        right = "议事代表 in 身份" if is_expert else "议事能手 in 身份, for an expert"
        row.note("category", f"does not go with {'议事能手' if is_expert else '议事代表'}", right)
    else:
        row.note("category", "is no 类别 that is known", closest(own, values["category"]))
    return found is not None


def _usual(sheet: Sheet, values: Mapping[str, Any]) -> dict[str, Any]:
    """What stands for a cell that is empty."""
    if sheet.kind == "deputy" and not values.get("role"):
        return {"role": DeputyRole.DEPUTY.value}
    return {}


def _order(row: BookRow) -> tuple[int, str, int]:
    """What another row may lie in comes first: larger places, shorter codes."""
    kind = row.values.get("kind")
    size = LARGEST_FIRST.index(kind) if row.sheet.kind == "place" and kind in LARGEST_FIRST else len(LARGEST_FIRST)  # type: ignore[arg-type]
    code = str(row.values.get("id") or "") if row.sheet.kind == "unit" else ""
    return size, f"{len(code):02}", row.number


def _names(row: BookRow) -> Iterable[str]:
    """How others might name what stands in a row, also where its cell is faulty."""
    cells = (row.reading.cell(field) for field in ("id", "name", "person_name", "person"))
    return [str(cell).strip() for cell in cells if cell]
