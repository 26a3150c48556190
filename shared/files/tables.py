"""One table out of a file of any kind: its columns found by their names, its rows by their numbers.

A title may stand above the header, blanks in the header's names, columns that nobody asked for between the others.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

from shared.files.delimited import DELIMITERS, delimited_rows
from shared.files.encoding import decode
from shared.files.faults import BadFile, Fault, shown
from shared.files.lines import json_rows
from shared.files.workbooks import sheets_of

KINDS = (".csv", ".tsv", ".txt", ".xlsx", ".jsonl")
HEADER_WITHIN = 20
RawRows = Iterable[tuple[int, Sequence[Any] | Fault]]


@dataclass(frozen=True)
class Row:
    """A row that is not blank: its number, and its cells by the names that were asked for."""

    number: int
    cells: Mapping[str, Any]


@dataclass
class Table:
    """`read_as` says how the file was understood; `faults` are rows that could not even be told into cells."""

    read_as: str
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class Header:
    """Where each column that was asked for stands, and how many cells a row may have."""

    columns: Mapping[str, int]
    width: int


def read_table(file: Path, needed: Sequence[str], others: Sequence[str] = (), sheet: str = "") -> Table:
    """The table with the columns `needed`, and of `others` those that it has. Raises BadFile for a whole file."""
    kind = file.suffix.lower()
    if kind not in KINDS:
        raise BadFile(f"must end in {', '.join(KINDS)}")
    try:
        if kind == ".xlsx":
            return _from_workbook(file, needed, others, sheet)
        text, encoding = decode(text_bytes(file))
    except OSError as fault:
        raise BadFile(f"can't be read: {fault.strerror}") from None
    if kind == ".jsonl":
        return _from_objects(text, encoding, needed, others)
    return _from_text(text, encoding, needed, others)


def plain(name: object) -> str:
    """A column's name without what the eye does not see: blanks anywhere, line breaks, full-width letters."""
    return "".join(unicodedata.normalize("NFKC", str(name)).replace("\u200b", "").replace("\ufeff", "").split())


def text_bytes(file: Path) -> bytes:
    """What a file of text holds. Raises BadFile where it is none."""
    raw = file.read_bytes()
    if raw.startswith(b"PK\x03\x04"):
        raise BadFile(f"is an XLSX file or another archive; its name must end in .xlsx, not in {file.suffix}")
    if not raw.strip():
        raise BadFile("is empty")
    return raw


def _from_text(text: str, encoding: str, needed: Sequence[str], others: Sequence[str]) -> Table:
    found = {name: _headed(delimited_rows(text, sign), needed, others) for name, sign in DELIMITERS.items()}
    widest = max(found, key=lambda name: found[name].cells_in_header)
    return _only_one({widest: found[widest]}, needed, lambda name: f"{encoding}, {name}")


def _from_workbook(file: Path, needed: Sequence[str], others: Sequence[str], sheet: str) -> Table:
    sheets = sheets_of(file)
    if sheet and sheet not in sheets:
        raise BadFile(f"has no visible sheet {sheet}; it has: {', '.join(sheets)}")
    found = {name: _headed(rows, needed, others) for name, rows in sheets.items() if sheet in ("", name)}
    if not any(headed.first for headed in found.values()):
        raise BadFile("is empty")
    return _only_one(found, needed, lambda name: f"XLSX, sheet {name}")


def _from_objects(text: str, encoding: str, needed: Sequence[str], others: Sequence[str]) -> Table:
    table, names = Table(f"{encoding}, JSONL"), set[str]()
    asked = {plain(name): name for name in (*needed, *others)}
    for number, row in json_rows(text):
        if isinstance(row, Fault):
            table.faults.append(row)
            continue
        cells = {asked[plain(name)]: cell for name, cell in row.items() if plain(name) in asked}
        names.update(row)
        table.rows.append(Row(number, cells))
    _check_needed(needed, list(names))
    return table


@dataclass
class Headed:
    """Rows under a header, where there is one; `first` are the rows in which it was looked for."""

    first: list[tuple[int, Sequence[Any] | Fault]]
    header: Header | None
    rows: RawRows

    @property
    def cells_in_header(self) -> tuple[int, int]:
        """How well the rows were told into cells: by another sign than the right one they are fewer, or no header."""
        widths = [len(row) for _, row in self.first if not isinstance(row, Fault)]
        return (self.header.width if self.header else 0), max(widths, default=0)

    def best_names(self, needed: Sequence[str]) -> list[str]:
        """Of the row that is most like the header: for words that help."""
        wanted = {plain(name) for name in needed}
        rows = [[str(cell) for cell in row if str(cell).strip()] for _, row in self.first if not isinstance(row, Fault)]
        return max(rows, key=lambda row: (len(wanted & {plain(cell) for cell in row}), len(row)), default=[])


def _headed(rows: RawRows, needed: Sequence[str], others: Sequence[str]) -> Headed:
    rest: Iterator[tuple[int, Sequence[Any] | Fault]] = iter(rows)
    first = [
        (number, row) for number, row in islice(rest, HEADER_WITHIN) if isinstance(row, Fault) or not is_blank(row)
    ]
    for place, (_, row) in enumerate(first):
        names = [] if isinstance(row, Fault) else [plain(cell) for cell in row]
        if {plain(name) for name in needed} <= set(names):
            return Headed(first, _header(names, (*needed, *others)), chain(first[place + 1 :], rest))
    return Headed(first, None, ())


def _header(names: list[str], asked: Sequence[str]) -> Header:
    twice = [name for name in asked if names.count(plain(name)) > 1]
    if twice:
        raise BadFile(f"has two columns of the name {' and of '.join(twice)}; rename the one that is not meant")
    width = max(place for place, name in enumerate(names) if name) + 1
    return Header({name: names.index(plain(name)) for name in asked if plain(name) in names}, width)


def _only_one(found: Mapping[str, Headed], needed: Sequence[str], read_as: Any) -> Table:
    headed = {name: one for name, one in found.items() if one.header}
    if not headed:
        _check_needed(needed, max((one.best_names(needed) for one in found.values()), key=len, default=[]))
    if len(headed) > 1:
        raise BadFile(f"has the columns in {' and in '.join(headed)}; name the sheet that is meant")
    ((name, one),) = headed.items()
    table = Table(read_as(name))
    for number, row in one.rows:
        if one.header:
            add_row(table, number, row, one.header)
    return table


def _check_needed(needed: Sequence[str], names: list[str]) -> None:
    has = {plain(name) for name in names}
    missing = [name for name in needed if plain(name) not in has]
    if missing:
        raise BadFile(f"has no column {' or '.join(missing)}; it has: {shown(', '.join(names))}")


def add_row(table: Table, number: int, row: Sequence[Any] | Fault, header: Header) -> None:
    """Unless it is blank; what stands beyond the header's last column is a fault."""
    if isinstance(row, Fault):
        table.faults.append(row)
    elif not is_blank(row):
        too_much = [str(cell) for cell in row[header.width :] if not is_blank([cell])]
        if too_much:
            wrong = f"stands beyond the last column: the row has {len(row)} cells, the header {header.width}"
            right = "a text with the delimiter in it stands in quotes"
            table.faults.append(Fault(number, "", " | ".join(too_much), wrong, right))
        else:
            table.rows.append(Row(number, {name: row[at] for name, at in header.columns.items() if at < len(row)}))


def is_blank(row: Iterable[Any]) -> bool:
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in row)
