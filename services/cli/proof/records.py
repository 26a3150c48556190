"""Looks into the services' own databases: only to count, compare and report, never to change anything."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import MetaData, Select, select, text

from shared.bus.log.reading import events_of
from shared.bus.outbox.rows import is_dropped
from shared.bus.tables import EventStatus, bus_tables
from shared.policy import PolicyBook
from shared.settings import settings
from shared.storage.engine import READS, engine_for

_bus = bus_tables(MetaData())


def known_since() -> datetime:
    """What was done before may be forgotten by now, as the policy promises no more."""
    now = datetime.now(UTC)
    return now - PolicyBook.load(settings().policy_file).at(now).inbox.known_for


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
    """Ids of the events in a service's outbox, by type; with `since`, of those not sent or sent since then.

    Without what was dropped unsent: nobody can have heard it.
    """
    outbox = _bus.outbox.c
    wanted = select(outbox.routing_key, outbox.event_id).where(~is_dropped(_bus.outbox))
    if since is not None:
        wanted = wanted.where(outbox.sent_at.is_(None) | (outbox.sent_at >= since))
    return _by_type(service, wanted)


def dropped(service: str) -> list[tuple[str, str, str]]:
    """Type, id and what was said of each event that an operator gave up, unsent or unhandled."""
    inbox, outbox = _bus.inbox.c, _bus.outbox.c
    unhandled = select(inbox.type, inbox.event_id, inbox.error).where(inbox.status == EventStatus.DROPPED.value)
    unsent = select(outbox.routing_key, outbox.event_id, outbox.error).where(is_dropped(_bus.outbox))
    with engine_for(service).connect().execution_options(**READS) as connection:
        return [tuple(row) for wanted in (unsent, unhandled) for row in connection.execute(wanted)]


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
