"""Many callers at once, each with a connection and a reply queue of its own, from one thread: as little of it as can be
is the client's own work, so that what is measured is the service."""

import json
import selectors
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import amqp

from services.cli.bench.calls import CALL_SECONDS, Call
from services.cli.servers.unavailable import NodeUnavailable
from shared.bus.connection import broker_connection
from shared.bus.rpc.wire import JSON, TOKEN_HEADER
from shared.bus.topology import RPC_EXCHANGE


@dataclass
class Caller:
    """Makes one call after the other; the next one is sent when the answer to the last has come."""

    connection: Any
    token: str
    calls: Iterator[Call]
    spent: list[float] = field(default_factory=list)
    is_done: bool = False

    def begin(self) -> None:
        self._channel = self.connection.channel()
        self._queue = self._channel.queue_declare("", exclusive=True, auto_delete=True).queue
        self._channel.queue_bind(self._queue, RPC_EXCHANGE, self._queue)
        self._channel.basic_consume(self._queue, no_ack=True, callback=self._answered)
        self.ask()

    def ask(self) -> None:
        call = next(self.calls, None)
        if call is None:
            self.is_done = True
            return
        service, method, request = call
        message = amqp.Message(
            json.dumps({"args": [request], "kwargs": {}}).encode(),
            content_type=JSON,
            content_encoding="utf-8",
            correlation_id=str(uuid.uuid4()),
            reply_to=self._queue,
            application_headers={TOKEN_HEADER: self.token},
        )
        self._began = time.perf_counter()
        self._channel.basic_publish(message, exchange=RPC_EXCHANGE, routing_key=f"{service}.{method}")

    def _answered(self, message: amqp.Message) -> None:
        self.spent.append(time.perf_counter() - self._began)
        error = json.loads(message.body)["error"]
        if error is not None:  # it would be quicker than the real thing
            raise NodeUnavailable(f"A call was refused: {error['value']}")
        self.ask()


def time_callers(token: str, uri: str, callers: Sequence[Sequence[Call]]) -> tuple[list[float], float]:
    """Seconds of each call, and of all of them together."""
    with ExitStack() as scope:
        waiting = [Caller(scope.enter_context(broker_connection(uri)), token, iter(calls)) for calls in callers]
        ready = scope.enter_context(selectors.DefaultSelector())
        for one in waiting:
            ready.register(one.connection.connection.transport.sock, selectors.EVENT_READ, one)
        began = time.perf_counter()
        for one in waiting:
            one.begin()
        while not all(one.is_done for one in waiting):
            found = ready.select(CALL_SECONDS)
            if not found:
                raise NodeUnavailable(f"No call was answered for {CALL_SECONDS:.0f} s.")
            for key, _ in found:
                key.data.connection.drain_events(timeout=1)
        return [seconds for one in waiting for seconds in one.spent], time.perf_counter() - began
