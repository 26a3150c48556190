"""Imports a book into the directory's database, and says what it changes in words that a clerk can follow."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from services.cli.output import say, table
from services.cli.suite import filling
from services.directory.domain.agreement import Disagreement
from services.directory.schemas.saying import changed_facts, described, period_in_words, title_of
from services.directory.schemas.sheets import BY_KIND
from services.directory.storage.book_file import Book, read_book
from services.directory.storage.repository import DirectoryStore
from services.directory.use_cases.imports import Fate, ImportPlan, Planned, carry_out_import, plan_import
from services.intake.domain.catalogue_file import read_catalogue
from shared.bus.moment import Moment, Moments
from shared.bus.work import reading
from shared.files.faults import BadFile, Fault, SheetFault, write_sheets_report
from shared.settings import settings
from shared.storage.engine import engine_for

MOST_SAID, MOST_OF_A_KIND = 40, 3
SIGNS = {Fate.ENTERED: "+", Fate.CHANGED: "~", Fate.ENDED: "-"}


def book_in(path: Path) -> Book:
    """Everything that is in the file or folder. A path that is no book is a user's mistake."""
    try:
        book = read_book(path)
    except BadFile as fault:
        raise click.UsageError(f"{path} {fault}.") from None
    if not book.rows and not book.faults:
        raise click.ClickException(f"{path} has no rows below its headers: there is nothing to import.")
    return book


def planned(book: Book, at: Moment) -> ImportPlan:
    """What it would change, looked at without holding anybody up."""
    with reading(engine_for("directory"), DirectoryStore) as work:
        return plan_import(work, book, at, categories())


def carry_out(path: Path, plan: ImportPlan, at: Moment, *, by: str, why: str) -> ImportPlan:
    """One short transaction. What was planned is planned again if the directory changed meanwhile."""
    with filling.in_bulk() as work:
        work.entries.lock()
        if work.entries.version() != plan.version:
            plan = plan_import(work, book_in(path), at, categories())
        if not plan.faults:
            carry_out_import(work, plan, at, by=by, why=why)
    return plan


def now() -> Moment:
    return Moments().now()


def categories() -> dict[str, str]:
    """The names of the categories of the catalogue that the suite runs with, by code."""
    path = settings().categories_file
    return {one.code: one.name for one in (read_catalogue(path) if path else read_catalogue()).categories}


def say_plan(plan: ImportPlan, *, is_done: bool) -> None:
    """How many of each kind have which fate, and the first of those that change."""
    if not plan.changes:
        click.echo(f"Nothing changes: all {len(plan.planned)} entries are in the directory as the file has them.")
        return
    counts = plan.counts()
    rows = [(title_of(kind), *(counted[fate] for fate in Fate)) for kind, counted in counts.items()]
    click.echo(table(("", *Fate), rows))
    for fate in SIGNS:
        for kind in counts:
            some = [one for one in plan.changes if one.fate is fate and one.entry.kind.name == kind]
            for one in some[:MOST_OF_A_KIND]:
                click.echo(line(one))
            if len(some) > MOST_OF_A_KIND:
                click.echo(f"  … and {len(some) - MOST_OF_A_KIND} more {title_of(kind)} {fate}")
    say("Imported." if is_done else "This is what would change; nothing was imported (--dry-run).")


def line(one: Planned) -> str:
    """`+ 议事厅 八里庄议事厅, from 2026-01-01`; of what changes also from what to what."""
    period = one.new_periods[-1] if one.new_periods else one.entry.periods[-1]
    what = f"{SIGNS[one.fate]} {title_of(one.entry.kind.name)} {described(period)}"
    if one.fate is Fate.CHANGED:
        differences = changed_facts(one.entry.kind.name, one.before[-1], period)
        return f"{what}, {period_in_words(period)}: {'; '.join(differences) or 'its days'}"
    is_made = " (made for exercises, gives way)" if one.entry.is_exercise and one.row is None else ""
    return f"{what}, {period_in_words(period)}{is_made}"


def say_faults(faults: Iterable[SheetFault], report: Path | None) -> None:
    """The first of them on standard error; all of them in the report."""
    some = list(faults)
    for fault in some[:MOST_SAID]:
        say(str(fault))
    if len(some) > MOST_SAID:
        say(f"… and {len(some) - MOST_SAID} more, {f'in {report}' if report else 'written by --report FILE'}")


def shortened(faults: Sequence[SheetFault]) -> Iterator[str]:
    """The first of each kind, and how many more there are like it."""
    by_kind: dict[tuple[str, str, str], list[SheetFault]] = {}
    for one in faults:
        by_kind.setdefault((one.sheet, one.fault.column, one.fault.wrong), []).append(one)
    for some in by_kind.values():
        yield from map(str, some[:MOST_OF_A_KIND])
        if len(some) > MOST_OF_A_KIND:
            yield f"… and {len(some) - MOST_OF_A_KIND} more like that (--json shows all)"


def write_report(report: Path, faults: Iterable[SheetFault]) -> None:
    try:
        write_sheets_report(report, faults)
    except OSError as fault:
        raise click.BadParameter(f"{report} can't be written: {fault.strerror}", param_hint="--report") from None


def figures(path: Path, book: Book, plan: ImportPlan, *, is_done: bool) -> dict[str, Any]:
    """For programs."""
    return {
        "file": str(path),
        "read_as": book.read_as,
        "rows": len(book.rows),
        "imported": is_done,
        "counts": plan.counts(),
        "changes": [{"kind": one.entry.kind.name, "id": one.entry.id, "fate": one.fate} for one in plan.changes],
        "faults": [as_object(one) for one in plan.faults],
        "remarks": [as_object(one) for one in plan.remarks],
    }


def in_sheets(found: Sequence[Disagreement]) -> tuple[list[SheetFault], list[SheetFault]]:
    """Faults and remarks on what is in the directory, where there are no rows."""
    told = [(one.is_remark, SheetFault(title_of(one.kind), in_directory(one))) for one in found]
    return [one for is_remark, one in told if not is_remark], [one for is_remark, one in told if is_remark]


def in_directory(one: Disagreement) -> Fault:
    sheet = BY_KIND[one.kind]
    column = sheet.column(one.field).title if sheet.has(one.field) else one.field
    return Fault(0, column, one.id, one.wrong, one.right)


def as_object(one: SheetFault) -> dict[str, Any]:
    return {"sheet": one.sheet} | vars(one.fault)
