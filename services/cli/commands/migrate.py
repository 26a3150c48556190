"""`gongshang migrate`: every service's database to the newest version."""

import click

from services.cli.output import example, json_option, show_json, table
from services.cli.suite.choosing import chosen
from services.cli.suite.databases import Migrated, migrate


@click.command(epilog=example("./gongshang migrate", "GONGSHANG_DATABASE=postgresql+psycopg://… ./gongshang migrate"))
@click.argument("service", nargs=-1)
@json_option
def command(service: tuple[str, ...], as_json: bool) -> None:
    """Make or bring up to date the database of every SERVICE (all, if none is named)."""
    done = migrate(chosen(service))
    if as_json:
        show_json({"services": {one.service: {"before": one.before, "after": one.after} for one in done}})
        return
    click.echo(table(("service", "before", "now"), [row(one) for one in done]) if done else "Nothing to migrate.")


def row(one: Migrated) -> tuple[str, str, str]:
    return one.service, one.before or "-", one.after or "-"
