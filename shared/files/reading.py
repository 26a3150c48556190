"""The cells of one row as what they mean: text, codes, instants. What means nothing is noted, with what would be right.

`NULL`, `NaN` and the like are what programs write for nothing, and are nothing here too.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from shared.contracts.texts import is_storable
from shared.files.faults import Fault, shown
from shared.files.instants import RIGHT, NoInstant, Times, in_shanghai, instant_in

NOTHING = {"", "null", "(null)", "<null>", "nan", "nat", "none", "nil", "n/a", "\\n", "undefined"}
ERROR = re.compile(
    r"#(N/A|REF!|DIV/0!|NAME\?|NULL!|NUM!|VALUE!|GETTING_DATA|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|DATA!)"
)
FORCED = re.compile(r'="((?:[^"]|"")*)"', re.DOTALL)
SHORTENED = re.compile(r"[0-9](\.[0-9]+)?E\+[0-9]+", re.IGNORECASE)
ESCAPED_RETURN = re.compile(r"_x000D_\n?|\r\n?")
UNSEEN = "\u200b\ufeff \t\n\r\xa0\u3000"
KEPT_DIGITS = 10**15
NOISE = timedelta(milliseconds=5)
LONGEST_TEXT = 100_000
AS_TEXT = "the column formatted as text before the numbers are put in"


@dataclass
class RowReading:
    """Reads a row's fields one by one, and gathers what is wrong with them in `faults`.

    `columns` says what the file calls a field, `values` what stands for a field that is empty or not there.
    """

    number: int
    cells: Mapping[str, Any]
    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    times: Times = field(default_factory=Times)
    faults: list[Fault] = field(default_factory=list)

    def text(self, name: str, *, needed: bool = False) -> str:
        """What was written, without blanks around it. Empty where there is nothing, or a fault."""
        before, cell = len(self.faults), self.cell(name)
        found = self._text(name, cell)
        if needed and not found and len(self.faults) == before:
            self.note(name, f"is empty: there is no {name}", "every row has one")
        return found

    def code(self, name: str, *, needed: bool = False) -> str:
        """A number of an order, a phone, a unit: each of its digits counts."""
        found = self.text(name, needed=needed)
        if SHORTENED.fullmatch(found):
            self.note(name, "was shortened by the spreadsheet, its last digits are lost", AS_TEXT)
        elif isinstance(self.cell(name), date | time | timedelta):
            self.note(name, "was made a date by the spreadsheet", AS_TEXT)
        return found.removeprefix("'")

    def codes(self, name: str) -> list[str]:
        """One code, or several: a list in JSON, or with blanks, commas or semicolons between them."""
        cell = self.cell(name)
        if isinstance(cell, list):
            return [found for member in cell if (found := self._text(name, member))]
        return re.sub("[,;、，；]", " ", self.code(name)).split()

    def instant(self, name: str, *, needed: bool = False) -> datetime | None:
        """In Shanghai's time. None where there is nothing, or a fault."""
        cell = self.cell(name)
        try:
            if isinstance(cell, datetime):
                return in_shanghai(to_the_second(cell), self.times)
            if isinstance(cell, date):
                return in_shanghai(datetime(cell.year, cell.month, cell.day), self.times)  # noqa: DTZ001
            written = self.text(name, needed=needed)
            return instant_in(written, self.times) if written else None
        except NoInstant as fault:
            self.note(name, str(fault), RIGHT)
            return None

    def note(self, name: str, wrong: str, right: str) -> None:
        """A fault of this field, shown as it stands in the file."""
        cell = self.cell(name)
        value = "" if cell is None else f"{cell:.0f}" if isinstance(cell, float) and cell.is_integer() else cell
        self.faults.append(Fault(self.number, self._column(name), shown(value), wrong, right))

    def _column(self, name: str) -> str:
        return self.columns.get(name, name)

    def cell(self, name: str) -> Any:
        """What stands in the file, or for what is not there; None where that is nothing."""
        cell = self.cells.get(self._column(name))
        return self.values.get(name) if is_nothing(cell) else cell

    def _text(self, name: str, cell: Any) -> str:
        if isinstance(cell, bool):
            return str(cell).upper()
        if isinstance(cell, float):
            return self._number(name, cell)
        if isinstance(cell, list | dict):
            self.note(name, "is a list or an object", "a text")
            return ""
        return "" if is_nothing(cell) else self._sound(name, clean(cell))

    def _number(self, name: str, cell: float) -> str:
        if abs(cell) < KEPT_DIGITS:
            return str(int(cell)) if cell.is_integer() else str(cell)
        self.note(name, "is a number of more than 15 digits, of which the spreadsheet kept 15", AS_TEXT)
        return ""

    def _sound(self, name: str, found: str) -> str:
        if ERROR.fullmatch(found):
            self.note(name, "is the error of a formula", "the value itself, or an empty cell")
        elif not is_storable(found):
            self.note(name, "has a character that is none (NUL, or half of a pair)", "the text without it")
        elif len(found) > LONGEST_TEXT:
            self.note(name, f"has {len(found)} characters", f"at most {LONGEST_TEXT}")
        else:
            return found
        return ""


def clean(cell: object) -> str:
    """Line breaks as everybody writes them, no blanks around, and text forced by `="…"` as the text it is."""
    found = ESCAPED_RETURN.sub("\n", str(cell)).strip(UNSEEN)
    forced = FORCED.fullmatch(found)
    return forced[1].replace('""', '"').strip(UNSEEN) if forced else found


def to_the_second(cell: datetime) -> datetime:
    """A spreadsheet keeps a time as a fraction of a day: what shows as 9:12:00 may come out as 9:11:59.997."""
    nearest = (cell + timedelta(milliseconds=500)).replace(microsecond=0)
    return nearest if abs(cell - nearest) <= NOISE else cell


def is_nothing(cell: Any) -> bool:
    if isinstance(cell, float):
        return math.isnan(cell)
    return cell is None or (isinstance(cell, str) and clean(cell).casefold() in NOTHING)
