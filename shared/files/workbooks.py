"""Rows of an XLSX workbook's sheet, read by calamine, which goes by the cells and not by what a writer says about them.

Three things it does not do are done before: a cell with an error (`#N/A`) would come out empty, or stop it; so would a
formula that no program has computed yet; and one stray blank in the last cell that a sheet can have would make it ask
for more memory than there is, and end the process.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import python_calamine as calamine

from shared.files.faults import BadFile

Cell = int | float | str | bool | time | date | datetime | timedelta
Rows = Iterator[tuple[int, list[Cell]]]

MOST_CELLS = 20_000_000
MOST_BYTES = 1 << 30
PIECE = 1 << 20
OVERLAP = 200
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
ERROR = re.compile(rb"""(<(?:\w+:)?c\b[^<>]*\bt=)(["'])e\2""")
NOT_COMPUTED = re.compile(rb"""</(?:\w+:)?f>\s*(?:<(?:\w+:)?v>\s*</(?:\w+:)?v>|<(?:\w+:)?v\s*/>)?\s*</(?:\w+:)?c>""")
FORMULA = re.compile(rb"""<((?:\w+:)?)c\b([^<>]*)><(?:\w+:)?f\b[^<>]*>[^<]*""" + NOT_COMPUTED.pattern)
IS_TEXT = re.compile(rb"""\bt=["']str["']""")
CELL = re.compile(rb"""<(?:\w+:)?c\b[^<>]*?\br=["']([A-Z]{1,3})[0-9]""")
ROW = re.compile(rb"""<(?:\w+:)?row\b[^<>]*?\br=["']([0-9]{1,7})["']""")
SAVE_AGAIN = "save it from Excel or WPS as XLSX, without a password"


def sheets_of(file: Path) -> dict[str, Rows]:
    """The rows of every visible sheet, by its name. Raises BadFile."""
    raw = file.read_bytes()
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadFile(f"is no XLSX file, but an old XLS or one with a password; {SAVE_AGAIN}")
    try:
        book = calamine.load_workbook(io.BytesIO(_prepared(raw)))
        shown = [sheet.name for sheet in book.sheets_metadata if _is_shown(sheet)]
        return {name: enumerate(_rows(book, name), start=1) for name in shown}
    except BadFile:
        raise
    except BaseException as fault:  # a panic in calamine is no Exception
        if not isinstance(fault, Exception) and type(fault).__name__ != "PanicException":
            raise
        raise BadFile(f"is no XLSX file that can be read ({fault}); {SAVE_AGAIN}") from None


def _is_shown(sheet: calamine.SheetMetadata) -> bool:
    return sheet.visible == calamine.SheetVisibleEnum.Visible and sheet.typ == calamine.SheetTypeEnum.WorkSheet


def _rows(book: calamine.CalamineWorkbook, name: str) -> list[list[Cell]]:
    """What is merged over several rows stands in each of them, as whoever reads the sheet takes it."""
    sheet = book.get_sheet_by_name(name)
    rows = sheet.to_python(skip_empty_area=False)
    for (first, column), (last, _) in (sheet.merged_cell_ranges or ()) if rows else ():
        for row in rows[first + 1 : last + 1] if column < len(rows[0]) else ():
            row[column] = rows[first][column]
    return rows


def _prepared(raw: bytes) -> bytes:
    """The same workbook, with errors as the text that Excel shows. Raises BadFile where it is too large, or none."""
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        sheets = [name for name in book.namelist() if SHEET.fullmatch(name)]
        if not sheets:
            raise BadFile(f"is no XLSX file: no sheets in it; {SAVE_AGAIN}")
        if sum(part.file_size for part in book.infolist()) > MOST_BYTES:
            raise BadFile("is larger than 1 GB when unpacked; split it, or save it as CSV")
        with_errors = [name for name in sheets if _has_errors(book, name)]
        return _with_errors_as_text(book) if with_errors else raw


def _has_errors(book: zipfile.ZipFile, name: str) -> bool:
    """Also measures the sheet. In pieces: a sheet may be larger than is good to have in memory twice."""
    has_errors, last_row, columns, before = False, 0, {b"A"}, b""
    with book.open(name) as sheet:
        while piece := sheet.read(PIECE):
            text = before + piece
            has_errors = has_errors or any(one.search(text) for one in (ERROR, NOT_COMPUTED))
            columns.update(CELL.findall(text))
            last_row = max(last_row, *map(int, ROW.findall(text)), 0)
            before = text[-OVERLAP:]
    width = max(map(_number_of_column, columns))
    if width * last_row > MOST_CELLS:
        raise BadFile(
            f"has a sheet of {last_row} rows and {width} columns; delete the empty rows and columns beyond the table, "
            "and save it again"
        )
    return has_errors


def _number_of_column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _with_errors_as_text(book: zipfile.ZipFile) -> bytes:
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as copy:
        for part in book.infolist():
            content = book.read(part)
            if SHEET.fullmatch(part.filename):
                content = FORMULA.sub(_as_error, ERROR.sub(rb"\1\2str\2", content))
            copy.writestr(part.filename, content)
    return result.getvalue()


def _as_error(cell: re.Match[bytes]) -> bytes:
    """A formula that no program has computed: it has no value, where one that gives an empty text has that."""
    prefix, attributes = cell[1], cell[2]
    if IS_TEXT.search(attributes):
        return cell[0]
    return b'<%bc%b t="str"><%bv>#CALC!</%bv></%bc>' % (
        prefix,
        re.sub(rb"""\st=["']\w*["']""", b"", attributes),
        prefix,
        prefix,
        prefix,
    )
