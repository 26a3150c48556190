"""Looks into the services' own databases: only to count, compare and report, never to change anything."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import MetaData, select, text

from shared.bus.tables import bus_tables
from shared.storage.engine import READS, engine_for

_bus = bus_tables(MetaData())


def rows(service: str, query: str) -> list[tuple[Any, ...]]:
    """The rows of a plain query on a service's database."""
    with engine_for(service).connect().execution_options(**READS) as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def column(service: str, query: str) -> list[Any]:
    """The first column of a plain query."""
    return [row[0] for row in rows(service, query)]


def said(service: str, *wire_types: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Type and content of the events of these types that a service announced, in order."""
    outbox = _bus.outbox
    wanted = select(outbox.c.routing_key, outbox.c.body).where(outbox.c.routing_key.in_(wire_types))
    with engine_for(service).connect().execution_options(**READS) as connection:
        for routing_key, body in connection.execute(wanted.order_by(outbox.c.position)):
            yield routing_key, json.loads(bytes(body))["data"]


def heard_ids(service: str) -> dict[str, list[str]]:
    """Ids of the events in a service's inbox, by type."""
    return _by_type(service, _bus.inbox.c.type, _bus.inbox.c.event_id)


def said_ids(service: str) -> dict[str, list[str]]:
    """Ids of the events in a service's outbox, by type."""
    return _by_type(service, _bus.outbox.c.routing_key, _bus.outbox.c.event_id)


def _by_type(service: str, type_column: Any, id_column: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with engine_for(service).connect().execution_options(**READS) as connection:
        for wire_type, event_id in connection.execute(select(type_column, id_column)):
            found.setdefault(wire_type, []).append(event_id)
    return found
