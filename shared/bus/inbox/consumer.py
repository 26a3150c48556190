"""The one queue of a service, read in batches: nameko's extension interface on one side, the broker on the other.

Two green threads. One alone touches the connection: it takes in messages, sends acknowledgements and heartbeats, also
while the other one, which handles batches, is busy. A batch is acknowledged only after its transaction is committed.
"""

import threading
import time
from collections import deque
from datetime import datetime
from itertools import islice
from typing import Any

import eventlet
from nameko.extensions import ProviderCollector, SharedExtension
from sqlalchemy.exc import SQLAlchemyError

from shared.bus import connection as broker
from shared.bus import topology
from shared.bus.door import Returned, fault_of, headers_of, known_headers, why_returned
from shared.bus.frames import Incoming
from shared.bus.inbox import progress
from shared.bus.inbox.handling import EventHandling
from shared.bus.inbox.reading import Delivery, read
from shared.bus.moment import Moments
from shared.bus.work import UnitOfWork
from shared.logs import get_logger
from shared.settings import settings

BUSY_SECONDS = 0.01
IDLE_SECONDS = 0.2
RETRY_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 5.0
BATCH_SECONDS = 0.25
LEAST_BATCH = 50
MARK_SECONDS = 0.25
GATHER_SECONDS = 0.2
"""The longest that a service which `lets_gather` leaves what came during a batch, for more to join it, until it fills
the next: each batch costs it several statements, however small it is."""

log = get_logger()


class Inbox(SharedExtension, ProviderCollector):
    """Consumes `<service>.inbox` for all `@subscribe` methods of the service."""

    def setup(self) -> None:
        self._buffer: deque[Delivery] = deque()
        self._bytes_in_hand = 0
        self._generation = 0
        self._done = (0, 0)
        self._is_handling = False
        self._is_consuming = False
        self._stopping = False
        self.trouble: str | None = "the inbox is not read yet"
        self._arrived = threading.Event()
        self._tried_at = 0.0
        self._mark_wanted_at: datetime | None = None
        self._marked_at = self._shown_at = 0.0

    def start(self) -> None:
        self._begin = next(one for one in self.container.dependencies if isinstance(one, UnitOfWork)).begin
        self._listened = {provider.contract.wire_type for provider in self._providers}
        self._handling = self._make_handling()
        self._lets_gather = getattr(self.container.service_cls, "lets_gather", False)
        self._largest_batch = settings().inbox_batch_size
        self._most_bytes = settings().inbox_megabytes * 2**20
        self._batch_size = min(LEAST_BATCH, self._largest_batch)
        self._worker = self.container.spawn_managed_thread(self._handle_forever, identifier="inbox worker")
        self._pump = self.container.spawn_managed_thread(self._consume_forever, identifier="inbox consumer")

    def stop(self) -> None:
        """Finish and acknowledge the batch in hand; the rest goes back to the broker."""
        self._stopping = True
        self._arrived.set()
        self._worker.wait()
        self._pump.wait()

    def unregister_provider(self, provider: Any) -> None:
        super().unregister_provider(provider)
        if not self._providers:
            self.stop()

    def send_mark(self, now: datetime) -> None:
        """Find out whether everything that is in the queue now has been committed; the database will tell."""
        self._mark_wanted_at = now

    def _make_handling(self) -> EventHandling:
        handlers = {
            provider.contract.wire_type: getattr(self.container.service_cls, provider.method_name)
            for provider in self._providers
        }
        return EventHandling(self.container.service_name, self._begin, self.container.service_cls, handlers, Moments())

    # the thread that handles

    def _handle_forever(self) -> None:
        wait = 0.1
        while not self._stopping:
            try:
                self._arrived.clear()
                if time.monotonic() - self._tried_at >= RETRY_SECONDS:
                    self._handling.try_due()
                    self._tried_at = time.monotonic()
                if self._buffer:
                    self._handle_batch()
                else:
                    self._arrived.wait(RETRY_SECONDS)
                wait = 0.1
                self.trouble = None if self._is_consuming else "the broker is away"
            except (SQLAlchemyError, OSError) as trouble:
                self.trouble = f"events can't be handled: {trouble}"
                log.warning("inbox_waits", trouble=str(trouble), seconds=wait)
                eventlet.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT_SECONDS)

    def _handle_batch(self) -> None:
        """The deliveries stay in the buffer until they are settled, so that trouble in between repeats them."""
        batch = list(islice(self._buffer, self._batch_size))
        self._is_handling = True
        started = time.perf_counter()
        try:
            self._settle(batch)
        finally:
            self._is_handling = False
        spent = time.perf_counter() - started
        self._fit_batch_size(len(batch), spent)
        last = batch[-1]
        if last.generation == self._generation:
            for _ in batch:
                self._bytes_in_hand -= len(self._buffer.popleft().body)
            self._done = (last.generation, last.tag)
        if self._lets_gather and 0 < len(self._buffer) < self._largest_batch:
            eventlet.sleep(min(4 * spent, GATHER_SECONDS))

    def _settle(self, batch: list[Delivery]) -> None:
        events = [read(delivery, self._listened) for delivery in batch if delivery.marked_at is None]
        if events:
            self._handling.handle(events)
        marks = [delivery.marked_at for delivery in batch if delivery.marked_at is not None]
        if marks:
            progress.note(self._begin, self.container.service_name, marks[-1])

    def _fit_batch_size(self, size: int, seconds: float) -> None:
        """So many events as take about BATCH_SECONDS: large enough to be cheap, short enough to let calls through."""
        if size == self._batch_size or seconds > BATCH_SECONDS:
            wanted = int(size * BATCH_SECONDS / max(seconds, 0.001))
            self._batch_size = max(LEAST_BATCH, min(wanted, 2 * self._batch_size, self._largest_batch))

    # the thread that touches the connection

    def _consume_forever(self) -> None:
        wait = 0.1
        while not self._stopping or self._is_handling:
            try:
                with broker.broker_connection() as connection:
                    wait = 0.1
                    self._consume(connection)
            except broker.TROUBLE as trouble:
                self._is_consuming = False
                log.warning("broker_away", trouble=str(trouble), seconds=wait)
                eventlet.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT_SECONDS)

    def _consume(self, connection: Any) -> None:
        topology.prepare(connection)
        self._generation += 1
        self._buffer.clear()
        self._bytes_in_hand = 0
        channel = connection.channel()
        channel.auto_decode = False
        channel.basic_qos(0, 2 * self._largest_batch, False)
        inbox, *returned = topology.queues_read_by(self.container.service_name)
        tags = [channel.basic_consume(inbox, callback=self._received)]
        tags += [channel.basic_consume(queue, callback=self._returned) for queue in returned]
        self._is_consuming = True
        self._arrived.set()  # who asks whether all is well hears of it at once
        log.info("inbox_consumes", generation=self._generation)
        acknowledged = 0
        while not self._stopping:
            acknowledged = self._acknowledge(channel, acknowledged)
            self._mark(channel)
            self._drain(connection)
        for tag in tags:
            channel.basic_cancel(tag)
        while self._is_handling:
            self._drain(connection)
        self._acknowledge(channel, acknowledged)

    def _acknowledge(self, channel: Any, acknowledged: int) -> int:
        generation, done = self._done
        if generation != self._generation or done <= acknowledged:
            return acknowledged
        channel.basic_ack(done, multiple=True)
        return done

    def _mark(self, channel: Any) -> None:
        """Seldom enough, where it stays long behind many events."""
        if self._mark_wanted_at is not None and time.monotonic() - self._marked_at >= MARK_SECONDS:
            progress.send_mark(channel, self.container.service_name, self._mark_wanted_at)
            self._mark_wanted_at, self._marked_at = None, time.monotonic()

    def _drain(self, connection: Any) -> None:
        """Nothing more is taken in while there is much in hand: the broker and the network hold it back for us."""
        if self._bytes_in_hand > self._most_bytes:
            eventlet.sleep(BUSY_SECONDS)
            self._show_life(connection)
            return
        is_busy = bool(self._buffer) or self._is_handling
        try:
            connection.drain_events(timeout=BUSY_SECONDS if is_busy else IDLE_SECONDS)
        except TimeoutError:
            connection.heartbeat_check()

    def _show_life(self, connection: Any) -> None:
        """Whether the broker lives can't be told from what is not read."""
        if time.monotonic() - self._shown_at > broker.HEARTBEAT_SECONDS / 2:
            connection.connection.send_heartbeat()
            self._shown_at = time.monotonic()

    def _returned(self, message: Incoming) -> None:
        self._received(message, why_returned(message))

    def _received(self, message: Incoming, returned: Returned | None = None) -> None:
        self._bytes_in_hand += len(message.body)
        self._buffer.append(
            Delivery(
                generation=self._generation,
                tag=message.delivery_tag,
                body=message.body,
                content_type=message.properties.get("content_type"),
                message_id=message.properties.get("message_id") or "",
                routing_key=message.delivery_info["routing_key"],
                headers=known_headers(headers_of(message)),
                fault=fault_of(message),
                marked_at=progress.sent_at(message),
                returned=returned,
                exchange=message.delivery_info["exchange"],
            )
        )
        self._arrived.set()
