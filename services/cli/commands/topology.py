"""`gongshang topology`: exchanges, queues and bindings, as the contracts say they must be."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from urllib.parse import urlsplit

import click

from services.cli.folders import topology_file
from services.cli.output import Group, example, json_option, say, show_json, table
from services.cli.servers.broker import BrokerNode, GivenBroker, find_broker
from services.cli.servers.broker_topology import NOT_SEEN, apply_all, look, not_seen, told
from services.cli.servers.broker_users import with_user
from services.cli.servers.management import management_of
from services.cli.servers.neighbours import admit, dismiss, known_users, whole_definitions
from services.cli.servers.topology_file import write_for_container, write_topology
from shared.bus import topology
from shared.bus.connection import TROUBLE
from shared.bus.topology.access import HOTLINE, street_user
from shared.settings import settings
from shared.units import Tier, UnitDirectory


def known_streets(_ctx: click.Context, _param: click.Parameter, codes: tuple[str, ...]) -> tuple[str, ...]:
    units = UnitDirectory.load(settings().units_file) if codes else UnitDirectory([])
    found = {code: units.find(code) for code in codes}
    for code, unit in found.items():
        if unit is None or unit.tier is not Tier.STREET:
            raise click.BadParameter(f"{code} is no street of the units file.")
    return tuple(unit.code for unit in found.values() if unit is not None)


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


@click.group(cls=Group, epilog=example("./gongshang topology check", "./gongshang topology apply --street 110105017"))
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
@click.option("--remake", is_flag=True, help="Also make anew queues that have other settings, once they are empty.")
@json_option
@click.pass_context
def apply(ctx: click.Context, streets: tuple[str, ...], remake: bool, as_json: bool) -> None:
    """Declare everything on the broker, and take away of ours what is too much. Exit code 1 if something is left.

    With --remake nobody may read from the queues meanwhile: stop the services first. Our own broker is started for it.
    """
    broker = find_broker(definitions=topology_file())
    with reached(), running(broker, is_needed=remake):
        done = apply_all(broker, streets, is_remaking=remake)
    if as_json:
        show_json(asdict(done))
    else:
        for line in told(done, broker):
            say(line)
    ctx.exit(1 if done.left else 0)


@command.command(epilog=example("./gongshang topology check"))
@json_option
@click.pass_context
def check(ctx: click.Context, as_json: bool) -> None:
    """Say one by one what on the broker is missing, other, or too much. Exit code 1 if something is."""
    broker = find_broker()
    with reached():
        seen = look(broker)
    if as_json:
        show_json({"missing": seen.missing, "differences": [str(one) for one in seen.differences]})
    elif seen.differences:
        click.echo("\n".join(str(one) for one in seen.differences) + "\nRun ./gongshang topology apply.")
    else:
        click.echo("Everything is as declared.")
    if not seen.is_complete:
        say(not_seen(broker))
    ctx.exit(1 if seen.differences else 0)


@command.command(epilog=example("./gongshang topology definitions > definitions.json"))
@click.option("--user", default="", help="Also a user of this name, with all rights.")
@click.option("--password", default="", help="That user's password.", envvar="GONGSHANG_BROKER_PASSWORD")
def definitions(user: str, password: str) -> None:
    """Print RabbitMQ definitions, with policies and neighbours' users, for a broker to load."""
    if user and not password:
        raise click.UsageError("--user needs --password.")
    document = whole_definitions()
    show_json(with_user(document, user, password) if user else document)


@command.command(epilog=example("./gongshang topology user hotline", "./gongshang topology user 110105015 --revoke"))
@click.argument("neighbour", callback=known_neighbour)
@click.option("--renew", is_flag=True, help="A new password for a user that is there; the old one is good no more.")
@click.option("--revoke", is_flag=True, help="Let it in no more; `apply` removes its queue once empty.")
@json_option
def user(neighbour: str, renew: bool, revoke: bool, as_json: bool) -> None:
    """Give NEIGHBOUR, the hotline or a street by its code, a user on the broker, with a password that is shown once.

    The hotline may publish orders and read hotline.replies; a street may call `escalation` and read its own notices.
    The address that is printed is the one by which we reach the broker, or that of GONGSHANG_BROKER_ADDRESS.
    """
    if renew and revoke:
        raise click.UsageError("Either --renew or --revoke.")
    is_known = neighbour in known_users()
    if is_known and not (renew or revoke):
        raise click.ClickException(f"{neighbour} is known already; --renew replaces its password.")
    if revoke and not is_known:
        say(f"There is no user {neighbour} that we know of.")
    if renew and not is_known:
        raise click.ClickException(f"There is no user {neighbour} yet; without --renew it is made.")
    broker = find_broker(definitions=topology_file())
    password = dismiss(neighbour) if revoke else admit(neighbour)
    write_topology(topology_file())
    if definitions_file := settings().broker_definitions:
        write_for_container(definitions_file)
    is_loaded = tell_broker(broker, neighbour, is_revoked=revoke)
    address = f"amqp://{neighbour}:{password}@{neighbours_address(broker.uri)}" if password else ""
    if as_json:
        show_json({"user": neighbour, "password": password, "uri": address, "loaded": is_loaded})
        return
    if address:
        click.echo(address)
    say(news_of(broker, is_loaded))


def tell_broker(broker: BrokerNode | GivenBroker, neighbour: str, *, is_revoked: bool) -> bool:
    """Whether it knows now. One that does not run, or whose management nobody named, learns of it later."""
    management = management_of(broker)
    if management is None or not broker.is_running():
        return False
    if is_revoked:
        management.delete_user(neighbour)
    else:
        management.load(whole_definitions())
    return True


def neighbours_address(uri: str) -> str:
    """Host, port and virtual host for a neighbour."""
    parts = urlsplit(uri)
    reached_by_us = parts.netloc.rpartition("@")[2]
    return f"{settings().broker_address or reached_by_us}{parts.path}"


def news_of(broker: BrokerNode | GivenBroker, is_loaded: bool) -> str:
    if is_loaded:
        return "The broker knows."
    if isinstance(broker, BrokerNode):
        return "The broker will know when it starts."
    return "The broker will know when it has loaded ./gongshang topology definitions. " + NOT_SEEN


@contextmanager
def running(broker: BrokerNode | GivenBroker, *, is_needed: bool) -> Iterator[None]:
    """Our own broker, if it does not run, for as long as it is needed."""
    is_ours_to_stop = is_needed and broker.is_private and not broker.is_running()
    if is_ours_to_stop:
        write_topology(topology_file())
        broker.start()
    try:
        yield
    finally:
        if is_ours_to_stop:
            broker.stop()


@contextmanager
def reached() -> Iterator[None]:
    """Trouble with the broker in one line."""
    try:
        yield
    except TROUBLE as trouble:
        raise click.ClickException(f"The broker does not let us in: {trouble}. See ./gongshang doctor.") from None
