"""The outbox table as questions and changes: what is to be sent next, what was sent, what was set aside."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, MetaData, RowMapping, bindparam, select, update

from shared.bus.tables import bus_tables
from shared.storage.many import is_any_of

_outbox = bus_tables(MetaData()).outbox
_IS_UNSENT = _outbox.c.sent_at.is_(None) & _outbox.c.set_aside_at.is_(None)
_IS_ANY = is_any_of(_outbox.c.position, "positions")
_NAMES = [_outbox.c[name] for name in ("position", "event_id", "exchange", "routing_key", "subject")]
_IN_ORDER = select(*_NAMES[:2]).where(_IS_UNSENT).order_by(_outbox.c.position)
_NEXT = _IN_ORDER.limit(bindparam("most"))
_NEXT_NAMED = _NEXT.with_only_columns(*_NAMES).where(_outbox.c.position > bindparam("after"))
_CONTENT = select(*_NAMES, *(_outbox.c[name] for name in ("body", "headers", "created_at"))).where(_IS_ANY)
_OLDEST = _IN_ORDER.with_only_columns(_outbox.c.created_at).limit(1)
_SET_ASIDE = _outbox.c.set_aside_at.is_not(None) & _outbox.c.sent_at.is_(None)
MARK_SENT = update(_outbox).where(_IS_ANY).values(sent_at=bindparam("now"))
SET_ASIDE = update(_outbox).where(_IS_ANY).values(set_aside_at=bindparam("now"), error=bindparam("why"))


def is_dropped(rows: Any) -> Any:
    """The broker would not take it, and an operator gave it up: nobody ever heard it."""
    return rows.c.set_aside_at.is_not(None) & rows.c.sent_at.is_not(None)


def next_unsent(connection: Connection, most: int) -> dict[int, str]:
    """Event ids of the next rows by their positions, in order."""
    return {row.position: row.event_id for row in connection.execute(_NEXT, {"most": most})}


def next_named(connection: Connection, most: int, after: int) -> dict[int, RowMapping]:
    """The same behind a position, with where each goes and what it is about."""
    found = connection.execute(_NEXT_NAMED, {"most": most, "after": after})
    return {row["position"]: row for row in found.mappings()}


def contents(connection: Connection, positions: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Whole rows by their positions."""
    found = connection.execute(_CONTENT, {"positions": list(positions)})
    return {row.position: row._asdict() for row in found}


def oldest_unsent(connection: Connection) -> datetime | None:
    """When the first that is still to be sent was announced."""
    found: datetime | None = connection.scalar(_OLDEST)
    return found


def set_aside_subjects(connection: Connection) -> list[str]:
    """What the rows that were set aside are about, one for each row."""
    return list(connection.scalars(select(_outbox.c.subject).where(_SET_ASIDE)))
