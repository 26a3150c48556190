"""`gongshang work`: all that waits for somebody, from all services, in one table."""

from typing import Any

import click

from services import ANSWERING
from services.cli.output import example, json_option, say, show_json, table, wrapped
from services.cli.suite.calls import calls_of
from services.cli.suite.staff import token_for
from shared.auth import Role, read_token
from shared.bus.rpc.client import RpcClient
from shared.clock import for_people
from shared.errors import Unavailable
from shared.files.instants import instant_in

LIST = "list_my_work"
COLUMNS = (16, 28, 24, 46)
"""As wide as they may be; with the gaps 120 in all."""


@click.command(
    epilog=example(
        "./gongshang work --as li.na",
        "./gongshang work --role leader --unit 110105017 --json",
    )
)
@click.option("--as", "login", help="Whose work: the login of a member of staff.")
@click.option("--role", type=click.Choice([role.value for role in Role]), help="Or: of whoever has it.")
@click.option("--unit", help="Where they have it; the district if it is left out.")
@click.option("--organisation", help="For whom, by its id, where they have several posts.")
@click.option("--wide", is_flag=True, help="One line for each, however long, also with what happens otherwise.")
@json_option
def command(
    login: str | None, role: str | None, unit: str | None, organisation: str | None, wide: bool, as_json: bool
) -> None:
    """Show what waits for somebody: what it is, by when, by which call, and what happens otherwise (--wide).

    All orders that a unit has in hand: ./gongshang call intake list_orders --help

    Exit code: 0 all services were asked, 1 some could not be.
    """
    token = token_for(login, Role(role) if role else None, unit, organisation)
    caller = read_token(token)
    waits, silent = [], []
    with RpcClient(token) as ask:
        for process in ANSWERING:
            found = calls_of(process).get(LIST)
            if found is not None and caller.is_any_of(found.roles):
                try:
                    waits += [{"service": process, **one} for one in ask(process, LIST, {})["waits"]]
                except Unavailable as fault:
                    silent.append(f"{process} can't be asked: {fault}")
    waits.sort(key=lambda one: (one["due_at"] is None, one["due_at"] or "", one["about"]))
    if as_json:
        who = {"subject": caller.subject, "unit": caller.unit, "organisation": caller.organisation}
        show_json(who | {"waits": waits, "not_asked": silent})
    elif waits:
        click.echo(as_wide_table(waits) if wide else as_table(waits))
    else:
        click.echo(as_nothing(caller.subject, caller.organisation))
    for one in silent:
        say(f"Not complete: {one}.")
    click.get_current_context().exit(1 if silent else 0)


def as_nothing(subject: str, organisation: str) -> str:
    """That nothing waits; a system is of no organisation."""
    return f"Nothing waits for {subject}{f' ({organisation})' if organisation else ''}."


def as_table(waits: list[dict[str, Any]]) -> str:
    """Those on a screen of 120 columns: what to do and by which call below each other."""
    rows = [(_due(one), one["about"], one["title"], f"{one['act']} → {', '.join(one['calls'])}") for one in waits]
    return wrapped(("due", "what", "about", "to do, and by which call"), rows, COLUMNS)


def as_wide_table(waits: list[dict[str, Any]]) -> str:
    """One line for each, with all there is."""
    rows = [
        (
            _due(one),
            one["about"],
            one["title"],
            one["act"],
            ", ".join(one["calls"]),
            one["otherwise"],
        )
        for one in waits
    ]
    return table(("due", "what", "about", "to do", "by", "otherwise"), rows)


def _due(one: dict[str, Any]) -> str:
    return for_people(instant_in(one["due_at"])) if one["due_at"] else "-"
