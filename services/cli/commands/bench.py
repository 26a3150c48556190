"""`gongshang bench`: measures the suite on this machine, beside baselines of the same run."""

import importlib

import click

from services.cli.bench.ground import Ground
from services.cli.bench.result import Result, together
from services.cli.output import example, json_option, say, show_json

DEFAULT = ("intake", "rpc", "lifecycle")
NAMES = (*DEFAULT, "memory", "directory", "web")


@click.command(epilog=example("./gongshang bench", "./gongshang bench intake --size 50000 --json"))
@click.argument("name", type=click.Choice(NAMES), required=False)
@click.option(
    "--size",
    type=click.IntRange(min=1),
    help="How many complaints, deputies, or issues on the board; each has its own default.",
)
@click.option(
    "--full",
    is_flag=True,
    help="With lifecycle: orders are read, wordings confirmed, and the hotline reports its callbacks.",
)
@json_option
def command(name: str | None, size: int | None, full: bool, as_json: bool) -> None:
    """Measure on a PostgreSQL and a broker of its own: intake, rpc, lifecycle, or (without NAME) all three.

    With --json: {name, figures, baselines, ratios, machine}. Without NAME, name is "all", and figures, baselines and
    ratios hold a part for each benchmark, keyed by its name. `memory`, `directory` (who and
    where: import, copies, look-ups) and `web` (what people look at, with a million issues) are run only when named.
    """
    if full and name != "lifecycle":
        raise click.UsageError("--full goes with lifecycle: ./gongshang bench lifecycle --full.")
    results = [measure("full_life", size)] if full else [measure(one, size) for one in ([name] if name else DEFAULT)]
    found = results[0] if name else together(results)
    if as_json:
        show_json(found.as_json())
    else:
        for result in results:
            click.echo(result.as_text() + "\n")


def measure(name: str, size: int | None) -> Result:
    """Run one benchmark on fresh ground."""
    benchmark = importlib.import_module(f"services.cli.bench.{name}")
    with Ground(clock=getattr(benchmark, "CLOCK", ""), say=say) as ground:
        found: Result = benchmark.run(ground, size or benchmark.SIZE, say)
        return found
