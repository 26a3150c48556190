"""Messages as clients in other languages send them, down to the bytes that py-amqp itself would never write."""

from struct import pack
from typing import Any

import amqp

from shared.bus.connection import broker_connection

NAMES = [name for name, _ in amqp.Message.PROPERTIES]


class RawMessage(amqp.Message):
    """A message with its properties as bytes: texts in any encoding, and a header table as it lies on the wire."""

    def __init__(self, body: bytes, *, table: bytes = b"", **texts: bytes) -> None:
        super().__init__(body)
        self.raw = dict(sorted(texts.items(), key=lambda item: NAMES.index(item[0])))
        self.table = table

    def _serialize_properties(self) -> bytes:
        flags, written = 0x2000 if self.table else 0, b""
        for position, name in enumerate(NAMES):
            if name in self.raw:
                flags |= 0x8000 >> position
                written += pack("B", len(self.raw[name])) + self.raw[name]
            if name == "application_headers" and self.table:
                written += pack(">I", len(self.table)) + self.table
        return pack(">H", flags) + written


def header(name: str, kind: bytes, value: bytes) -> bytes:
    """One entry of a header table."""
    return pack("B", len(name.encode())) + name.encode() + kind + value


def text_header(name: str, value: bytes | str) -> bytes:
    raw = value if isinstance(value, bytes) else value.encode()
    return header(name, b"S", pack(">I", len(raw)) + raw)


def milliseconds_header(name: str = "sent") -> bytes:
    """`Date.now()` as amqplib for Node sends it: a timestamp that counts seconds, with milliseconds in it."""
    return header(name, b"T", pack(">Q", 1_774_000_000_000))


def publish(uri: str, exchange: str, messages: list[tuple[Any, amqp.Message]]) -> None:
    """Confirmed, each with its routing key, which may be bytes."""
    with broker_connection(uri) as connection:
        channel = connection.channel()
        for routing_key, message in messages:
            channel.basic_publish_confirm(message, exchange, routing_key)
