"""`gongshang demo`: starts everything in a world of its own, plays a district for some days, and reports."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from services.cli.demo import console
from services.cli.demo import report as reports
from services.cli.demo.report import Report
from services.cli.demo.story import Story
from services.cli.output import example, instant, json_option, say, show_json
from services.cli.proof.drain import Drain
from services.cli.proof.reconcile import reconcile
from services.cli.proof.stepping import Stepping
from services.cli.suite.shutdown import Shutdown
from services.cli.suite.staff import Staff
from services.cli.suite.world import World
from services.rehearsal.exercise import Exercise
from services.rehearsal.questions import ask_ranking, ask_rates
from shared.clock import SHANGHAI, SteppedClock, clock_from
from shared.settings import settings

BEGINS_AT = datetime(2026, 3, 2, 8, tzinfo=SHANGHAI)


@click.command(epilog=example("./gongshang demo", "./gongshang demo --days 30 --seed 7 --exit --json"))
@click.option("--days", type=click.IntRange(1, 366), default=30, show_default=True, help="How many days are played.")
@click.option("--seed", type=int, default=7, show_default=True, help="The same seed plays the same days.")
@click.option("--exit", "exits", is_flag=True, help="End after the report, instead of opening the pages.")
@json_option
@click.pass_context
def command(ctx: click.Context, days: int, seed: int, exits: bool, as_json: bool) -> None:
    """Play a district for some days: complaints, councils, tasks, escalations, callbacks, rankings.

    Then it opens the pages, with a login for every role, and the clock goes on as yours does.
    """
    began = time.monotonic()
    with World("demo", clock=f"stepped@{BEGINS_AT.isoformat()}", seed=seed, say=say) as world:
        report = play(world, days, seed)
        report.wall_seconds = time.monotonic() - began
        tell(report, as_json)
        if not exits:
            stay(world, say if as_json else click.echo)
    ctx.exit(0 if report.is_good else 1)


def play(world: World, days: int, seed: int) -> Report:
    """From the first day to the last, until everything has come to rest and is reconciled."""
    clock = clock_from(settings())
    assert isinstance(clock, SteppedClock)
    drain = Drain()
    with Exercise(world.uri, Staff(), seed=seed, starts_at=BEGINS_AT, days=days) as exercise:
        stepping = Stepping(clock, drain, lambda: exercise.sent, world.still_well)
        live(exercise, stepping, drain, BEGINS_AT + timedelta(days=days))
        result = reconcile(
            exercise.orders, reported=exercise.hotline_calls.sent, answered=exercise.hotline_updates.answers_sent
        )
        if exercise.calling.refused:
            say(f"Refused calls: {dict(exercise.calling.refused)}")
        return Report(
            days=days,
            seed=seed,
            sent=len(exercise.orders),
            figures=reports.figures(len(exercise.orders), drain, represented=exercise.hotline.represented),
            rates=ask_rates(exercise.calling, BEGINS_AT, clock.now()),
            ranking=ask_ranking(exercise.calling, BEGINS_AT),
            incidents=reports.incident_count(),
            stuck=reports.stuck_count(),
            differences=result.lines(),
        )


def live(exercise: Exercise, stepping: Stepping, drain: Drain, ends_at: datetime) -> None:
    """Instant by instant: timers first, then people, each only when all is quiet."""

    def settle() -> int:
        stepping.settle()
        return drain.said(set(exercise.ear.wire_types))

    stepping.settle()
    story = Story()
    with progress_bar() as progress:
        bar = progress.add_task("", total=(ends_at - BEGINS_AT).total_seconds(), at=instant(BEGINS_AT))
        now = BEGINS_AT
        while now < ends_at:
            now = min(stepping.next_instant(exercise.next_at), ends_at)
            stepping.advance(now)
            exercise.act(now, settle)
            if (line := story.line(now)) is not None:
                progress.console.print(line, markup=False, highlight=False, soft_wrap=True)
            progress.update(bar, completed=(now - BEGINS_AT).total_seconds(), at=instant(now))
        stepping.settle()


def progress_bar() -> Progress:
    return Progress(
        TextColumn("{task.fields[at]}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TimeRemainingColumn(),
        console=Console(stderr=True), transient=True,
    )  # fmt: skip


def tell(report: Report, as_json: bool) -> None:
    if as_json:
        show_json(report.as_json())
        for line in report.differences:
            say(line)
    else:
        reports.show(report, Console())


def stay(world: World, tell_of_pages: Callable[[str], None]) -> None:
    """Until Ctrl-C: for whoever wants to look around, or to go on with it."""
    say("\nOpening the pages ...")
    address = world.open_pages()
    keys, password = console.keys_for_all_roles()
    tell_of_pages(console.told(address, keys, password))
    clock, shutdown = clock_from(settings()), Shutdown()
    say(
        "\nEverything is still running, and its clock goes on as yours does; nobody plays the people any more.\n"
        f"{console.beside(settings().var_folder, keys[0].login, clock.now())}\n"
        f"  databases: {settings().var_folder / 'data'}, logs: {settings().var_folder / 'log'}\n"
        f"  broker: {world.uri} (the queue hotline.replies holds what became of every order)\n"
        "Ctrl-C ends it."
    )
    assert isinstance(clock, SteppedClock)
    stood_at, began = clock.now(), time.monotonic()
    while not shutdown.wait(1.0):
        clock.move(stood_at + timedelta(seconds=time.monotonic() - began))
        world.still_well()
