"""Reads a book of the directory: a workbook, a CSV file, or a folder of them, into rows of the kinds of entries.

What is wrong with files, sheets and columns is gathered; only a path at which there is nothing is an error.
"""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from services.directory.schemas.cells import value_in
from services.directory.schemas.sheets import SHEETS, Sheet, is_remark, sheet_named
from shared.files.faults import BadFile, Fault, SheetFault
from shared.files.reading import RowReading
from shared.files.sheets import BOOKS, KnownSheet, RawSheet, known_sheet, raw_sheets

TITLES = "、".join(sheet.title for sheet in SHEETS)


@dataclass(eq=False)
class BookRow:
    """A row: its values by field, of which those that are not in the file are left out, and what is wrong with it."""

    sheet: Sheet
    where: str
    reading: RowReading
    values: dict[str, Any]

    @property
    def number(self) -> int:
        return self.reading.number

    @property
    def is_sound(self) -> bool:
        return not self.reading.faults

    def note(self, column: str, wrong: str, right: str) -> None:
        self.reading.note(column, wrong, right)

    def faults(self) -> list[SheetFault]:
        return [SheetFault(self.where, fault) for fault in self.reading.faults]


@dataclass
class Book:
    """All rows, and the faults that are no single row's."""

    rows: list[BookRow] = field(default_factory=list)
    faults: list[SheetFault] = field(default_factory=list)
    read_as: list[str] = field(default_factory=list)

    def of(self, kind: str) -> list[BookRow]:
        return [row for row in self.rows if row.sheet.kind == kind]

    def all_faults(self) -> list[SheetFault]:
        return [*self.faults, *(fault for row in self.rows for fault in row.faults())]


def read_book(path: Path) -> Book:
    """Raises BadFile where nothing of it is a book."""
    files = sorted(one for one in path.iterdir() if _is_book(one)) if path.is_dir() else [path]
    if not files:
        raise BadFile(f"has no file that ends in {', '.join(BOOKS)}")
    book = Book()
    for file in files:
        try:
            sheets = raw_sheets(file)
        except BadFile as fault:
            if len(files) == 1:
                raise
            book.faults.append(SheetFault(file.name, Fault(0, "", file.name, str(fault), "a file that can be read")))
            continue
        for sheet in sheets:
            _read_sheet(book, sheet, is_only=len(sheets) == 1, names_file=len(files) > 1)
    return book


def _is_book(file: Path) -> bool:
    """Not what office programs put beside an open file."""
    return file.suffix.lower() in BOOKS and not file.name.startswith((".", "~"))


def _read_sheet(book: Book, raw: RawSheet, *, is_only: bool, names_file: bool) -> None:
    where = f"{raw.file.name}/{raw.name}" if names_file and raw.name != raw.file.stem else raw.name
    sheet = sheet_named(raw.name) or (sheet_named(raw.file.stem) if is_only else None)
    if sheet is None:
        if not is_remark(raw.name):
            right = f"one of {TITLES}; 说明 for a sheet that is only to be read by people"
            book.faults.append(SheetFault(where, Fault(0, "", raw.name, "is no sheet that is known", right)))
        return
    known = known_sheet(raw, sheet.names)
    if known is None:
        right = f"a row with the names of the columns: {_needed(sheet)}"
        book.faults.append(SheetFault(where, Fault(1, "", raw.name, "has no header", right)))
        return
    book.read_as.append(f"{where} ({known.table.read_as})")
    book.faults += [SheetFault(where, fault) for fault in (*_faults_of_header(sheet, known), *known.table.faults)]
    if not any(column.needed and column.field not in known.columns for column in sheet.columns):
        book.rows += [_row(sheet, where, known, number, cells) for number, cells in _numbered(known)]


def _numbered(known: KnownSheet) -> list[tuple[int, Mapping[str, Any]]]:
    return [(row.number, row.cells) for row in known.table.rows]


def _needed(sheet: Sheet) -> str:
    return "、".join(column.title for column in sheet.columns if column.needed)


def _faults_of_header(sheet: Sheet, known: KnownSheet) -> list[Fault]:
    row, titles = known.header_row, [column.title for column in sheet.columns]
    faults = [
        Fault(row, column.title, "", "is missing", f"a column 「{column.title}」")
        for column in sheet.columns
        if column.needed and column.field not in known.columns
    ]
    faults += [Fault(row, name, name, "stands there twice", "one column of this meaning") for name in known.twice]
    for name in known.unknown:
        if not is_remark(name):
            near = difflib.get_close_matches(name, titles, n=1)
            known_ones = f"{near[0]}?" if near else "、".join(titles)
            faults.append(Fault(row, name, name, "is no column of this sheet", f"{known_ones}, or 备注 for notes"))
    return faults


def _row(sheet: Sheet, where: str, known: KnownSheet, number: int, cells: Mapping[str, Any]) -> BookRow:
    titles = {column.field: column.title for column in sheet.columns}
    named = {known.columns[name]: cell for name, cell in cells.items()}
    reading = RowReading(number, named, titles | known.columns)
    values = {column.field: value_in(reading, column) for column in sheet.columns if column.field in known.columns}
    return BookRow(sheet, where, reading, values)
