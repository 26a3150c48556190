"""`gongshang log`: the event logs of the services, listed, shown, and checked."""

from collections.abc import Iterator
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress
from sqlalchemy import Engine

from services import SERVICES
from services.cli.output import Group, example, json_option, show_json, table
from services.cli.suite.choosing import chosen
from services.cli.suite.databases import is_made
from shared.bus.log.reading import SegmentRow, events_in, segments_of
from shared.bus.log.segment import BrokenSegment, LoggedEvent
from shared.bus.log.verifying import LogFault, verify_log
from shared.clock import for_people
from shared.storage.engine import engine_for

HEAD = ("segment", "events", "positions", "from", "to", "hash")


@click.group(cls=Group, epilog=example("./gongshang log verify", "./gongshang log list intake"))
def command() -> None:
    """See and check the event logs: what services announced, longer ago than a repeat is known."""


@command.command("list", epilog=example("./gongshang log list", "./gongshang log list intake --json"))
@click.argument("service", nargs=-1)
@json_option
def list_all(service: tuple[str, ...], as_json: bool) -> None:
    """List the segments of every SERVICE (all, if none is named)."""
    found = [(name, one) for name, engine in engines(service) for one in segments_of(engine)]
    if as_json:
        show_json({"segments": [described(name, one) for name, one in found]})
    else:
        click.echo(table(HEAD, [row(name, one) for name, one in found]) if found else "No event is old enough.")


@command.command(epilog=example("./gongshang log show intake:12", "./gongshang log show intake:12 --json"))
@click.argument("segment", metavar="SEGMENT")
@json_option
def show(segment: str, as_json: bool) -> None:
    """Show the events of one SEGMENT, such as intake:12."""
    service, _, number = segment.partition(":")
    if service not in SERVICES or not (number.isascii() and number.isdigit()) or len(number) > 9:
        raise click.UsageError(f"A segment is named like intake:12, a service and a number; {segment!r} is not.")
    engine = next((engine for _, engine in engines((service,))), None)
    if engine is None:
        raise click.ClickException(f"{service} has no database yet.")
    try:
        events = events_in(engine, int(number))
    except BrokenSegment as broken:
        raise click.ClickException(f"{segment} can't be read: {broken}. See ./gongshang log verify.") from None
    if as_json:
        show_json({"segment": segment, "events": [in_full(event) for event in events]})
        return
    for event in events:
        click.echo(f"{event.position}  {for_people(event.created_at)}  {event.type}  {event.subject}  {event.event_id}")


@command.command(epilog=example("./gongshang log verify", "./gongshang log verify intake --json"))
@click.argument("service", nargs=-1)
@json_option
@click.pass_context
def verify(ctx: click.Context, service: tuple[str, ...], as_json: bool) -> None:
    """Check that no segment is missing, changed or out of its place. Exit code 1 if one is."""
    faults: list[LogFault] = []
    segments, events = 0, 0
    with Progress(console=Console(stderr=True), transient=True) as progress:
        for name, engine in engines(service):
            rows = segments_of(engine)
            segments, events = segments + len(rows), events + sum(one.events for one in rows)
            bar = progress.add_task(name, total=len(rows) or 1)
            faults += verify_log(name, engine, lambda bar=bar: progress.advance(bar))  # type: ignore[misc]
    if as_json:
        show_json({"segments": segments, "events": events, "faults": [vars(fault) for fault in faults]})
    else:
        for fault in faults:
            click.echo(f"{fault.service}:{fault.segment or 'end'}: {fault.what}")
        click.echo(f"{segments} segments with {events} events, {len(faults) or 'no'} faults.")
    ctx.exit(1 if faults else 0)


def engines(services: tuple[str, ...]) -> Iterator[tuple[str, Engine]]:
    """Those with a database. A door that stands on another's has none of its own."""
    for name in chosen(services):
        if name in SERVICES and is_made(engine := engine_for(name)):
            yield name, engine


def described(service: str, one: SegmentRow) -> dict[str, Any]:
    return {"id": f"{service}:{one.segment}", "service": service} | vars(one)


def row(service: str, one: SegmentRow) -> tuple[Any, ...]:
    first, last = for_people(one.first_at), for_people(one.last_at)
    positions = f"{one.first_position}-{one.last_position}"
    return f"{service}:{one.segment}", one.events, positions, first, last, one.sha256[:12]


def in_full(event: LoggedEvent) -> dict[str, Any]:
    return vars(event) | {"body": event.body.decode()}
