"""The rows that the event log is made of: those of the outbox that are events, and its own."""

from typing import Any

from sqlalchemy import MetaData, Row

from shared.bus.log.segment import LoggedEvent
from shared.bus.outbox.rows import is_dropped
from shared.bus.tables import bus_tables

_bus = bus_tables(MetaData())
outbox, event_log = _bus.outbox, _bus.event_log
EVENT = [
    outbox.c.position,
    outbox.c.event_id,
    outbox.c.routing_key.label("type"),
    outbox.c.exchange,
    outbox.c.subject,
    outbox.c.headers,
    outbox.c.created_at,
    outbox.c.body,
]
IS_EVENT = (outbox.c.exchange != "") & ~is_dropped(outbox)
"""What goes to a dead queue is none, and what was given up before anybody heard it was never announced."""


def logged_event(row: Row[Any]) -> LoggedEvent:
    """A row of the outbox, read as EVENT."""
    return LoggedEvent(**(row._asdict() | {"body": bytes(row.body)}))
