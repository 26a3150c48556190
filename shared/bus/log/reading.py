"""Every event that a service has announced, in its order: from the segments of its log, and then from its outbox.

Read sides and periods are rebuilt from this. It may be read while the service runs: an event that moves from the outbox
into a segment meanwhile is given once. What is announced after the end was reached comes from `after` that position.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, select

from shared.bus.log.rows import EVENT, IS_EVENT, event_log, logged_event, outbox
from shared.bus.log.segment import LoggedEvent, Packed, unpack
from shared.errors import NotFound
from shared.storage.engine import READS

AT_ONCE = 1000

_ABOUT = [column for column in event_log.c if column.name != "content"]


@dataclass(frozen=True)
class SegmentRow:
    """What the table says of a segment."""

    segment: int
    first_position: int
    last_position: int
    events: int
    first_at: datetime
    last_at: datetime
    previous_sha256: str
    sha256: str
    closed_at: datetime


def events_of(engine: Engine, *, after: int = 0, types: Collection[str] = ()) -> Iterator[LoggedEvent]:
    """Events after a position, of these types or of all. Raises BrokenSegment."""
    while True:
        page, until = _page(engine, after, types)
        if until is None:
            return
        yield from (event for event in page if event.position > after and (not types or event.type in types))
        after = until


def segments_of(engine: Engine) -> list[SegmentRow]:
    with engine.connect().execution_options(**READS) as connection:
        rows = connection.execute(select(*_ABOUT).order_by(event_log.c.segment))
        return [SegmentRow(**row._asdict()) for row in rows]


def events_in(engine: Engine, segment: int) -> list[LoggedEvent]:
    """Raises NotFound and BrokenSegment."""
    with engine.connect().execution_options(**READS) as connection:
        packed = packed_segment(connection, segment)
    if packed is None:
        raise NotFound(f"the event log has no segment {segment}")
    return unpack(packed)[1]


def packed_segment(connection: Connection, segment: int) -> Packed | None:
    found = connection.execute(
        select(event_log.c.sha256, event_log.c.content).where(event_log.c.segment == segment)
    ).one_or_none()
    return Packed(found.sha256, bytes(found.content)) if found else None


def _page(engine: Engine, after: int, types: Collection[str]) -> tuple[Sequence[LoggedEvent], int | None]:
    """The next events and the position up to which there are no more of them; None at the end.

    Looks at the log again after the outbox: what left the outbox before it was read is in the log by then.
    """
    with engine.connect().execution_options(**READS) as connection:
        found = _segment_after(connection, after)
        if found is None:
            page = _from_outbox(connection, after, types)
            found = _segment_after(connection, after)
            if found is None:
                return page, page[-1].position if page else None
        packed = packed_segment(connection, found.segment)
    assert packed is not None, "no segment ever goes"
    return unpack(packed)[1], found.last_position


def _segment_after(connection: Connection, after: int) -> SegmentRow | None:
    wanted = select(*_ABOUT).where(event_log.c.last_position > after).order_by(event_log.c.last_position).limit(1)
    found = connection.execute(wanted).one_or_none()
    return SegmentRow(**found._asdict()) if found else None


def _from_outbox(connection: Connection, after: int, types: Collection[str]) -> list[LoggedEvent]:
    wanted = select(*EVENT).where(outbox.c.position > after, IS_EVENT)
    if types:
        wanted = wanted.where(outbox.c.routing_key.in_(sorted(types)))
    return [logged_event(row) for row in connection.execute(wanted.order_by(outbox.c.position).limit(AT_ONCE))]
