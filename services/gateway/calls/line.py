"""The line to the broker over which calls go out and replies come in: one connection, one thread that owns it.

Any thread may call. The owner alone touches the connection: it is woken to publish what others left, and hands each
reply to whoever waits for it. When the connection is lost all who wait are told so at once, and the owner dials again.
"""

import select
import socket
import struct
import threading
import time
import uuid
from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NothingCame
from contextlib import suppress
from typing import Any

import amqp
from kombu import Connection

from services.gateway.calls.wire import message_of
from shared.bus import connection as broker
from shared.bus import topology
from shared.errors import Unavailable
from shared.logs import get_logger

TICK_SECONDS = 1.0
PUBLISHES_WITHIN_SECONDS = 5
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 0.1, 5.0

log = get_logger()


class NoAnswer(Unavailable):
    """The service did not answer in time."""


class LineLost(Unavailable):
    """The connection to the broker was lost, or there is none: a call may have been made or not."""


class Line:
    """`line.call("intake", "get_issue", {...}, token=…, seconds=3)` gives the body of the reply."""

    def __init__(self, uri: str | None = None) -> None:
        self._uri = uri
        self._guard = threading.Lock()
        self._waiting: dict[str, Future[bytes]] = {}
        self._outgoing: deque[tuple[str, str, Mapping[str, Any], str]] = deque()
        self._owner: threading.Thread | None = None
        self._is_closing = False
        self._ear, self._bell = socket.socketpair()
        for end in (self._ear, self._bell):
            end.setblocking(False)
        self.trouble: str | None = None
        """Why the broker can't be reached; None while it is, and before the first call."""
        self._lost_at = 0.0

    def call(self, service: str, method: str, request: Mapping[str, Any], *, token: str, seconds: float) -> bytes:
        """The body of the reply. Raises NoAnswer, LineLost."""
        if self.trouble is not None:
            raise LineLost(self.trouble)
        correlation_id, reply = str(uuid.uuid4()), Future[bytes]()
        with self._guard:
            self._waiting[correlation_id] = reply
            self._outgoing.append((correlation_id, f"{service}.{method}", request, token))
        self._wake_owner()
        try:
            return reply.result(seconds)
        except NothingCame:
            raise NoAnswer(f"{service} did not answer within {seconds:g} s") from None
        finally:
            self._waiting.pop(correlation_id, None)

    def lost_seconds(self) -> float:
        """For how long the broker could not be reached; 0 while it is."""
        return 0.0 if self.trouble is None else time.monotonic() - self._lost_at

    def close(self) -> None:
        """Hang up. Nobody calls after."""
        self._is_closing = True
        self._ring()
        if self._owner is not None:
            self._owner.join(10)
        self._ear.close()
        self._bell.close()

    def _wake_owner(self) -> None:
        with self._guard:
            if self._owner is None:
                self._owner = threading.Thread(target=self._own, name="calls", daemon=True)
                self._owner.start()
        self._ring()

    def _ring(self) -> None:
        with suppress(BlockingIOError):  # it rings already
            self._bell.send(b"!")

    # the owner

    def _own(self) -> None:
        wait = FIRST_WAIT_SECONDS
        while not self._is_closing:
            try:
                with broker.broker_connection(self._uri) as connection:
                    self._serve(connection)
            except broker.TROUBLE as trouble:
                if self.trouble is None:
                    self._lost_at, wait = time.monotonic(), FIRST_WAIT_SECONDS
                self.trouble = f"the broker can't be reached: {trouble}"
                log.warning("line_lost", trouble=str(trouble), seconds=wait)
                self._tell_all(LineLost("the broker was lost while the call was under way"))
                time.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT_SECONDS)

    def _serve(self, connection: Connection) -> None:
        channel = connection.channel()
        channel.auto_decode = False
        channel.exchange_declare(topology.RPC_EXCHANGE, "topic", durable=True, auto_delete=False)
        own_queue = channel.queue_declare("", exclusive=True).queue
        channel.queue_bind(own_queue, topology.RPC_EXCHANGE, own_queue)
        channel.basic_consume(own_queue, callback=self._received, no_ack=True)
        wire = connection.connection.transport.sock
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", PUBLISHES_WITHIN_SECONDS, 0))
        self.trouble = None
        looked_after = time.monotonic()
        while not self._is_closing:
            self._publish_all(channel, own_queue)
            self._listen(connection, wire)
            if time.monotonic() - looked_after > TICK_SECONDS:
                looked_after = time.monotonic()
                connection.heartbeat_check()

    def _listen(self, connection: Connection, wire: socket.socket) -> None:
        """Until something comes in or is to go out. One frame at a time: a heartbeat is no message."""
        ready = [wire] if _has_buffered(wire) else select.select([wire, self._ear], [], [], TICK_SECONDS)[0]
        if self._ear in ready:
            self._ear.recv(4096)
        if wire in ready:
            connection.connection.blocking_read(PUBLISHES_WITHIN_SECONDS)

    def _publish_all(self, channel: amqp.Channel, own_queue: str) -> None:
        while self._outgoing:
            correlation_id, routing_key, request, token = self._outgoing.popleft()
            if correlation_id in self._waiting:
                message = message_of(request, token, reply_to=own_queue, correlation_id=correlation_id)
                channel.basic_publish(message, topology.RPC_EXCHANGE, routing_key)

    def _received(self, message: amqp.Message) -> None:
        """What comes too late, nobody waits for."""
        reply = self._waiting.pop(message.properties.get("correlation_id", ""), None)
        if reply is not None:
            reply.set_result(message.body)

    def _tell_all(self, error: LineLost) -> None:
        with self._guard:
            self._outgoing.clear()
            waiting, self._waiting = self._waiting, {}
        for reply in waiting.values():
            reply.set_exception(error)


def _has_buffered(wire: socket.socket) -> bool:
    """Of TLS: bytes that were read and not asked for yet, which the kernel no longer shows."""
    return bool(wire.pending()) if hasattr(wire, "pending") else False
