"""`gongshang replay`: work orders from a file as hotline events, until all is at rest and reconciled."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress

from services.cli.demo.arrivals import read_offsets
from services.cli.demo.orders_file import NOT_MAPPABLE, OrderMessage, OrdersFile, read_orders
from services.cli.output import example, json_option, say, show_json
from services.cli.proof import records
from services.cli.proof.drain import Drain
from services.cli.proof.reconcile import FATES, Reconciliation, reconcile
from services.cli.proof.rest import reconcile_at_rest
from services.cli.suite import supervisord
from services.cli.suite.world import World
from services.rehearsal.people.hotline import Line
from shared.bus.connection import broker_uri
from shared.files.faults import write_report
from shared.settings import settings

AT_ONCE = 500
MOST_SAID = 20
PATIENCE_SECONDS = 1800.0
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(
    epilog=example(
        "./gongshang replay orders.csv",
        "./gongshang replay orders.xlsx --mapping mapping.toml --json",
        "./gongshang replay orders.csv --report faults.csv",
        "./gongshang replay orders.csv --arrivals arrivals.csv --within 120",
    )
)
@click.argument("file", type=FILE)
@click.option(
    "--mapping",
    type=FILE,
    help='In TOML: which column is which, [columns] order_no = "工单编号"; what stands for a column that is not there, '
    '[values] request_kind = "help"; how times are written, [times] zone = "America/New_York", order = "month_first".',
)
@click.option("--sheet", default="", help="Of an XLSX: the sheet, where more than one has the columns.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write every fault to this CSV: row, column, value, what is wrong, what would be right.",
)
@click.option("--arrivals", type=FILE, help="A CSV with arrival times (created_at): orders are sent with its gaps.")
@click.option(
    "--within",
    type=click.FloatRange(1, 86400),
    default=60.0,
    show_default=True,
    help="Seconds into which the arrivals are squeezed.",
)
@click.option("--database", default="", help="In a world of its own: a PostgreSQL address, instead of SQLite.")
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    file: Path,
    mapping: Path | None,
    sheet: str,
    report: Path | None,
    arrivals: Path | None,
    within: float,
    database: str,
    as_json: bool,
) -> None:
    """Publish the orders in FILE (CSV, XLSX, JSONL) at full speed, wait until all is at rest, and reconcile.

    Columns that FILE must have: order_no, filed_at, title, content. It may have: caller_ref, caller_name, caller_phone,
    address, unit_code, request_kind, category, sla_class, dispatch_kind, dispatched_at, disposition, respondent,
    channel. A title above them, and blanks in their names, are no harm.

    Text is UTF-8, UTF-16 with its mark, or else GB18030 (GBK); between cells are commas, semicolons or tabs. Times
    without a zone are Shanghai's. What can't be read without guessing is listed and not sent.

    Goes to the services that are up, or that AMQP_URI leads to; else starts everything in a world of its own.

    Exit code: 0 every order is accounted for, also where the services refused it; 1 a row could not be read, or an
    order is missing.
    """
    orders = read_orders(file, mapping, sheet)
    if report:
        write_faults(report, orders)
    offsets = read_offsets(arrivals, len(orders.messages), within) if arrivals and orders.messages else []
    say(f"{file}: {orders.read_as}; {len(orders.messages)} orders, {orders.unreadable} rows that can't be read.")
    if not orders.messages:
        say_faults(orders, report)
        raise click.ClickException(f"{file} has no row that can be read: there is nothing to send.")
    with place(database) as (uri, world):
        began = time.monotonic()
        result = replay(uri, orders, offsets, world)
        figures = {"file": str(file), **result.figures(), **speed(len(orders.messages), time.monotonic() - began)}
        differences = result.reconciliation.lines()
    if as_json:
        show_json(figures)
    else:
        click.echo("\n".join(f"{name}: {value}" for name, value in figures.items()))
    say_faults(orders, report)
    for line in [*differences, *result.reconciliation.dropped[:MOST_SAID]]:
        say(line)
    ctx.exit(1 if differences or orders.faults else 0)


def write_faults(report: Path, orders: OrdersFile) -> None:
    try:
        write_report(report, orders.faults)
    except OSError as fault:
        raise click.BadParameter(f"{report} can't be written: {fault.strerror}", param_hint="--report") from None


def say_faults(orders: OrdersFile, report: Path | None) -> None:
    """The first of them; all of them are in the report."""
    for fault in orders.faults[:MOST_SAID]:
        say(str(fault))
    if len(orders.faults) > MOST_SAID:
        where = f"in {report}" if report else "written by --report FILE"
        say(f"… and {len(orders.faults) - MOST_SAID} more, {where}")


@contextmanager
def place(database: str) -> Iterator[tuple[str, World | None]]:
    """The suite that runs, or one of our own for as long as it takes."""
    if settings().amqp_uri_given or supervisord.is_up():
        if database:
            raise click.UsageError("--database is for a world of its own; services that run have theirs already.")
        yield broker_uri(), None
        return
    with World("replay", database=database, say=say) as world:
        yield world.uri, world


class Replayed:
    """What became of the orders of a file."""

    def __init__(self, orders: OrdersFile) -> None:
        self.orders = orders
        self.sent = {one.message_id: one.order_no for one in orders.messages}
        self.numbers = set(self.sent.values())
        self.reconciliation = Reconciliation()

    def figures(self) -> dict[str, Any]:
        fates = self._fates()
        reasons = self._reasons()
        issues = Counter(issue_id for order_no, issue_id in self._linked() if order_no in self.numbers)
        return {
            "read_as": self.orders.read_as,
            "unreadable": self.orders.unreadable,
            "sent": len(self.sent) + self.orders.unreadable,
            "accepted": fates["complaint_accepted.v1"],
            "answered": fates["complaint_answered.v1"],
            "urged": fates["complaint_urged.v1"],
            "rejected": fates["complaint_rejected.v1"] + self.orders.unreadable,
            "reasons": dict(sorted(reasons.items())),
            "issues_raised": self._raised(),
            "largest_issue": max(issues.values(), default=0),
            "reconciled": self.reconciliation.is_whole,
        }

    def _fates(self) -> Counter[str]:
        said = records.said("intake", *FATES)
        return Counter(wire_type for wire_type, content in said if content["order_no"] in self.numbers)

    def _reasons(self) -> Counter[str]:
        rejections = records.rows("intake", "SELECT order_no, reason FROM rejections")
        counts = Counter(reason for order_no, reason in rejections if order_no in self.numbers)
        if self.orders.faults:
            counts[NOT_MAPPABLE] = self.orders.unreadable
        return counts

    def _linked(self) -> Sequence[Any]:
        return records.rows("intake", "SELECT order_no, issue_id FROM complaints WHERE issue_id <> ''")

    def _raised(self) -> int:
        return sum(content["order_no"] in self.numbers for _, content in records.said("intake", "issue_raised.v1"))


def replay(uri: str, orders: OrdersFile, offsets: list[float], world: World | None) -> Replayed:
    """Send everything, wait until all is at rest, and compare."""
    replayed = Replayed(orders)
    known = set(records.column("intake", "SELECT event_id FROM inbox"))
    known |= {content["message_id"] for _, content in records.said("intake", "complaint_rejected.v1")}
    drain = Drain()
    drain.books["intake"].read_inbox()
    target = drain.books["intake"].from_outside + len(set(replayed.sent) - known)
    with Line(uri) as line, Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("sent and taken in", total=2 * len(orders.messages) or 1)
        for sent in send(line, orders.messages, offsets):
            progress.advance(bar, sent)
        still_well = world.still_well if world else lambda: None
        replayed.reconciliation = reconcile_at_rest(
            drain, target, partial(reconcile, replayed.sent, only_these=True), PATIENCE_SECONDS, still_well
        )
        progress.update(bar, completed=2 * len(orders.messages))
    return replayed


def send(line: Line, messages: Sequence[OrderMessage], offsets: Sequence[float]) -> Iterator[int]:
    """At full speed, or each at its offset. Says how many went out."""
    if not offsets:
        for chunk in batched_list(messages):
            line.publish((one.message_id, one.body) for one in chunk)
            yield len(chunk)
        return
    began = time.monotonic()
    for one, offset in zip(messages, offsets, strict=True):
        time.sleep(max(0.0, began + offset - time.monotonic()))
        line.publish([(one.message_id, one.body)])
        yield 1


def batched_list(messages: Sequence[OrderMessage]) -> Iterator[Sequence[OrderMessage]]:
    for start in range(0, len(messages), AT_ONCE):
        yield messages[start : start + AT_ONCE]


def speed(sent: int, seconds: float) -> dict[str, float]:
    return {"seconds": round(seconds, 2), "per_second": round(sent / seconds, 1) if seconds else 0.0}
