"""`gongshang directory`: the book of who and where, for those who keep it and those who run it.

Commands write into the directory's database as its service does; the service, once it runs, tells the others.
"""

import getpass
from pathlib import Path

import click

from services.cli.book import exporting, importing, showing
from services.cli.output import Group, example, json_option, say, show_json, table
from services.cli.suite import filling
from services.cli.suite.databases import directory_must_be_made
from services.directory.storage.repository import DirectoryStore
from services.directory.use_cases.showing import check_all, show_entry
from shared.bus.work import reading
from shared.storage.engine import engine_for

BOOK = click.Path(exists=True, path_type=Path)


@click.group(
    cls=Group, epilog=example("./gongshang directory import 名录.xlsx --dry-run", "./gongshang directory snapshot")
)
def command() -> None:
    """Keep the directory of who and where: units, places, organisations, desks, people, halls."""


@command.command(epilog=example("./gongshang directory snapshot", "./gongshang directory snapshot --json"))
@json_option
def snapshot(as_json: bool) -> None:
    """Tell every service all of the directory again: after one was restored, or is new. Safe at any time."""
    directory_must_be_made()
    told = filling.snapshot()
    if as_json:
        show_json({"told": told})
    else:
        click.echo(f"{told} entries are told to every service.")


@command.command(epilog=example("./gongshang directory generate --seed 7", "./gongshang directory generate --full"))
@click.option("--seed", type=int, default=7, show_default=True, help="The same seed makes the same people.")
@click.option("--full", is_flag=True, help="The programme's own size: 83,975 deputies, all kinds of halls.")
@json_option
def generate(seed: int, full: bool, as_json: bool) -> None:
    """Make people, desks and halls for exercises. What was entered stays, and nothing is made in its place.

    Made ones are marked as such. The same again changes nothing; another seed, or the other size, replaces what was
    made before.
    """
    directory_must_be_made()
    changed = filling.make_exercise(seed, full=full)
    if as_json:
        show_json({"seed": seed, "full": full, "changed": dict(changed)})
    else:
        rows = [(kind, count) for kind, count in changed.items() if count]
        click.echo(table(("kind", "changed"), rows) if rows else "All of that was made before; nothing changed.")


@command.command(
    "import",
    epilog=example(
        "./gongshang directory import 名录.xlsx --dry-run",
        './gongshang directory import 名录.xlsx --why "换届"',
        "./gongshang directory import 名录/ --report faults.csv",
    ),
)
@click.argument("path", metavar="FILE|FOLDER", type=BOOK)
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write every fault to this CSV: sheet, row, column, value, what is wrong, what would be right.",
)
@click.option("--as", "by", default="", help="Who enters it; by default the system's user.")
@click.option("--why", default="", help="Why, for the journal; by default the file's name.")
@json_option
@click.pass_context
def import_book(
    ctx: click.Context, path: Path, dry_run: bool, report: Path | None, by: str, why: str, as_json: bool
) -> None:
    """Enter what a workbook, a CSV file or a folder of them says: everything, or nothing where a row has a fault.

    Sheets (or files) are called 单位、场所、机构、人员、工作人员、议事代表、居民、岗位、值班、代理、合同、议事厅 and
    职责清单. A row says what holds from 有效自 until the end of the day in 有效至; left out, it is from today on, and
    for as long as was known. The same file again changes nothing. Their columns: services/directory/README.md.

    Works while the services run; they learn of it at once.

    Exit code: 0 imported, or nothing to do; 1 something is wrong, and nothing was imported.
    """
    directory_must_be_made()
    book, at = importing.book_in(path), importing.now()
    plan = importing.planned(book, at)
    is_done = not plan.faults and not dry_run and bool(plan.changes)
    if is_done:
        plan = importing.carry_out(path, plan, at, by=by or getpass.getuser(), why=why or path.name)
        is_done = not plan.faults
    if report:
        importing.write_report(report, plan.faults)
    if as_json:
        show_json(importing.figures(path, book, plan, is_done=is_done))
    else:
        say(f"{path}: {len(book.rows)} rows in {', '.join(book.read_as) or 'no sheet'}.")
        if not plan.faults:
            importing.say_plan(plan, is_done=is_done)
        importing.say_faults(plan.remarks, None)
    importing.say_faults(plan.faults, report)
    if plan.faults:
        say(f"{len(plan.faults)} faults; nothing was imported. Mend them in the file, and import it again.")
    ctx.exit(1 if plan.faults else 0)


@command.command(
    epilog=example(
        "./gongshang directory export 名录.xlsx",
        "./gongshang directory export 名录/ --at 2026-03-01",
        "./gongshang directory export 议事厅.csv --kind 议事厅",
        "./gongshang directory export 模板.xlsx --empty",
    )
)
@click.argument("path", metavar="FILE|FOLDER", type=click.Path(path_type=Path))
@click.option("--at", "day", default="", help="What held at the beginning of this day; by default what holds now.")
@click.option(
    "--kind", "kinds", multiple=True, help="Only this kind, such as 议事厅 or hall; several times for several."
)
@click.option("--empty", is_flag=True, help="A template: all sheets and columns, and no rows.")
@click.option("--with-people", is_flag=True, help="Also 人员, 居民 and phones; who took them is logged.")
@click.option("--exercise", is_flag=True, help="What was made for exercises instead; never both in one book.")
@json_option
def export(
    path: Path, day: str, kinds: tuple[str, ...], empty: bool, with_people: bool, exercise: bool, as_json: bool
) -> None:
    """Write what the directory has into a workbook, a CSV file or a folder of them, as an office hands it out.

    Read back by import it changes nothing. People, residents and phones are left out, unless they are asked for.
    """
    directory_must_be_made()
    at, wanted = exporting.instant_of(day), exporting.kinds_of(kinds)
    if empty:
        found = exporting.template(wanted)
    else:
        found = exporting.pages(wanted, at, with_people=with_people, exercise=exercise)
    if not found:
        raise click.ClickException("There is nothing of this in the directory then; nothing was written.")
    exporting.write(path, found, at, exercise=exercise)
    rows = {page.sheet.title: len(page.rows) for page in found}
    if as_json:
        show_json({"file": str(path), "rows": rows})
    else:
        click.echo(f"{path}: " + ", ".join(f"{title} {count}" for title, count in rows.items()))


@command.command(
    epilog=example("./gongshang directory show 110105015", "./gongshang directory show 八里庄街道 --at 2026-03-01")
)
@click.argument("code", metavar="CODE")
@click.option("--at", "day", default="", help="As it was at the beginning of this day; by default as it is now.")
@json_option
def show(code: str, day: str, as_json: bool) -> None:
    """Show a unit, by its code or name, or any entry by its id: what holds, what belongs to it, what was before."""
    directory_must_be_made()
    at = exporting.instant_of(day)
    with reading(engine_for("directory"), DirectoryStore) as work:
        shown = show_entry(work, code, at)
    if as_json:
        show_json(showing.as_object(shown))
    else:
        click.echo("\n".join(showing.lines_of(shown, at)))


@command.command(epilog=example("./gongshang directory check", "./gongshang directory check 名录.xlsx"))
@click.argument("path", metavar="[FILE|FOLDER]", type=BOOK, required=False)
@json_option
@click.pass_context
def check(ctx: click.Context, path: Path | None, as_json: bool) -> None:
    """Check that all that is in the directory fits together: or, before it is imported, what is in a file.

    Remarks are worth a look, and may be right all the same: gaps between terms, and what holds twice at a time.

    Exit code: 0 nothing is wrong, 1 something is.
    """
    directory_must_be_made()
    at = importing.now()
    if path is not None:
        plan = importing.planned(importing.book_in(path), at)
        faults, remarks = plan.faults, plan.remarks
    else:
        with reading(engine_for("directory"), DirectoryStore) as work:
            found = check_all(work, at.now, importing.categories())
        faults, remarks = importing.in_sheets(found)
    if as_json:
        show_json(
            {
                name: [importing.as_object(one) for one in some]
                for name, some in (("faults", faults), ("remarks", remarks))
            }
        )
    else:
        for name, some in (("wrong", faults), ("remark", remarks)):
            for line in importing.shortened(some):
                click.echo(f"{name}: {line}")
        click.echo(f"{len(faults) or 'No'} faults, {len(remarks) or 'no'} remarks.")
    ctx.exit(1 if faults else 0)
