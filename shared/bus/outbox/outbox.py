"""What a unit of work announces: written with it, published after it, in the order of adding."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import MetaData

from shared.bus.tables import bus_tables
from shared.contracts.base import Event
from shared.contracts.envelope import Envelope, encode
from shared.sealing import sealed
from shared.storage.work import Work
from shared.storage.writes import Row, Writes

_outbox = bus_tables(MetaData()).outbox


@dataclass
class Cause:
    """What set the current work off; its ids travel on with every event that follows, but for the event's own."""

    correlation_id: str = ""
    traceparent: str = ""
    event_id: str = ""


class Outbox:
    """Events this unit of work announces. They are written with it, unless `is_written` is off, and published after."""

    def __init__(self, work: Work) -> None:
        self.rows: list[Row] = []
        self.cause = Cause()
        self.is_written = True
        self._marked = 0
        work.parts.append(self)

    def add(self, event: Event, *, at: datetime) -> None:
        """Announce an event that happened `at`; published after the transaction, in the order of adding."""
        event_id = str(uuid.uuid4())
        envelope = Envelope(
            id=event_id,
            type=event.wire_type,
            source=event.publisher,
            subject=event.subject,
            time=at,
            content=vars(event),
        )
        headers = {"correlation_id": self.cause.correlation_id or event_id}
        if event.subject:
            headers["subject"] = event.subject
        if self.cause.traceparent:
            headers["traceparent"] = self.cause.traceparent
        headers |= {f"street.{code}": "yes" for code in streets_of(envelope.content)}
        self.rows.append(
            {
                "event_id": event_id,
                "exchange": f"{event.publisher}.events",
                "routing_key": event.wire_type,
                "subject": event.subject,
                "body": encode(envelope),
                "headers": headers,
                "created_at": at,
            }
        )

    def add_raw(self, *, queue: str, body: bytes, headers: dict[str, Any], event_id: str, at: datetime) -> None:
        """Send bytes to a queue by its name, sealed: how a message that can't be read goes to the dead queue."""
        self.rows.append(
            {
                "event_id": event_id,
                "exchange": "",
                "routing_key": queue,
                "subject": str(headers.get("subject", "")),
                "body": sealed(body),
                "headers": headers,
                "created_at": at,
            }
        )

    def mark(self) -> None:
        self._marked = len(self.rows)

    def restore(self) -> None:
        del self.rows[self._marked :]

    def flush(self, writes: Writes) -> None:
        if self.is_written:
            writes.insert(_outbox, self.rows)


def streets_of(content: dict[str, Any]) -> set[str]:
    """The streets whose units an event names, by their 9-digit codes; street queues are bound by them."""
    named = (content.get(name) for name in ("unit_code", "from_unit", "to_unit"))
    return {code[:9] for code in named if isinstance(code, str) and len(code) >= 9}
