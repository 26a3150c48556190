"""`gongshang stuck`: the events and timers that got stuck, why, and setting it right."""

import json
from typing import Any

import click
from sqlalchemy import Engine

from services import SERVICES
from services.cli.on_record import note, operator
from services.cli.output import Group, example, instant, json_option, say, show_json, table, tell_done
from services.cli.suite.databases import is_made
from shared.bus import stuck
from shared.bus.stuck import Stuck, readable
from shared.errors import NotFound
from shared.masking import masked
from shared.storage.engine import engine_for

HEAD = ("id", "what", "type", "subject", "attempts", "behind it", "since", "error")
MOST_OF_AN_ERROR = 80


@click.group(cls=Group, epilog=example("./gongshang stuck list", "./gongshang stuck retry dispatch:123"))
def command() -> None:
    """See events and timers that got stuck, try them again, or give them up."""


@command.command("list", epilog=example("./gongshang stuck list", "./gongshang stuck list --json"))
@click.option("--all", "with_outside", is_flag=True, help="Also messages from outside that were refused and answered.")
@json_option
@click.pass_context
def list_all(ctx: click.Context, with_outside: bool, as_json: bool) -> None:
    """List what is stuck. Exit code 1 if something is."""
    found = [one for one in all_stuck() if one.counts or with_outside]
    if as_json:
        show_json({"stuck": [described(one) for one in found]})
    elif found:
        click.echo(table(HEAD, [row(one) for one in found]))
        if cut := [one.id for one in found if len(one.error) > MOST_OF_AN_ERROR]:
            click.echo(f"The whole of an error, and what to do: ./gongshang stuck show {cut[0]}")
    else:
        click.echo("Nothing is stuck.")
    ctx.exit(1 if any(one.counts for one in found) else 0)


@command.command(
    epilog=example(
        "./gongshang stuck show dispatch:123", './gongshang stuck show intake:dead-7 --plain "the sender asks"'
    )
)
@click.argument("stuck_id", metavar="ID")
@click.option("--plain", metavar="REASON", help="Show people's words too; who did so and why goes on record.")
@json_option
def show(stuck_id: str, plain: str | None, as_json: bool) -> None:
    """Show one that is stuck, with its message; the words in it are masked."""
    if plain is not None and not plain.strip():
        raise click.UsageError("--plain needs the reason why the words must be read.")
    found = find(stuck_id)
    if plain:
        note("stuck_read_plain", stuck=found.id, type=found.type, reason=plain)
    message = readable(found.body)
    content = {**described(found), "message": message if plain else masked(message)}
    if as_json:
        show_json(content)
        return
    for name, value in content.items():
        click.echo(f"{name}: {json.dumps(value, ensure_ascii=False, indent=2) if isinstance(value, dict) else value}")


@command.command(
    epilog=example("./gongshang stuck retry dispatch:123", "./gongshang stuck retry --type issue_raised.v1 --all")
)
@click.argument("stuck_id", metavar="[ID]", required=False)
@click.option("--all", "is_all", is_flag=True, help="All that is stuck and can be tried again, in every service.")
@click.option("--type", "wire_type", metavar="TYPE", help="With --all: only events or timers of this type.")
@json_option
def retry(stuck_id: str | None, is_all: bool, wire_type: str | None, as_json: bool) -> None:
    """Try one again at once, or all, after the cause was mended."""
    if (stuck_id is None) != is_all or (wire_type and not is_all):
        raise click.UsageError("Name one by its ID, or say --all, with --type TYPE for those of one type.")
    if stuck_id is None:
        retry_all(wire_type or "", as_json)
        return
    found = find(stuck_id)
    note("stuck_retried", stuck=found.id, type=found.type)
    stuck.retry(found, engine_for(found.service))
    tell_done(found.id, "retried", as_json=as_json)


@command.command(epilog=example('./gongshang stuck drop dispatch:123 --reason "the order was a test"'))
@click.argument("stuck_id", metavar="ID")
@click.option("--reason", required=True, help="Why it may be given up; kept with it.")
@json_option
def drop(stuck_id: str, reason: str, as_json: bool) -> None:
    """Give it up for good; what waits behind it goes on."""
    found = find(stuck_id)
    note("stuck_dropped", stuck=found.id, type=found.type, reason=reason)
    stuck.drop(found, engine_for(found.service), reason=reason, by=operator())
    tell_done(found.id, "dropped", as_json=as_json)


def retry_all(wire_type: str, as_json: bool) -> None:
    note("all_stuck_retried", type=wire_type)
    retried = sum(stuck.retry_all(engine, wire_type) for engine in made_engines().values())
    if as_json:
        show_json({"retried": retried})
    else:
        say(f"{retried} retried.")


def all_stuck() -> list[Stuck]:
    return [one for name, engine in made_engines().items() for one in stuck.list_stuck(name, engine)]


def made_engines() -> dict[str, Engine]:
    engines = {service: engine_for(service) for service in SERVICES}
    return {service: engine for service, engine in engines.items() if is_made(engine)}


def find(stuck_id: str) -> Stuck:
    service = stuck_id.partition(":")[0]
    if service not in SERVICES:
        raise click.UsageError(f"An id begins with its service, like dispatch:123; {service!r} is none.")
    try:
        return stuck.find_stuck(stuck_id, engine_for(service))
    except NotFound:
        raise click.ClickException(f"Nothing that is stuck is called {stuck_id}. See ./gongshang stuck list.") from None


def described(one: Stuck) -> dict[str, Any]:
    return {
        "id": one.id,
        "service": one.service,
        "kind": one.kind,
        "type": one.type,
        "subject": one.subject,
        "attempts": one.attempts,
        "behind": one.behind,
        "since": one.since.isoformat() if one.since else None,
        "error": one.error,
        "refused_and_answered": one.from_outside,
    }


def row(one: Stuck) -> tuple[Any, ...]:
    since = instant(one.since) if one.since else "-"
    return one.id, one.kind, one.type, one.subject, one.attempts, one.behind, since, shortened(one.error)


def shortened(error: str) -> str:
    return error if len(error) <= MOST_OF_AN_ERROR else error[: MOST_OF_AN_ERROR - 1] + "…"
