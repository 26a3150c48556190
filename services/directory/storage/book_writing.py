"""Writes a book of the directory: a workbook as an office hands it out, or a folder of CSV files; read back as it is.

In the workbook a sheet has a title above its header. Columns in which nothing stands are folded away, not left out.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from services.directory.schemas.cells import Value
from services.directory.schemas.sheets import Cell, Column, Sheet
from shared.clock import SHANGHAI
from shared.files.faults import no_formula

FONT = "Microsoft YaHei"
INK, SOFT, PAPER, LINE = "#1b1c1e", "#5c5f66", "#f1efe9", "#cfcbc1"
TITLE_ROW, HEADER_ROW, FIRST_ROW = 0, 1, 2
NUMBERS = (Cell.COUNT, Cell.NUMBER)
MIDDLE = (Cell.DAY, Cell.TIME, Cell.YES_NO, Cell.WORD)
AT_THE_END = ("person", "id")


@dataclass(frozen=True)
class Page:
    """A sheet and what stands on it: the values of each row by field."""

    sheet: Sheet
    rows: Sequence[dict[str, Value]]

    @property
    def columns(self) -> list[Column]:
        """As they are written: ids, which people do not read, come last."""
        shown = [column for column in self.sheet.columns if not _is_id(column)]
        return [*shown, *(column for column in self.sheet.columns if _is_id(column))]


def write_workbook(file: Path, pages: Sequence[Page], title: str, as_of: str) -> None:
    """One sheet for each page. Raises OSError."""
    book = xlsxwriter.Workbook(str(file), {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": title, "comments": as_of})
    formats = _Formats(book)
    for page in pages:
        _write_sheet(book.add_worksheet(page.sheet.title), page, formats, f"{title}{page.sheet.title}名录", as_of)
    try:
        book.close()
    except xlsxwriter.exceptions.FileCreateError as fault:
        raise OSError(str(fault)) from None


def write_tables(folder: Path, pages: Sequence[Page]) -> None:
    """A CSV for each page, which Excel opens as UTF-8. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    for page in pages:
        write_table(folder / f"{page.sheet.title}.csv", page)


def write_table(file: Path, page: Page) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as lines:
        table = csv.writer(lines)
        table.writerow([column.title for column in page.columns])
        for row in page.rows:
            table.writerow([_plain(row.get(column.field)) for column in page.columns])


class _Formats:
    """How cells look; each made once for a book."""

    def __init__(self, book: Any) -> None:  # noqa: ANN401
        base = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "vcenter"}
        cell = base | {"bottom": 1, "bottom_color": LINE, "text_wrap": True}
        self.title = book.add_format(base | {"font_size": 16, "bold": True})
        self.note = book.add_format(base | {"font_color": SOFT})
        self.plain = book.add_format(base)
        head = base | {"bold": True, "bg_color": PAPER, "bottom": 2, "bottom_color": INK, "text_wrap": True}
        self.head = book.add_format(head)
        self.head_in_the_middle = book.add_format(head | {"align": "center"})
        self.text = book.add_format(cell | {"num_format": "@"})
        self.middle = book.add_format(cell | {"align": "center", "num_format": "@"})
        self.day = book.add_format(cell | {"align": "center", "num_format": "yyyy-mm-dd"})
        self.number = book.add_format(cell | {"align": "right"})
        self.id = book.add_format(cell | {"font_size": 8, "font_color": SOFT, "num_format": "@", "text_wrap": False})

    def of(self, column: Column) -> Format:
        if _is_id(column):
            return self.id
        if column.cell is Cell.DAY:
            return self.day
        if column.cell in NUMBERS:
            return self.number
        return self.middle if column.cell in MIDDLE else self.text


def _write_sheet(sheet: Worksheet, page: Page, formats: _Formats, title: str, as_of: str) -> None:
    columns = page.columns
    count = f"{as_of}，共 {len(page.rows)} 条" if page.rows else as_of
    sheet.set_row(TITLE_ROW, 30)
    sheet.write_rich_string(TITLE_ROW, 0, formats.title, f"{title}  ", formats.note, count, formats.plain)
    sheet.set_row(HEADER_ROW, 24)
    sheet.set_default_row(19)
    for place, column in enumerate(columns):
        is_empty = (
            bool(page.rows) and not column.needed and all(row.get(column.field) in ("", None) for row in page.rows)
        )
        fold = {"level": 1, "hidden": True} if is_empty else {}
        sheet.set_column(place, place, column.width + 2, None, fold)
        is_text = formats.of(column) in (formats.text, formats.id)
        sheet.write_string(HEADER_ROW, place, column.title, formats.head if is_text else formats.head_in_the_middle)
        for number, row in enumerate(page.rows, start=FIRST_ROW):
            _write_cell(sheet, number, place, row.get(column.field), formats.of(column))
    sheet.freeze_panes(FIRST_ROW, 1)
    if page.rows:
        sheet.autofilter(HEADER_ROW, 0, HEADER_ROW + len(page.rows), len(columns) - 1)
    printed = sum(not _is_id(column) for column in columns)
    sheet.print_area(TITLE_ROW, 0, HEADER_ROW + len(page.rows), printed - 1)
    _set_up_printing(sheet)


def _write_cell(sheet: Worksheet, row: int, place: int, value: Value, style: Format) -> None:
    if isinstance(value, datetime):
        sheet.write_datetime(row, place, value.astimezone(SHANGHAI).replace(tzinfo=None), style)
    elif isinstance(value, bool | str):
        sheet.write_string(row, place, str(value), style) if value != "" else sheet.write_blank(row, place, None, style)
    elif isinstance(value, int | float):
        sheet.write_number(row, place, value, style)
    else:
        sheet.write_blank(row, place, None, style)


def _set_up_printing(sheet: Worksheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(TITLE_ROW, HEADER_ROW)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.set_footer("&C&9第 &P 页，共 &N 页")


def _is_id(column: Column) -> bool:
    return column.field in AT_THE_END and column.cell is Cell.CODE and not column.needed


def _plain(value: Value) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(SHANGHAI):%Y-%m-%d}"
    if isinstance(value, float):
        return f"{value:.15g}"
    if value is None or isinstance(value, int):
        return "" if value is None else str(value)
    return no_formula(str(value))
