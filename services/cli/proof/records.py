"""Looks into the services' own databases: only to count, compare and report, never to change anything."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import MetaData, Select, select, text

from shared.bus.log.reading import events_of
from shared.bus.tables import bus_tables
from shared.storage.engine import READS, engine_for

_bus = bus_tables(MetaData())


def rows(service: str, query: str, **values: Any) -> list[tuple[Any, ...]]:
    """The rows of a plain query on a service's database; `values` are those of its `:names`."""
    with engine_for(service).connect().execution_options(**READS) as connection:
        return [tuple(row) for row in connection.execute(text(query), values)]


def column(service: str, query: str) -> list[Any]:
    """The first column of a plain query."""
    return [row[0] for row in rows(service, query)]


def said(service: str, *wire_types: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Type and content of the events of these types that a service announced, in order, however long ago."""
    for event in events_of(engine_for(service), types=wire_types):
        yield event.type, event.content


def heard_ids(service: str) -> dict[str, list[str]]:
    """Ids of the events in a service's inbox, by type."""
    return _by_type(service, select(_bus.inbox.c.type, _bus.inbox.c.event_id))


def said_ids(service: str, *, since: datetime | None = None) -> dict[str, list[str]]:
    """Ids of the events in a service's outbox, by type; with `since`, of those not sent or sent since then."""
    outbox = _bus.outbox.c
    wanted = select(outbox.routing_key, outbox.event_id)
    if since is not None:
        wanted = wanted.where(outbox.sent_at.is_(None) | (outbox.sent_at >= since))
    return _by_type(service, wanted)


def forgotten_types(service: str) -> list[str]:
    """Types of events of which a service's inbox no longer knows all that it heard."""
    return column(service, "SELECT type FROM forgotten WHERE name = 'inbox'")


def ever_said_ids(service: str, wire_type: str) -> set[str]:
    """Ids of all events of a type that a service has announced."""
    return {event.event_id for event in events_of(engine_for(service), types=[wire_type])}


def _by_type(service: str, wanted: Select[Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with engine_for(service).connect().execution_options(**READS) as connection:
        for wire_type, event_id in connection.execute(wanted):
            found.setdefault(wire_type, []).append(event_id)
    return found
