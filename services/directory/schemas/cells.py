"""What the cells of a row mean, and how what is known is written into cells. What means nothing is noted in the row."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from services.directory.domain.opening import (
    RIGHT,
    RIGHT_DAYS,
    Unreadable,
    days_in,
    days_in_words,
    weekly_openings,
)
from services.directory.schemas.sheets import Cell, Column
from services.directory.schemas.words import closest, meant, written
from shared.clock import SHANGHAI
from shared.files.faults import without_guard
from shared.files.instants import NoInstant, Times, in_shanghai, instant_in
from shared.files.reading import RowReading

FOR_GOOD = "长期"
NO_END = {FOR_GOOD, "至今", "永久", "无限期"}
Value = str | int | float | bool | datetime | list[str] | None
"""What a cell can mean."""
YES, NO = {"是", "yes", "true", "1", "y"}, {"否", "no", "false", "0", "n"}
RIGHT_DAY = "a day like 2026-03-01, or a date cell"
MOST_DAYS = 100_000
RIGHT_TIME = "a time of day like 09:00"
_CLOCK = re.compile(r"([01]?[0-9]|2[0-4])[:：]([0-5][0-9])(?:[:：]00)?")
_SEVERAL = re.compile("[;；、\n]")


def value_in(reading: RowReading, column: Column) -> Value:
    """The value of a cell; None where it is empty, and where it has a fault."""
    before = len(reading.faults)
    value = _READERS[column.cell](reading, column)
    if len(reading.faults) > before:
        return None
    if column.needed and value in (None, "", []):
        reading.note(column.field, "is empty", f"{column.title} in every row")
        return None
    return value


def cell_of(column: Column, value: Any) -> Value:  # noqa: ANN401
    """What is written for a value that is not named by another word."""
    if value is None:
        return ""
    if column.cell is Cell.WORD and column.words:
        return written(column.words, value)
    if column.cell is Cell.WORDS and column.words:
        return "；".join(written(column.words, one) for one in value)
    if column.cell is Cell.WEEKDAYS:
        return days_in_words(value)
    if column.cell is Cell.YES_NO:
        return "是" if value else "否"
    return "；".join(value) if isinstance(value, list) else value


def several(text: str) -> list[str]:
    """The values in one cell, each once."""
    return list(dict.fromkeys(one.strip() for one in _SEVERAL.split(text) if one.strip()))


def _text(reading: RowReading, column: Column) -> str | None:
    return without_guard(reading.text(column.field)) or None


def _code(reading: RowReading, column: Column) -> str | None:
    return reading.code(column.field) or None


def _texts(reading: RowReading, column: Column) -> list[str]:
    return several(without_guard(reading.text(column.field)))


def _codes(reading: RowReading, column: Column) -> list[str]:
    return several(reading.code(column.field))


def _number(reading: RowReading, column: Column) -> float | None:
    text = reading.text(column.field).replace(",", "").replace("，", "")
    try:
        if "_" in text:
            raise ValueError(text)
        return float(text) if text else None
    except ValueError:
        reading.note(column.field, "is no number", "a number like 120")
        return None


def _count(reading: RowReading, column: Column) -> int | None:
    number = _number(reading, column)
    if number is not None and (number < 0 or not number.is_integer()):
        reading.note(column.field, "is no whole number", "a whole number like 120")
        return None
    return None if number is None else int(number)


def _yes_no(reading: RowReading, column: Column) -> bool | None:
    text = reading.text(column.field).casefold()
    if text and text not in YES | NO:
        reading.note(column.field, "is neither yes nor no", "是 or 否")
    return text in YES if text else None


def _day(reading: RowReading, column: Column) -> datetime | str | None:
    """00:00 of the day; or `FOR_GOOD`, where the file says so."""
    cell = reading.cell(column.field)
    if isinstance(cell, float):
        shows = datetime(1899, 12, 30, tzinfo=SHANGHAI) + timedelta(days=cell) if 1 <= cell < MOST_DAYS else None
        known = f" (it may be {shows:%Y-%m-%d})" if shows else ""
        reading.note(column.field, f"is a number and not formatted as a day{known}", RIGHT_DAY)
        return None
    text = "" if isinstance(cell, date) else reading.text(column.field)
    if text in NO_END and column.field == "valid_to":
        return FOR_GOOD
    try:
        if isinstance(cell, date):
            day = in_shanghai(datetime.combine(cell, time()) if not isinstance(cell, datetime) else cell, Times())
        elif text:
            day = instant_in(text)
        else:
            return None
    except NoInstant as fault:
        reading.note(column.field, str(fault).replace("no time", "no day"), RIGHT_DAY)
        return None
    if day.time() != time():
        reading.note(column.field, "has a time of day", RIGHT_DAY)
        return None
    return day.astimezone(SHANGHAI)


def _days(reading: RowReading, column: Column) -> list[str]:
    if isinstance(reading.cell(column.field), date):
        day = _day(reading, column)
        return [f"{day:%Y-%m-%d}"] if isinstance(day, datetime) else []
    found = []
    for one in several(reading.text(column.field)):
        try:
            found.append(f"{instant_in(one):%Y-%m-%d}")
        except NoInstant:
            reading.note(column.field, f"has {one}, which is no day", "days like 2026-10-01；2026-10-02")
    return found


def _time(reading: RowReading, column: Column) -> str | None:
    cell = reading.cell(column.field)
    if isinstance(cell, timedelta) and cell == timedelta(days=1):
        return "00:00"
    if isinstance(cell, timedelta):
        cell = (datetime(2000, 1, 1, tzinfo=SHANGHAI) + cell).time()
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    text = reading.text(column.field)
    found = _CLOCK.fullmatch(text)
    if not text:
        return None
    if found is None or (found[1] == "24" and found[2] != "00"):
        reading.note(column.field, "is no time of day", RIGHT_TIME)
        return None
    return f"{int(found[1]) % 24:02}:{found[2]}"


def _weekdays(reading: RowReading, column: Column) -> list[str] | None:
    text = reading.text(column.field)
    try:
        return [day.value for day in days_in(text)] if text else None
    except Unreadable as fault:
        reading.note(column.field, str(fault), RIGHT_DAYS)
        return None


def _hours(reading: RowReading, column: Column) -> str | None:
    text = reading.text(column.field)
    try:
        if text:
            weekly_openings(text)
    except Unreadable as fault:
        reading.note(column.field, str(fault), RIGHT)
    return text or None


def _word(reading: RowReading, column: Column) -> str | None:
    text = reading.text(column.field)
    if not text or column.words is None:
        return text or None
    return next(iter(_meant(reading, column, [text])), None)


def _words(reading: RowReading, column: Column) -> list[str]:
    return _meant(reading, column, several(reading.text(column.field)))


def _meant(reading: RowReading, column: Column, texts: Sequence[str]) -> list[str]:
    found = []
    for text in texts:
        value = meant(column.words or {}, text)
        if value is None:
            wrong = f"is no {column.title} that is known" if len(texts) == 1 else f"has {text}, which is not known"
            reading.note(column.field, wrong, closest(column.words or {}, text))
        else:
            found.append(value.value)
    return found


_READERS = {
    Cell.TEXT: _text,
    Cell.TEXTS: _texts,
    Cell.CODE: _code,
    Cell.CODES: _codes,
    Cell.COUNT: _count,
    Cell.NUMBER: _number,
    Cell.YES_NO: _yes_no,
    Cell.DAY: _day,
    Cell.DAYS: _days,
    Cell.TIME: _time,
    Cell.WEEKDAYS: _weekdays,
    Cell.WORD: _word,
    Cell.WORDS: _words,
    Cell.HOURS: _hours,
    Cell.NAMED: _code,
    Cell.ALL_NAMED: _codes,
}
