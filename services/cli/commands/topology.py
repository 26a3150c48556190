"""`gongshang topology`: exchanges, queues and bindings, as the contracts say they must be."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from services.cli.folders import topology_file
from services.cli.output import example, json_option, say, show_json, table
from services.cli.servers.broker import BrokerNode, find_broker
from services.cli.servers.broker_users import with_user
from services.cli.servers.neighbours import admit, whole_definitions
from services.cli.servers.topology_file import declare_topology, write_topology
from shared.bus import topology
from shared.bus.connection import TROUBLE, broker_connection, broker_uri
from shared.bus.topology.access import HOTLINE, street_user
from shared.units import Tier, UnitDirectory


def known_streets(_ctx: click.Context, _param: click.Parameter, codes: tuple[str, ...]) -> tuple[str, ...]:
    streets = {unit.code for unit in UnitDirectory.load().of_tier(Tier.STREET)} if codes else set()
    for code in codes:
        if code not in streets:
            raise click.BadParameter(f"{code} is no street of the units file.")
    return codes


def known_neighbour(ctx: click.Context, param: click.Parameter, value: str) -> str:
    if value == HOTLINE:
        return value
    try:
        return street_user(*known_streets(ctx, param, (value,)))
    except click.BadParameter:
        raise click.BadParameter(f"{value} is neither `{HOTLINE}` nor the code of a street.") from None


street_option = click.option(
    "--street",
    "streets",
    multiple=True,
    callback=known_streets,
    help="Also this street's queue of notices, by its code.",
)


@click.group(epilog=example("./gongshang topology check", "./gongshang topology apply --street 110105017"))
def command() -> None:
    """Show, declare or check the exchanges, queues and bindings of the suite."""


@command.command(epilog=example("./gongshang topology show", "./gongshang topology show --json"))
@street_option
@json_option
def show(streets: tuple[str, ...], as_json: bool) -> None:
    """Show what there must be. Needs no broker."""
    bindings = [(one.source, one.routing_key or "-", one.destination) for one in topology.bindings(streets)]
    if as_json:
        show_json(
            {
                "exchanges": [{"name": one.name, "kind": one.kind} for one in topology.exchanges()],
                "queues": [{"name": one.name, "arguments": one.arguments} for one in topology.queues(streets)],
                "bindings": [dict(zip(("exchange", "routing_key", "to"), one, strict=True)) for one in bindings],
            }
        )
        return
    click.echo(table(("exchange", "kind"), [(one.name, one.kind) for one in topology.exchanges()]) + "\n")
    click.echo(
        table(
            ("queue", "single consumer"), [(one.name, "yes" if one.single else "") for one in topology.queues(streets)]
        )
        + "\n"
    )
    click.echo(table(("exchange", "routing key", "to"), bindings))


@command.command(epilog=example("./gongshang topology apply", "./gongshang topology apply --street 110105017"))
@street_option
@json_option
def apply(streets: tuple[str, ...], as_json: bool) -> None:
    """Declare everything on the broker. What is there already stays as it is."""
    uri = broker_uri()
    with reached():
        absent = look(uri)
    declare_topology(uri, streets)
    if as_json:
        show_json({"made": absent, "streets": list(streets)})
    else:
        say(f"Made: {', '.join(absent)}." if absent else "Everything was there.")


@command.command(epilog=example("./gongshang topology check"))
@json_option
@click.pass_context
def check(ctx: click.Context, as_json: bool) -> None:
    """Say what is missing on the broker. Exit code 1 if something is."""
    with reached():
        absent = look(broker_uri())
    if as_json:
        show_json({"missing": absent})
    else:
        click.echo(
            f"Missing: {', '.join(absent)}. Run ./gongshang topology apply." if absent else "Everything is there."
        )
    ctx.exit(1 if absent else 0)


@command.command(epilog=example("./gongshang topology definitions > definitions.json"))
@click.option("--user", default="", help="Also a user of this name, with all rights.")
@click.option("--password", default="", help="That user's password.", envvar="GONGSHANG_BROKER_PASSWORD")
def definitions(user: str, password: str) -> None:
    """Print RabbitMQ definitions, with policies and neighbours' users, for a broker to load."""
    if user and not password:
        raise click.UsageError("--user needs --password.")
    document = whole_definitions()
    show_json(with_user(document, user, password) if user else document)


@command.command(epilog=example("./gongshang topology user hotline", "./gongshang topology user 110105015"))
@click.argument("neighbour", callback=known_neighbour)
@json_option
def user(neighbour: str, as_json: bool) -> None:
    """Give NEIGHBOUR, the hotline or a street by its code, a user on the broker with a new password, shown once.

    The hotline may publish orders and read hotline.replies; a street may call `escalation` and read its own notices.
    """
    password = admit(neighbour)
    write_topology(topology_file())
    broker = find_broker(definitions=topology_file())
    is_loaded = isinstance(broker, BrokerNode) and broker.is_running()
    if isinstance(broker, BrokerNode) and is_loaded:
        broker.load_definitions()
    address = f"amqp://{neighbour}:{password}@{broker.uri.rpartition('@')[2]}"
    if as_json:
        show_json({"user": neighbour, "password": password, "uri": address, "loaded": is_loaded})
        return
    click.echo(address)
    if isinstance(broker, BrokerNode):
        say("The broker knows the user." if is_loaded else "The broker will know the user when it starts.")
    else:
        say("The broker will know the user when it has loaded ./gongshang topology definitions.")


def look(uri: str) -> list[str]:
    with broker_connection(uri) as connection:
        return topology.missing(connection)


@contextmanager
def reached() -> Iterator[None]:
    """Trouble with the broker in one line."""
    try:
        yield
    except TROUBLE as trouble:
        raise click.ClickException(f"The broker does not let us in: {trouble}. See ./gongshang doctor.") from None
