"""Reads calendar files: announced days (date, name, is_day_off, notice) and provisional ones (date, name)."""

import csv
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

FOLDER = Path(__file__).parent
ANNOUNCED = FOLDER / "state_council_days.csv"
PROVISIONAL = FOLDER / "provisional_days.csv"


class BadCalendarFile(ValueError):
    """A calendar file can't be used. The message names the line and the column."""


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day that a notice, or the law alone, makes different from its weekday."""

    on: date
    name: str
    is_day_off: bool
    notice: str


def read_days(path: Path, *, announced: bool) -> dict[date, NamedDay]:
    """Raises BadCalendarFile. Of a day that was announced anew the last line holds; twice by one notice is a fault."""
    days: dict[date, NamedDay] = {}
    columns = ["date", "name", "is_day_off", "notice"] if announced else ["date", "name"]
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise BadCalendarFile(f"{path}: can't be read: {fault}") from None
    rows = csv.DictReader(lines)
    if missing := [column for column in columns if column not in (rows.fieldnames or ())]:
        raise BadCalendarFile(f"{path}: line 1: lacks the column {missing[0]}")
    for row in rows:
        day = _day(path, rows.line_num, row)
        if day.on in days and days[day.on].notice == day.notice:
            raise BadCalendarFile(f"{path}: line {rows.line_num}: date {day.on} is there twice")
        days[day.on] = day
    return days


def fingerprint(paths: Iterable[Path]) -> str:
    """Eight characters that change when a file's content does."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def _day(path: Path, line: int, row: dict[str, str]) -> NamedDay:
    is_day_off = row.get("is_day_off") or "true"
    if is_day_off not in ("true", "false"):
        raise BadCalendarFile(f"{path}: line {line}: is_day_off must be true or false, not {is_day_off!r}")
    try:
        on = date.fromisoformat(row["date"] or "")
    except ValueError:
        raise BadCalendarFile(f"{path}: line {line}: date {row['date']!r} is not a day like 2026-03-02") from None
    return NamedDay(on, row["name"] or "", is_day_off == "true", row.get("notice") or "")
