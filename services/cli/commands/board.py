"""`gongshang board`: the read side, made anew."""

import time

import click
from rich.console import Console
from rich.progress import Progress
from sqlalchemy.exc import SQLAlchemyError

from services import SERVICES
from services.cli.output import Group, example, json_option, show_json
from services.cli.suite.databases import first_line, is_made
from services.cli.suite.rebuild import Busy, Rebuild, one_rebuild_at_a_time
from shared.bus.log.segment import BrokenSegment
from shared.contracts import ContractBroken
from shared.storage.engine import engine_for

BOARD = "board"


@click.group(cls=Group, epilog=example("./gongshang board rebuild"))
def command() -> None:
    """See to the board: what pages look at, made from what all services told."""


@command.command(epilog=example("./gongshang board rebuild", "./gongshang board rebuild --json"))
@json_option
def rebuild(as_json: bool) -> None:
    """Make the board anew from the event logs of all services, while it goes on serving.

    Exit code 1 if an event can't be read; the board stays as it is then.
    """
    engines = {name: engine_for(name) for name in SERVICES if is_made(engine_for(name))}
    if BOARD not in engines:
        raise click.ClickException("The board has no database yet. Run ./gongshang migrate first.")
    board, started = engines.pop(BOARD), time.perf_counter()
    try:
        with one_rebuild_at_a_time(), Progress(console=Console(stderr=True), transient=True) as progress:
            one = Rebuild(board, engines)
            bar = progress.add_task("events", total=one.total() or 1)
            made = one.run(lambda positions: progress.update(bar, completed=positions))
    except (Busy, BrokenSegment, ContractBroken) as fault:
        raise click.ClickException(f"The board was not rebuilt, and is as it was: {fault}.") from None
    except SQLAlchemyError as trouble:
        why = first_line(trouble)
        raise click.ClickException(f"The board was not rebuilt, and is as it was. A database says: {why}") from None
    seconds = time.perf_counter() - started
    if as_json:
        show_json(vars(made) | {"seconds": round(seconds, 3), "events_per_second": round(made.events / seconds)})
        return
    click.echo(f"Made anew of {made.events} events in {seconds:.1f} s; {made.not_heard_before} of them are new to it.")
