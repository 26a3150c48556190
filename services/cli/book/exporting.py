"""Writes the directory's book where an operator wants it."""

import getpass
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

import click

from services.cli.book.importing import categories
from services.directory.schemas.sheets import SHEETS, sheet_named
from services.directory.storage.book_writing import Page, write_table, write_tables, write_workbook
from services.directory.storage.repository import DirectoryStore
from services.directory.use_cases.exports import empty_pages, pages_of
from shared.bus.work import reading
from shared.clock import SHANGHAI, clock_from
from shared.contracts.directory import UnitPart
from shared.files.instants import NoInstant, instant_in
from shared.logs import get_logger
from shared.settings import settings
from shared.storage.engine import engine_for

log = get_logger()


def instant_of(text: str) -> datetime:
    """The beginning of the day that is named; now, if none is."""
    if not text:
        return clock_from(settings()).now()
    try:
        return instant_in(text)
    except NoInstant as fault:
        raise click.BadParameter(f"{text!r} {fault}; right is a day like 2026-03-01", param_hint="--at") from None


def kinds_of(names: Collection[str]) -> set[str]:
    """Those that are named in Chinese or English; all, if none is."""
    found = {name: sheet_named(name) for name in names}
    for name, sheet in found.items():
        if sheet is None:
            titles = "、".join(sheet.title for sheet in SHEETS)
            raise click.BadParameter(f"{name!r} is no kind; there are {titles}", param_hint="--kind")
    return {sheet.kind for sheet in found.values() if sheet} or {sheet.kind for sheet in SHEETS}


def pages(kinds: set[str], at: datetime, *, with_people: bool, exercise: bool) -> list[Page]:
    if with_people:
        log.warning("people_exported", by=getpass.getuser(), kinds=sorted(kinds))
    with reading(engine_for("directory"), DirectoryStore) as work:
        return pages_of(work, kinds, at, categories(), with_people=with_people, exercise=exercise)


def template(kinds: set[str]) -> list[Page]:
    return [page for page in empty_pages() if page.sheet.kind in kinds]


def write(path: Path, found: list[Page], at: datetime, *, exercise: bool) -> None:
    """An XLSX, one CSV, or a folder of CSV files, by its name."""
    if path.suffix.lower() == ".csv" and len(found) != 1:
        raise click.UsageError("A CSV file has one kind: name it with --kind, or name a folder or an .xlsx file.")
    if path.suffix and path.suffix.lower() not in (".csv", ".xlsx"):
        raise click.UsageError(f"{path} must end in .xlsx or .csv, or be a folder.")
    try:
        if path.suffix.lower() == ".xlsx":
            as_of = f"截至 {at.astimezone(SHANGHAI):%Y年%-m月%-d日}{'（演练数据）' if exercise else ''}"
            write_workbook(path, found, district(at), as_of)
        elif path.suffix:
            write_table(path, found[0])
        else:
            write_tables(path, found)
    except OSError as fault:
        raise click.UsageError(f"{path} can't be written: {fault.strerror or fault}") from None


def district(at: datetime) -> str:
    """The name of the district whose directory it is."""
    with reading(engine_for("directory"), DirectoryStore) as work:
        code = work.units(at).district
        held = work.entries.find(UnitPart, code, at)
        return held.name if held else ""
