"""Orders sent into a suite that lives through trouble, and whether it comes to rest with each of them in its place."""

import itertools
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial

from services.cli.bench.complaints import write_complaints
from services.cli.demo.orders_file import envelope
from services.cli.proof.drain import Drain
from services.cli.proof.reconcile import reconcile
from services.cli.proof.rest import reconcile_at_rest
from services.cli.suite.world import World
from services.rehearsal.people.hotline import Line
from shared.settings import settings
from shared.storage.engine import close_engines, engine_for

ORDERS = int(os.environ.get("FAULT_ORDERS", "160"))
PATIENCE_SECONDS = 60 + ORDERS / 20
_series = itertools.count()


@contextmanager
def surroundings(**wanted: str) -> Iterator[None]:
    """Settings of a suite in this process, and afterwards those from before."""
    before = dict(os.environ)
    os.environ.update(wanted)
    settings.cache_clear()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        settings.cache_clear()
        close_engines()


class Flow:
    """Orders that were sent, and how far the suite has come with them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.drain = Drain()
        self.sent: dict[str, str] = {}
        self._waited_for = 0

    def send(self, count: int) -> None:
        now = datetime.now(UTC)
        orders = write_complaints(count, at=now, series=f"F{next(_series)}")
        messages = [(one["order_no"], *envelope(one["order_no"], now, one)) for one in orders]
        self._waited_for = self._taken_in()
        with Line(self.world.uri) as line:
            line.publish((message_id, body) for _, message_id, body in messages)
        self.sent |= {message_id: order_no for order_no, message_id, _ in messages}

    def wait_for(self, orders: int) -> None:
        """Until intake has heard so many more than were waited for since they were sent."""
        self._waited_for += orders
        end = time.monotonic() + PATIENCE_SECONDS
        while self._taken_in() < self._waited_for:
            assert time.monotonic() < end, "intake does not come on"
            time.sleep(0.02)

    def wait_until_taken_in(self) -> None:
        """Until intake has settled every order that was sent."""
        end = time.monotonic() + PATIENCE_SECONDS
        while self.drain.books["intake"].from_outside < len(self.sent):
            assert time.monotonic() < end, "orders are not taken in"
            time.sleep(0.05)
            self.drain.books["intake"].read_inbox()

    def _taken_in(self) -> int:
        with engine_for("intake").connect().execution_options(reads=True) as connection:
            return int(connection.exec_driver_sql("SELECT count(*) FROM inbox").scalar() or 0)

    def comes_to_rest_whole(self) -> None:
        found = reconcile_at_rest(
            self.drain, len(self.sent), partial(reconcile, self.sent), PATIENCE_SECONDS, self.world.still_well
        )
        assert found.lines() == []


def kill_service(world: World, name: str) -> None:
    process = world.processes[name]
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)
