"""The inbox table as a batch of new events needs it: what is known, whose subject is held up, what is added."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, MetaData, bindparam, select

from shared.bus.inbox.reading import Identity
from shared.bus.tables import EventStatus, bus_tables
from shared.storage.many import is_any_of
from shared.storage.writes import Writes

INBOX = bus_tables(MetaData()).inbox
_HOLDING = (EventStatus.WAITING, EventStatus.PARKED, EventStatus.UNKNOWN)


def known(connection: Connection, event_ids: Iterable[str]) -> dict[Identity, str | None]:
    """Those of these ids that came before, whatever became of them, with the hash of their data."""
    rows = connection.execute(_KNOWN, {"values": list(event_ids)})
    return {Identity(source, event_id): data_sha256 for source, event_id, data_sha256 in rows}


def held_subjects(connection: Connection, subjects: Iterable[str]) -> set[str]:
    """Subjects with a failing or parked event: whatever comes for them waits behind it."""
    return set(connection.scalars(_HELD, {"values": list(subjects)}))


def add(writes: Writes, rows: list[dict[str, Any]]) -> None:
    """Written with the rest of the unit of work."""
    writes.insert(INBOX, rows)


def keeps(subject: Any) -> Any:
    """Whether an event of a subject is kept, early or failing. A condition on another table's column."""
    is_of_it = (INBOX.c.subject == subject) & (INBOX.c.subject != "")
    return select(INBOX.c.position).where(is_unsettled(), is_of_it).exists()


def is_unsettled(rows: Any = INBOX) -> Any:
    """Worded as the partial index is, with its constants in the text, so that the index is used."""
    handled, dropped = _as_text(EventStatus.HANDLED), _as_text(EventStatus.DROPPED)
    return (rows.c.status != handled) & (rows.c.status != dropped)


def holds_up(rows: Any = INBOX) -> Any:
    """What failed holds up its subject, parked too, or is not known yet; what came too early does not, nor what was
    refused."""
    return rows.c.status.in_(_HOLDING) & rows.c.lets_pass_since.is_(None)


def _as_text(status: EventStatus) -> Any:
    return bindparam(None, status.value, literal_execute=True)


_KNOWN = select(INBOX.c.source, INBOX.c.event_id, INBOX.c.data_sha256).where(is_any_of(INBOX.c.event_id, "values"))
_HELD = select(INBOX.c.subject).where(is_unsettled(), holds_up(), is_any_of(INBOX.c.subject, "values")).distinct()
