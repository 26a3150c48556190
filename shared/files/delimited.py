"""Rows of text with commas, semicolons or tabs between cells.

Strict about quotes: a row in doubt is a fault, and no guess.
"""

import csv
import io
from collections.abc import Iterator

from shared.files.faults import Fault

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}
LONGEST_CELL = 1_000_000
QUOTES = "a text with commas, quotes or line breaks stands in quotes, and a quote inside it is doubled"


def delimited_rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str] | Fault]]:
    """Each row with its number, as a spreadsheet counts: with blank rows, and a text of several lines as one."""
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number, first_line = number + 1, reader.line_num + 1
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            yield (
                number,
                Fault(number, "", f"lines {first_line} to {reader.line_num}", f"can't be read: {fault}", QUOTES),
            )
