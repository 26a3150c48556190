"""The sheets of a book, each with columns of its own: of a workbook all visible ones, of a text file the only one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from shared.files.delimited import DELIMITERS, delimited_rows
from shared.files.encoding import decode
from shared.files.faults import BadFile, Fault
from shared.files.tables import HEADER_WITHIN, Header, RawRows, Table, add_row, is_blank, plain, text_bytes
from shared.files.workbooks import sheets_of

BOOKS = (".xlsx", ".csv", ".tsv", ".txt")
LEAST_KNOWN = 2


@dataclass
class RawSheet:
    """A sheet as it stands in its file. A text may be told into cells in several ways; the best one is found later."""

    name: str
    file: Path
    ways: Mapping[str, RawRows]


@dataclass
class KnownSheet:
    """`columns` says what the file calls each field, `header_row` where; `unknown` are other columns with a name."""

    table: Table
    header_row: int = 0
    columns: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)


def raw_sheets(file: Path) -> list[RawSheet]:
    """Every sheet that has anything in it. Raises BadFile."""
    kind = file.suffix.lower()
    if kind not in BOOKS:
        raise BadFile(f"must end in {', '.join(BOOKS)}")
    try:
        if kind == ".xlsx":
            read = {name: list(rows) for name, rows in sheets_of(file).items()}
            return [RawSheet(name, file, {"XLSX": rows}) for name, rows in read.items() if _has_any(rows)]
        text, encoding = decode(text_bytes(file))
    except OSError as fault:
        raise BadFile(f"can't be read: {fault.strerror}") from None
    ways = {f"{encoding}, {name}": list(delimited_rows(text, sign)) for name, sign in DELIMITERS.items()}
    return [RawSheet(file.stem, file, ways)]


def known_sheet(sheet: RawSheet, names: Mapping[str, str]) -> KnownSheet | None:
    """The rows under the header, which is the row with most of the `names`; each stands for a field.

    None where no row is like a header.
    """
    found = [(_best_header(rows, names), way, rows) for way, rows in sheet.ways.items()]
    (known, place, number, cells), way, rows = max(found, key=lambda one: one[0][0])
    if known < LEAST_KNOWN:
        return None
    asked = [plain(cell).casefold() for cell in cells]
    fields = [names.get(name, "") for name in asked]
    places = {one: fields.index(one) for one in fields if one}
    made = KnownSheet(
        Table(way),
        number,
        {one: str(cells[place]) for one, place in places.items()},
        [str(cell).strip() for cell, name in zip(cells, asked, strict=True) if name and name not in names],
        sorted({str(cells[places[one]]) for one in fields if one and fields.count(one) > 1}),
    )
    header = Header(places, max(place for place, name in enumerate(asked) if name) + 1)
    for row_number, row in islice(rows, place + 1, None):
        add_row(made.table, row_number, row, header)
    return made


def _best_header(rows: RawRows, names: Mapping[str, str]) -> tuple[int, int, int, Sequence[Any]]:
    """How many names are known in it, its place, its number, its cells. Of equals the first."""
    best: tuple[int, int, int, Sequence[Any]] = (0, 0, 0, ())
    for place, (number, row) in enumerate(islice(rows, HEADER_WITHIN)):
        known = 0 if isinstance(row, Fault) else len({names.get(plain(cell).casefold()) for cell in row} - {None})
        if known > best[0] and not isinstance(row, Fault):
            best = (known, place, number, row)
    return best


def _has_any(rows: RawRows) -> bool:
    return any(isinstance(row, Fault) or not is_blank(row) for _, row in rows)
