"""What is wrong with a file, said so that whoever made it can mend it; and the list of it, for a spreadsheet."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

HEAD = ("row", "column", "value", "what is wrong", "what would be right")
LONGEST_VALUE = 200
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class BadFile(ValueError):
    """The file as a whole can't be read: a sentence that says why, and what would be right."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in one row, which is counted as a spreadsheet counts it; in JSONL it is the line."""

    row: int
    column: str
    value: str
    wrong: str
    right: str

    def __str__(self) -> str:
        where = ", ".join(filter(None, (f"row {self.row}" if self.row else "", self.column)))
        return f"{where}: {shown(self.value)!r} {self.wrong}; {self.right}".removeprefix(": ")


def shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]} …"


@dataclass(frozen=True)
class SheetFault:
    """A fault, and the sheet in which it lies."""

    sheet: str
    fault: Fault

    def __str__(self) -> str:
        return f"{self.sheet} {self.fault}"


def write_report(file: Path, faults: Iterable[Fault]) -> None:
    """Every fault as a row."""
    write_rows(file, HEAD, map(astuple, faults))


def write_sheets_report(file: Path, faults: Iterable[SheetFault]) -> None:
    """Every fault as a row, behind its sheet."""
    write_rows(file, ("sheet", *HEAD), ((one.sheet, *astuple(one.fault)) for one in faults))


def write_rows(file: Path, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A CSV that Excel opens as UTF-8, and in which nothing from the file is run as a formula."""
    with file.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="") as lines:
        report = csv.writer(lines)
        report.writerow(head)
        report.writerows([harmless(cell) for cell in row] for row in rows)


def harmless(cell: object) -> str:
    return no_formula(shown(cell).replace("\0", "\\0"))


def no_formula(text: str) -> str:
    """As a text, whatever it begins with."""
    return f"'{text}" if text.startswith(FORMULA) else text


def without_guard(text: str) -> str:
    """What `no_formula` was given."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA) else text
