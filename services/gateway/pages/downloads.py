"""What can be taken away as a file; a list as CSV with a mark by which spreadsheets know that it is UTF-8."""

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
    return attached(f"{name}.csv", MARK + written.getvalue(), "text/csv")


def attached(name: str, content: str | bytes, mimetype: str) -> Response:
    """A file that is kept under this name, and not shown."""
    answer = Response(content, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _plain(value: str | int | float | None) -> str | int | float:
    if isinstance(value, str) and value.startswith(FORMULAS):
        return f"'{value}"
    return "" if value is None else value
