"""`gongshang dead`: the messages in the dead queues, which nobody could read or which came back too often."""

from collections.abc import Callable
from typing import Any

import click

from services import SERVICES
from services.cli.on_record import note, operator
from services.cli.output import Group, example, json_option, show_json, table, tell_done
from services.cli.servers import dead_messages
from services.cli.servers.dead_messages import Dead
from services.cli.suite.databases import is_made
from shared.bus import stuck, topology
from shared.bus.connection import TROUBLE, broker_connection
from shared.storage.engine import engine_for

HEAD = ("id", "queue", "type", "settled", "reason")


@click.group(cls=Group, epilog=example("./gongshang dead list", "./gongshang dead resend intake:3fa9c2d1e0"))
def command() -> None:
    """See the messages in the dead queues, send them anew, or drop them."""


@command.command("list", epilog=example("./gongshang dead list", "./gongshang dead list --json"))
@click.option("--all", "with_settled", is_flag=True, help="Also those that were refused and answered.")
@json_option
@click.pass_context
def list_all(ctx: click.Context, with_settled: bool, as_json: bool) -> None:
    """List dead messages, the oldest thousand of each queue. Exit code 1 if one is not settled."""
    everything = [one for queue in topology.dead_queues() for one in asked(queue, dead_messages.look)]
    found = [one for one in everything if with_settled or not one.is_settled]
    if as_json:
        show_json({"dead": [described(one) for one in found]})
    elif found:
        click.echo(table(HEAD, [row(one) for one in found]))
    else:
        click.echo("No dead message needs anybody.")
    ctx.exit(0 if all(one.is_settled for one in found) else 1)


@command.command(epilog=example('./gongshang dead show intake:3fa9c2d1e0 --plain "the sender asks"'))
@click.argument("dead_id", metavar="ID")
@click.option("--plain", metavar="REASON", help="Also its words; the reason goes on record.")
@json_option
def show(dead_id: str, plain: str | None, as_json: bool) -> None:
    """Show one, without its words unless there is a reason to read them."""
    found = [one for one in asked(queue_of(dead_id), dead_messages.look) if one.id == dead_id]
    one = must_be_there(found, dead_id)
    content = described(one)
    if plain and plain.strip():
        note("dead_message_read", dead=one.id, reason=plain)
        content["message"] = one.body.decode(errors="replace")
    if as_json:
        show_json(content)
        return
    click.echo("\n".join(f"{name}: {value}" for name, value in content.items()))


@command.command(epilog=example("./gongshang dead resend intake:3fa9c2d1e0"))
@click.argument("dead_id", metavar="ID")
@json_option
def resend(dead_id: str, as_json: bool) -> None:
    """Send it anew to the queue where it was read last, once the cause was mended."""
    queue = queue_of(dead_id)
    if queue == topology.DEAD_CALLS:
        raise click.ClickException("A call's token is not kept, so only its caller can make it again.")
    finish(dead_id, dead_messages.send_anew, "sent anew", as_json)


@command.command(epilog=example('./gongshang dead drop intake:3fa9c2d1e0 --reason "a test of the sender\'s"'))
@click.argument("dead_id", metavar="ID")
@click.option("--reason", required=True, help="Why it may be given up; goes on record.")
@json_option
def drop(dead_id: str, reason: str, as_json: bool) -> None:
    """Take it out of the dead queue for good."""
    if not reason.strip():
        raise click.UsageError("--reason must not be empty.")
    finish(dead_id, lambda *_: None, f"dropped: {reason}", as_json)


def finish(dead_id: str, first: Callable[[Any, Dead], None], what: str, as_json: bool) -> None:
    """Done first with the message, then it leaves the dead queue, and the service's copy of it is settled."""
    queue = queue_of(dead_id)
    must_be_there([one for one in asked(queue, dead_messages.look) if one.id == dead_id], dead_id)
    note("dead_message_taken_out", dead=dead_id, what=what)
    found = asked(queue, lambda connection, name: dead_messages.take_out(connection, name, dead_id, first))
    one = must_be_there(found, dead_id)
    for service in SERVICES if queue == topology.DEAD_CALLS else {queue.removesuffix(topology.DEAD)} & set(SERVICES):
        if is_made(engine_for(service)):
            stuck.settle_dead(engine_for(service), one.message_id, f"{what} by {operator()}")
    tell_done(dead_id, what, as_json=as_json)


def asked(queue: str, look: Callable[[Any, str], list[Dead]]) -> list[Dead]:
    try:
        with broker_connection() as connection:
            return look(connection, queue)
    except TROUBLE as trouble:
        raise click.ClickException(f"{queue} can't be looked into: {trouble}. See ./gongshang doctor.") from None


def queue_of(dead_id: str) -> str:
    queue = dead_id.partition(":")[0] + topology.DEAD
    if queue not in topology.dead_queues():
        raise click.UsageError(
            f"An id begins with the name of its queue, like intake:3fa9c2d1e0; {dead_id!r} does not."
        )
    return queue


def must_be_there(found: list[Dead], dead_id: str) -> Dead:
    if not found:
        raise click.ClickException(f"No dead message is called {dead_id}. See ./gongshang dead list --all.")
    return found[0]


def described(one: Dead) -> dict[str, Any]:
    return {
        "id": one.id,
        "queue": one.queue,
        "type": one.type,
        "reason": one.reason,
        "message_id": one.message_id,
        "settled": one.is_settled,
    }


def row(one: Dead) -> tuple[Any, ...]:
    return one.id, one.queue, one.type or "-", "yes" if one.is_settled else "no", one.reason[:80]
