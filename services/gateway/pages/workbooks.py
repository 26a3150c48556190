"""Tables to take away as a workbook (XLSX): one sheet a table, shares as per cent, nothing in it run as a formula."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO

from flask import Response
from xlsxwriter import Workbook

from services.gateway.filters import said
from services.gateway.pages.downloads import attached

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_TITLE = 31
NOT_IN_TITLES = str.maketrans(dict.fromkeys(r"[]:*?/\ "[:-1], " "))
Cell = str | int | float | None


@dataclass(frozen=True)
class SheetOf:
    """A sheet: its title, the names of its columns, its rows. A float is a share."""

    title: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def as_xlsx(name: str, sheets: Sequence[SheetOf]) -> Response:
    """Under its name, with at least one sheet."""
    written = BytesIO()
    with Workbook(written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        share = book.add_format({"num_format": "0.0%"})
        for one in sheets:
            sheet = book.add_worksheet(said(one.title).translate(NOT_IN_TITLES)[:LONGEST_TITLE])
            sheet.write_row(0, 0, [said(column) for column in one.columns], head)
            for number, row in enumerate(one.rows, start=1):
                for place, value in enumerate(row):
                    sheet.write(number, place, value, share if isinstance(value, float) else None)
            sheet.freeze_panes(1, 0)
            sheet.autofit()
    return attached(f"{name}.xlsx", written.getvalue(), XLSX)
