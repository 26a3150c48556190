"""`gongshang directory`: the book of who and where, for those who keep it and those who run it.

Commands write into the directory's database as its service does; the service, once it runs, tells the others.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from services.cli.output import example, json_option, show_json
from services.cli.suite.databases import is_made
from services.directory.storage.repository import DirectoryStore
from services.directory.use_cases.telling import tell_all
from shared.bus.moment import Moments
from shared.bus.work import transaction
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


@contextmanager
def directory() -> Iterator[DirectoryStore]:
    """One transaction on the directory's database."""
    engine = engine_for("directory")
    if not is_made(engine):
        raise click.ClickException("The directory has no database yet. Run ./gongshang migrate first.")
    with transaction(engine, DirectoryStore) as work:
        yield work
