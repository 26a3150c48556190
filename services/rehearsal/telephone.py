"""Calls the suite's RPC by plain AMQP, as a program in any language would: many calls at once, on one connection.

The wire is nameko's: `{"args": [request], "kwargs": {}}` to the exchange `nameko-rpc` with the routing key
`service.method`, the token in the header `nameko.auth_token`, the reply by correlation id to a queue of our own.
"""

import itertools
import json
import time
from collections.abc import Callable
from typing import Any

import amqp
from nameko.exceptions import RemoteError, deserialize

from services.rehearsal.hearing import keep_alive
from shared.bus.connection import broker_connection
from shared.bus.outbox.publisher import one_write
from shared.bus.rpc.entrypoint import register_errors
from shared.bus.topology import RPC_EXCHANGE
from shared.errors import GongshangError, Unavailable

Reply = dict[str, Any]


class Telephone:
    """`with Telephone(uri) as line: line.begin("escalation", "preview", {...}, token=…)()`. One per thread."""

    def __init__(self, uri: str, *, timeout_seconds: float) -> None:
        register_errors()
        self._scope = broker_connection(uri)
        self._seconds = timeout_seconds
        self._numbers = itertools.count(1)
        self._replies: dict[str, Reply] = {}
        self._begun: list[tuple[str, amqp.Message]] = []

    def __enter__(self) -> "Telephone":
        self._connection = self._scope.__enter__()
        self._channel = self._connection.channel()
        self._queue = self._channel.queue_declare("", exclusive=True, auto_delete=True).queue
        self._channel.queue_bind(self._queue, RPC_EXCHANGE, self._queue)  # replies come through the same exchange
        self._channel.basic_consume(self._queue, no_ack=True, callback=self._received)
        return self

    def __exit__(self, *exc_info: Any) -> None:
        self._scope.__exit__(*exc_info)

    def begin(self, service: str, method: str, request: dict[str, Any], *, token: str) -> Callable[[], Reply]:
        """What is returned waits for the reply, and raises the suite's own errors. Calls go out when one is waited for:
        those that are begun together are sent together."""
        number = f"{self._queue}:{next(self._numbers)}"
        message = amqp.Message(
            json.dumps({"args": [request], "kwargs": {}}, ensure_ascii=False).encode(),
            content_type="application/json",
            content_encoding="utf-8",
            correlation_id=number,
            reply_to=self._queue,
            application_headers={"nameko.auth_token": token},
        )
        self._begun.append((f"{service}.{method}", message))
        return lambda: self._wait(number, f"{service}.{method}")

    def keep_alive(self) -> None:
        keep_alive(self._connection)

    def _wait(self, number: str, what: str) -> Reply:
        self._send()
        deadline = time.monotonic() + self._seconds
        while number not in self._replies:
            left = deadline - time.monotonic()
            if left <= 0:
                raise Unavailable(f"{what} did not answer within {self._seconds:.0f} s")
            try:
                self._connection.drain_events(timeout=min(left, 5.0))
            except TimeoutError:
                self._connection.heartbeat_check()
        reply = self._replies.pop(number)
        if reply["error"] is not None:
            raise _refusal(reply["error"])
        result: Reply = reply["result"]
        return result

    def _send(self) -> None:
        if self._begun:
            with one_write(self._connection.connection.transport):
                for routing_key, message in self._begun:
                    self._channel.basic_publish(message, exchange=RPC_EXCHANGE, routing_key=routing_key)
            self._begun.clear()

    def _received(self, message: amqp.Message) -> None:
        self._replies[message.properties["correlation_id"]] = json.loads(message.body)


def _refusal(error: dict[str, Any]) -> GongshangError:
    found = deserialize(error)
    if isinstance(found, RemoteError) or not isinstance(found, GongshangError):
        return GongshangError(str(found))
    return found
