"""Publishes with confirms, hundreds in flight: how the hotline's complaints get into the queue."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

import amqp

from services.cli.servers.broker import connection_to
from shared.contracts.envelope import CONTENT_TYPE
from shared.contracts.hotline import ComplaintFiledV1

AT_ONCE = 500
EXCHANGE = f"{ComplaintFiledV1.publisher}.events"
COMPLAINT_FILED = ComplaintFiledV1.wire_type


class Unconfirmed(Exception):
    """The broker refused messages of a benchmark."""


class Publishing:
    """One channel in confirm mode. `publish` returns when the broker has everything."""

    def __init__(self, connection: amqp.Connection) -> None:
        self._connection = connection
        self._channel = connection.channel()
        self._channel.confirm_select()
        self._channel.events["basic_ack"].add(self._acked)
        self._channel.events["basic_nack"].add(self._nacked)
        self._tag = 0
        self._in_flight: set[int] = set()

    def publish(self, messages: Iterable[tuple[str, str, amqp.Message]]) -> int:
        """Exchange, routing key and message of each. Returns how many there were."""
        left, count = iter(messages), 0
        while some := list(islice(left, AT_ONCE)):
            for exchange, routing_key, message in some:
                self._tag += 1
                self._in_flight.add(self._tag)
                self._channel.basic_publish(message, exchange=exchange, routing_key=routing_key)
            while self._in_flight:
                self._connection.drain_events(timeout=60)
            count += len(some)
        return count

    def _acked(self, tag: int, multiple: bool) -> None:
        if multiple:
            self._in_flight = {one for one in self._in_flight if one > tag}
        else:
            self._in_flight.discard(tag)

    def _nacked(self, tag: int, multiple: bool) -> None:
        raise Unconfirmed(f"the broker refused message {tag}")


@contextmanager
def publishing_to(uri: str) -> Iterator[Publishing]:
    with connection_to(uri) as connection:
        yield Publishing(connection)


def publish_complaints(uri: str, complaints: Iterable[dict[str, Any]]) -> int:
    with publishing_to(uri) as publishing:
        return publishing.publish((EXCHANGE, COMPLAINT_FILED, as_message(one)) for one in complaints)


def as_message(complaint: dict[str, Any], *, content_type: str = CONTENT_TYPE) -> amqp.Message:
    """A complaint on the wire, as the README tells the hotline to send it."""
    body = json.dumps(
        {
            "specversion": "1.0",
            "id": f"bench-{complaint['order_no']}",
            "source": f"/{ComplaintFiledV1.publisher}",
            "type": COMPLAINT_FILED,
            "time": complaint["filed_at"],
            "subject": complaint["order_no"],
            "datacontenttype": "application/json",
            "data": complaint,
        },
        ensure_ascii=False,
    )
    return amqp.Message(
        body.encode(),
        content_type=content_type,
        content_encoding="utf-8",
        delivery_mode=2,
        message_id=f"bench-{complaint['order_no']}",
        application_headers={"subject": complaint["order_no"]},
    )
