"""A list as a table to take away: CSV with a mark by which spreadsheets know that it is UTF-8."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from flask import Response

from services.gateway.filters import said

MARK = "\ufeff"
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def as_csv(name: str, columns: Sequence[str], lines: Iterable[Sequence[str | int | float | None]]) -> Response:
    """Under its name. A text that a spreadsheet would take for a formula is kept a text."""
    written = StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([said(column) for column in columns])
    writer.writerows([_plain(value) for value in line] for line in lines)
    answer = Response(MARK + written.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _plain(value: str | int | float | None) -> str | int | float:
    if isinstance(value, str) and value.startswith(FORMULAS):
        return f"'{value}"
    return "" if value is None else value
