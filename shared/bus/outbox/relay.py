"""Publishes what is in a service's outbox, in order, and marks a row sent only when the broker has confirmed it.

The table alone says what is to be sent, and in which order; what this process wrote itself it need not read back.
One relay at a time per database has the lease, and the others stand by. Killed between publishing and marking, the next
one publishes again; the listeners' inboxes know the event by its id.
"""

import threading
from collections import OrderedDict, deque
from collections.abc import Sequence
from typing import Any

import eventlet
from nameko.extensions import SharedExtension
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from shared import metrics
from shared.bus import connection as broker
from shared.bus.outbox.lease import Lease, LeaseLost, lease
from shared.bus.outbox.sending import AT_ONCE, Sending
from shared.clock import clock_from
from shared.logs import get_logger
from shared.settings import settings
from shared.telling import told

REMEMBERED = 4 * AT_ONCE
IDLE_SECONDS = 0.2  # also the longest that what another process wrote waits
STANDBY_SECONDS = 0.5
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.1, 5.0
TROUBLE = (*broker.TROUBLE, SQLAlchemyError, eventlet.Timeout)

log = get_logger()
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
        self._pause = FIRST_PAUSE_SECONDS
        self._sending = Sending(database, engine, clock_from(settings()), self._written)
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
        while not self._stopping:
            try:
                with lease(self.database, self.engine) as held:
                    if held is None:
                        self._stand_by()
                    else:
                        self._publish_until_stopped(held)
            except LeaseLost as lost:
                log.warning("relay_lost_its_lease", reason=str(lost))
            except (Exception, eventlet.Timeout) as trouble:
                self._wait_after(trouble)

    def _publish_until_stopped(self, held: Lease) -> None:
        with broker.broker_connection() as connection:
            self._sending.begin(connection, held)
            while not self._stopping:
                self._woken.clear()
                if self._sending.send_next():
                    pass
                elif self._unsafe:
                    self._send_unsafely()
                else:
                    self._woken.wait(IDLE_SECONDS)
                    self._sending.publisher.keep_alive()
                self._pause, self.trouble = FIRST_PAUSE_SECONDS, self._sending.trouble

    def _stand_by(self) -> None:
        """Whoever has the lease reads what is written here, and says how long it waits."""
        self._written.clear()
        self.trouble = None
        metrics.OUTBOX_LAG_SECONDS.labels(self.database).set(0)
        self._sleep(STANDBY_SECONDS)

    def _wait_after(self, trouble: BaseException) -> None:
        """Longer each time, until something succeeds. How long events wait is measured meanwhile."""
        unknown = None if isinstance(trouble, TROUBLE) else trouble
        words = told(unknown) if unknown else str(trouble)
        self.trouble = f"events can't be published: {words}"
        log.warning("relay_waits", trouble=words, seconds=self._pause, exc_info=unknown)
        try:
            self._sending.measure()
        except SQLAlchemyError as away:
            log.info("outbox_not_measured", trouble=str(away))
        self._sleep(self._pause)
        self._pause = min(2 * self._pause, LONGEST_PAUSE_SECONDS)

    def _send_unsafely(self) -> None:
        while self._unsafe:
            self._sending.publisher.publish({0: self._unsafe.popleft()})

    def _sleep(self, seconds: float) -> None:
        if not self._stopping:
            eventlet.sleep(seconds)
