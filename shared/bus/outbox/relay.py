"""Publishes what is in a service's outbox, in order, and marks a row sent only when the broker has confirmed it.

The table alone says what is to be sent, and in which order; what this process wrote itself it need not read back.
One relay at a time per database: it holds a lease (a file lock beside SQLite, an advisory lock in PostgreSQL) while it
publishes, and the others stand by. Killed between publishing and marking, the next one publishes again; the listeners'
inboxes know the event by its id.
"""

import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import eventlet
from nameko.extensions import SharedExtension
from sqlalchemy import Engine, MetaData, select, update
from sqlalchemy.exc import SQLAlchemyError

from shared import metrics
from shared.bus import connection as broker
from shared.bus.outbox.lease import lease
from shared.bus.outbox.publisher import NotRouted, Publisher
from shared.bus.tables import bus_tables
from shared.clock import clock_from
from shared.logs import get_logger
from shared.settings import settings
from shared.storage.engine import READS, writing
from shared.storage.many import is_any

AT_ONCE = 500
REMEMBERED = 4 * AT_ONCE
IDLE_SECONDS = 0.2  # also the longest that what another process wrote waits
TROUBLE = (*broker.TROUBLE, SQLAlchemyError, eventlet.Timeout)

log = get_logger()
_outbox = bus_tables(MetaData()).outbox
_CONTENT = [_outbox.c[name] for name in ("event_id", "exchange", "routing_key", "body", "headers", "created_at")]
_UNSENT = select(_outbox.c.position, _outbox.c.event_id).where(
    _outbox.c.sent_at.is_(None), _outbox.c.set_aside_at.is_(None)
)
_NEXT = _UNSENT.order_by(_outbox.c.position).limit(AT_ONCE)
_wake_ups: dict[str, threading.Event] = {}


class Relay(SharedExtension):
    """Runs beside a service for as long as it lives, whatever the broker and the database do meanwhile."""

    def serve(self, database: str, engine: Engine) -> None:
        self.database = database
        self.engine = engine
        self._woken = _wake_ups.setdefault(database, threading.Event())
        self._written: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._unsafe: deque[dict[str, Any]] = deque()
        self._stopping = False
        self._clock = clock_from(settings())
        self.trouble: str | None = None

    def start(self) -> None:
        self._thread = self.container.spawn_managed_thread(self._run, identifier="relay")

    def stop(self) -> None:
        self._stopping = True
        self._woken.set()
        self._thread.wait()

    def wake(self, rows: Sequence[dict[str, Any]] = ()) -> None:
        """There is something to publish; `rows` are committed, and need not be read again."""
        self._written.update((row["event_id"], row) for row in rows)
        while len(self._written) > REMEMBERED:
            self._written.popitem(last=False)
        self._woken.set()

    def publish_unsafely(self, rows: list[dict[str, Any]]) -> None:
        """The negative control of the fault tests: publish from memory, so that a kill loses events."""
        self._unsafe.extend(rows)
        self._woken.set()

    def _run(self) -> None:
        wait = 0.1
        while not self._stopping:
            try:
                with lease(self.database, self.engine) as held:
                    if held:
                        wait, self.trouble = 0.1, None
                        self._publish_until_stopped()
                    else:
                        self._written.clear()  # whoever has the lease reads them
                        self._sleep(IDLE_SECONDS)
            except (*TROUBLE, NotRouted) as trouble:
                self.trouble = f"events can't be published: {trouble}"
                log.warning("relay_waits", trouble=str(trouble), seconds=wait)
                self._sleep(wait)
                wait = min(wait * 2, 5)

    def _publish_until_stopped(self) -> None:
        with broker.broker_connection() as connection:
            publisher = Publisher(connection)
            while not self._stopping:
                self._woken.clear()
                rows = self._unsent()
                if rows:
                    self._send(publisher, rows)
                elif self._unsafe:
                    self._send_unsafely(publisher)
                else:
                    metrics.OUTBOX_LAG_SECONDS.labels(self.database).set(0)
                    self._woken.wait(IDLE_SECONDS)
                    publisher.keep_alive()

    def _unsent(self) -> dict[int, dict[str, Any]]:
        """The next rows by their positions, in order."""
        with self.engine.connect().execution_options(**READS) as connection:
            found = {position: self._written.pop(event_id, None) for position, event_id in connection.execute(_NEXT)}
            missing = [position for position, row in found.items() if row is None]
            if missing:
                wanted = select(_outbox.c.position, *_CONTENT).where(is_any(_outbox.c.position, missing))
                found |= {row.position: row._asdict() for row in connection.execute(wanted)}
        return {position: row for position, row in found.items() if row is not None}

    def _send(self, publisher: Publisher, rows: dict[int, dict[str, Any]]) -> None:
        now = datetime.now(UTC)
        publisher.publish(list(rows.values()))
        with writing(self.engine), self.engine.begin() as connection:
            sent = is_any(_outbox.c.position, list(rows))
            connection.execute(update(_outbox).where(sent).values(sent_at=now))
        first = next(iter(rows.values()))
        lag = (self._clock.now() - first["created_at"]).total_seconds()
        metrics.OUTBOX_LAG_SECONDS.labels(self.database).set(max(0.0, lag))
        for routing_key, count in Counter(row["routing_key"] for row in rows.values()).items():
            metrics.EVENTS_OUT.labels(self.database, routing_key).inc(count)

    def _send_unsafely(self, publisher: Publisher) -> None:
        while self._unsafe:
            publisher.publish([self._unsafe.popleft()])

    def _sleep(self, seconds: float) -> None:
        if not self._stopping:
            eventlet.sleep(seconds)
