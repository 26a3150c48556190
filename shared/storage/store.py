"""The parts of a unit of work: a service's store, its outbox, its timers. All change in one transaction or none."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import MetaData
from sqlalchemy.orm import Session

from shared.contracts.base import Event
from shared.contracts.envelope import Envelope, encode
from shared.storage.bus_tables import bus_tables
from shared.storage.writes import Writes

_bus = bus_tables(MetaData())


@dataclass(frozen=True)
class Due:
    """A timer that fires: what kind, for what, and when it was due."""

    kind: str
    ref: str
    due_at: datetime


@dataclass
class Cause:
    """What set the current work off; its ids travel on with every event that follows."""

    correlation_id: str = ""
    traceparent: str = ""


@dataclass
class Outbox:
    """Events this unit of work announces. They are written with it and published after it."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    cause: Cause = field(default_factory=Cause)

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
        headers = {"subject": event.subject, "correlation_id": self.cause.correlation_id or event_id}
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
        """Send bytes to a queue by its name: how a message that can't be read goes to the dead queue."""
        self.rows.append(
            {
                "event_id": event_id,
                "exchange": "",
                "routing_key": queue,
                "subject": str(headers.get("subject", "")),
                "body": body,
                "headers": headers,
                "created_at": at,
            }
        )


def streets_of(content: dict[str, Any]) -> set[str]:
    """The streets whose units an event names, by their 9-digit codes; street queues are bound by them."""
    named = (content.get(name) for name in ("unit_code", "from_unit", "to_unit"))
    return {code[:9] for code in named if isinstance(code, str) and len(code) >= 9}


class Timers:
    """Instants at which the service wants to look again. One timer per (kind, ref); setting it again moves it."""

    def __init__(self, writes: Writes) -> None:
        self._writes = writes
        self._set: dict[tuple[str, str], datetime] = {}
        self._cancelled: set[tuple[str, str]] = set()

    def set(self, kind: str, ref: str, due_at: datetime) -> None:
        """Wake `@timer(kind)` with `ref` once at or soon after `due_at`, also if it fired before."""
        self._cancelled.discard((kind, ref))
        self._set[(kind, ref)] = due_at

    def cancel(self, kind: str, ref: str) -> None:
        """Forget a timer; nothing happens if there is none."""
        self._set.pop((kind, ref), None)
        self._cancelled.add((kind, ref))

    def flush(self) -> None:
        """Write what was set and cancelled. The unit of work calls it at its end."""
        gone = [{"kind": kind, "ref": ref} for kind, ref in sorted(self._cancelled)]
        self._cancelled.clear()
        self._writes.delete(_bus.timers, gone, only="fired_at IS NULL")
        fresh = {"fired_at": None, "attempts": 0, "next_attempt_at": None, "error": None, "parked_at": None}
        rows = [
            {"kind": kind, "ref": ref, "due_at": due_at} | fresh for (kind, ref), due_at in sorted(self._set.items())
        ]
        self._set.clear()
        self._writes.insert(_bus.timers, rows, replace="kind, ref")


class Store:
    """A unit of work on one service's database. Services add their repositories in a subclass.

    `changed_in_bulk` names mapped classes whose changes are written with the rest, in one statement.
    """

    changed_in_bulk: ClassVar[tuple[type, ...]] = ()

    def __init__(self, session: Session) -> None:
        self.session = session
        self.writes = Writes(session)
        self.outbox = Outbox()
        self.timers = Timers(self.writes)

    def flush(self, *, with_outbox: bool = True) -> None:
        """Write everything that waits to be written. The last thing that is done with a unit of work."""
        self.writes.take_changes(self.changed_in_bulk)
        self.session.flush()
        self.timers.flush()
        if with_outbox:
            self.writes.insert(_bus.outbox, self.outbox.rows)
        self.writes.flush()
