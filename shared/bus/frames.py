"""How frames from the broker become messages, so that what can't be read of one message is that message's fault alone.

py-amqp decodes properties and header table before it hands a message over. An error in there would end the connection,
and at each redelivery again; here it becomes the message's `fault`, in words for its sender. Bodies stay bytes, and of
one that is too large only the beginning is kept. `Frames` is given to every connection of ours. (Routing keys need no
such care: the broker takes none that is no UTF-8.)
"""

from collections.abc import Callable
from struct import unpack_from
from typing import Any

import amqp
from amqp.exceptions import UnexpectedFrame
from amqp.serialization import loads
from amqp.spec import Basic

METHOD, HEADER, BODY, HEARTBEAT = 1, 2, 3, 8
WITH_CONTENT = frozenset([Basic.Deliver, Basic.Return, Basic.GetOk])
LARGEST_BODY = 1024 * 1024
BEGINNING = 64 * 1024
FIRST_PROPERTY = 14  # behind class, weight, the body's size and the flags
PROPERTIES = [(0x8000 >> number, name, kind) for number, (name, kind) in enumerate(amqp.Message.PROPERTIES)]

Frame = tuple[int, int, bytes]


class Incoming(amqp.Message):  # type: ignore[misc]
    """A message as it comes in. `fault` says what of it can't be read or is too much; empty if nothing."""

    def __init__(self, method: tuple[int, int], arguments: bytes) -> None:
        super().__init__(b"", frame_method=method, frame_args=arguments)
        self.fault = ""
        self._kept = LARGEST_BODY

    def inbound_header(self, buf: bytes, offset: int = 0) -> int:
        (self.body_size,) = unpack_from(">4xQ", buf)
        self.ready = not self.body_size
        faults: list[str] = []
        if self.body_size > LARGEST_BODY:
            self._kept = BEGINNING
            faults.append(f"the body has {self.body_size:,} bytes, and at most {LARGEST_BODY:,} are taken")
        try:
            _read_properties(buf, self.properties, faults)
        except Exception as error:
            faults.append(f"the properties can't be read: {error}")
        self.fault = "; ".join(faults)
        return len(buf)

    def inbound_body(self, buf: bytes) -> None:
        if self.body_received < self._kept:
            self._pending_chunks.append(buf)
        self.body_received += len(buf)
        self.ready = self.body_received >= self.body_size
        if self.ready:
            self.body = b"".join(self._pending_chunks)[: self._kept]
            self._pending_chunks.clear()


class Frames:
    """Takes the frames of one connection; calls `dispatch` for what is complete."""

    def __init__(self, connection: Any, dispatch: Callable[..., None]) -> None:
        self._connection = connection
        self._dispatch = dispatch
        self._incomplete: dict[int, Incoming] = {}

    def __call__(self, frame: Frame) -> bool:
        """Whether something was complete with this frame."""
        kind, channel, content = frame
        self._connection.bytes_recv += 1  # by which the connection sees that the broker lives
        if kind == HEARTBEAT:
            return False
        if kind == METHOD:
            return self._begin(channel, content)
        message = self._incomplete.get(channel)
        if message is None or kind not in (HEADER, BODY):
            raise UnexpectedFrame(f"a frame of type {kind} belongs to nothing")
        take = message.inbound_header if kind == HEADER else message.inbound_body
        take(content)
        if message.ready:
            del self._incomplete[channel]
            self._dispatch(channel, message.frame_method, message.frame_args, message)
        return bool(message.ready)

    def _begin(self, channel: int, content: bytes) -> bool:
        method = unpack_from(">HH", content)
        if method in WITH_CONTENT:
            self._incomplete[channel] = Incoming(method, content)
            return False
        self._dispatch(channel, method, content, None)
        return True


def _read_properties(header: bytes, properties: dict[str, Any], faults: list[str]) -> None:
    """What can be read, into `properties`. A text that is none keeps its bytes, as surrogates, to be sent back."""
    (flags,) = unpack_from(">H", header, FIRST_PROPERTY - 2)
    at = FIRST_PROPERTY
    for flag, name, kind in PROPERTIES:
        if not flags & flag:
            continue
        if kind == "s":
            start, at = at + 1, at + 1 + header[at]
            properties[name] = header[start:at].decode("utf-8", "surrogateescape")
            if not _is_text(header[start:at]):
                faults.append(f"the property {name} is no UTF-8 text")
        elif kind == "F":
            start, at = at, at + 4 + unpack_from(">I", header, at)[0]
            try:
                properties[name] = loads("F", header, start)[0][0]
            except Exception as error:
                faults.append(f"the headers can't be read: {error}")
        elif kind == "o":
            properties[name], at = header[at], at + 1
        else:
            (properties[name],), at = unpack_from(">Q", header, at), at + 8


def _is_text(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True
