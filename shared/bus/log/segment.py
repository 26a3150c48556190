"""A segment of the event log: lines of JSON, compressed; the first line names the segment before by its hash.

The hash is SHA-256 of the plain lines, so that `gunzip -c | sha256sum` tells the same as we do, also in twenty years.
"""

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

FORMAT = 1
BEFORE_THE_FIRST = "0" * 64
LEVEL = 6


class BrokenSegment(ValueError):
    """What is kept as a segment can't be read as one. The message says why."""


@dataclass(frozen=True)
class LoggedEvent:
    """An event as its service announced it. `position` counts up within a service; `body` is what was published."""

    position: int
    event_id: str
    type: str
    exchange: str
    subject: str
    headers: dict[str, Any]
    created_at: datetime
    body: bytes

    @property
    def content(self) -> dict[str, Any]:
        """What the event says."""
        content: dict[str, Any] = json.loads(self.body)["data"]
        return content


@dataclass(frozen=True)
class Head:
    """The first line of a segment."""

    service: str
    segment: int
    previous_sha256: str
    events: int


@dataclass(frozen=True)
class Packed:
    """A segment as it is kept."""

    sha256: str
    content: bytes


def pack(service: str, segment: int, previous_sha256: str, events: Sequence[LoggedEvent]) -> Packed:
    """The same events always give the same bytes."""
    head = {"format": FORMAT, "service": service, "segment": segment} | {
        "previous_sha256": previous_sha256,
        "events": len(events),
    }
    plain = b"".join(orjson.dumps(line) + b"\n" for line in (head, *map(_line, events)))
    return Packed(hashlib.sha256(plain).hexdigest(), gzip.compress(plain, LEVEL, mtime=0))


def unpack(packed: Packed) -> tuple[Head, list[LoggedEvent]]:
    """Raises BrokenSegment if it is not, to the letter, what was packed."""
    try:
        plain = gzip.decompress(packed.content)
    except (OSError, EOFError, zlib.error) as error:
        raise BrokenSegment(f"it can't be decompressed: {error}") from None
    if hashlib.sha256(plain).hexdigest() != packed.sha256:
        raise BrokenSegment("its content does not have its hash")
    try:
        lines = _lines(plain)
        head = Head(**{name: value for name, value in next(lines).items() if name != "format"})
        events = [_event(line) for line in lines]
    except (ValueError, TypeError, KeyError, StopIteration) as error:
        raise BrokenSegment(f"it is not written as a segment is: {error!r}") from None
    if len(events) != head.events:
        raise BrokenSegment(f"it has {len(events)} events and says {head.events}")
    return head, events


def _lines(plain: bytes) -> Iterator[dict[str, Any]]:
    return map(orjson.loads, plain.split(b"\n")[:-1])


def _line(event: LoggedEvent) -> dict[str, Any]:
    return vars(event) | {"body": event.body.decode()}


def _event(line: dict[str, Any]) -> LoggedEvent:
    known = {"created_at": datetime.fromisoformat(line["created_at"]), "body": line["body"].encode()}
    return LoggedEvent(**(line | known))
