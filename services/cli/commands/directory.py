"""`gongshang directory`: the book of who and where, for those who keep it and those who run it.

Commands write into the directory's database as its service does; the service, once it runs, tells the others.
"""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager

import click

from services.cli.output import example, json_option, show_json, table
from services.cli.suite.databases import is_made
from services.directory.storage.duty_file import read_duties
from services.directory.storage.exercise_file import exercise_plan
from services.directory.storage.repository import DirectoryStore
from services.directory.use_cases import generating as use_cases
from services.directory.use_cases.generating import Wanted
from services.directory.use_cases.telling import tell_all
from shared.bus.moment import Moments
from shared.bus.work import transaction
from shared.settings import settings
from shared.storage.engine import engine_for


@click.group(epilog=example("./gongshang directory snapshot"))
def command() -> None:
    """Keep the directory of who and where: units, places, organisations, desks, people, halls."""


@command.command(epilog=example("./gongshang directory snapshot", "./gongshang directory snapshot --json"))
@json_option
def snapshot(as_json: bool) -> None:
    """Tell every service all of the directory again: after one was restored, or is new. Safe at any time."""
    with directory() as work:
        told = tell_all(work, Moments().now())
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
    with directory() as work:
        wanted = Wanted(exercise_plan(), read_duties(settings().duties_file), seed, full, getpass.getuser())
        changed = use_cases.generate(work, wanted, Moments().now())
    if as_json:
        show_json({"seed": seed, "full": full, "changed": dict(changed)})
    else:
        rows = [(kind, count) for kind, count in changed.items() if count]
        click.echo(table(("kind", "changed"), rows) if rows else "All of that was made before; nothing changed.")


@contextmanager
def directory() -> Iterator[DirectoryStore]:
    """One transaction on the directory's database."""
    engine = engine_for("directory")
    if not is_made(engine):
        raise click.ClickException("The directory has no database yet. Run ./gongshang migrate first.")
    with transaction(engine, DirectoryStore) as work:
        yield work
