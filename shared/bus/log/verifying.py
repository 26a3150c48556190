"""Whether an event log is whole: no segment missing, changed, or out of its place; no event twice."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import Engine, select

from shared.bus.log.reading import SegmentRow, packed_segment, segments_of
from shared.bus.log.rows import IS_EVENT, outbox
from shared.bus.log.segment import BEFORE_THE_FIRST, BrokenSegment, unpack
from shared.storage.engine import READS


@dataclass(frozen=True)
class LogFault:
    """Something that is wrong with a log; `segment` is 0 where it concerns none."""

    service: str
    segment: int
    what: str


def verify_log(service: str, engine: Engine, seen: Callable[[], None] = lambda: None) -> list[LogFault]:
    """Every fault of a service's log. `seen` is called after each segment."""
    faults: list[LogFault] = []
    number, position, sha256 = 0, 0, BEFORE_THE_FIRST
    for row in segments_of(engine):
        found = []
        if row.segment != number + 1:
            found.append(f"it follows segment {number}: what lies between is missing")
        elif row.previous_sha256 != sha256:
            found.append("it does not name the hash of the segment before")
        if row.first_position <= position:
            found.append(f"it begins at position {row.first_position}, and the one before ends at {position}")
        found += _inside(service, engine, row)
        faults += [LogFault(service, row.segment, what) for what in found]
        number, position, sha256 = row.segment, row.last_position, row.sha256
        seen()
    faults += [LogFault(service, 0, what) for what in _twice(engine, position)]
    return faults


def _inside(service: str, engine: Engine, row: SegmentRow) -> list[str]:
    with engine.connect().execution_options(**READS) as connection:
        packed = packed_segment(connection, row.segment)
    if packed is None:
        return ["it is gone"]
    try:
        head, events = unpack(packed)
    except BrokenSegment as broken:
        return [str(broken)]
    positions = [event.position for event in events]
    said = (head.service, head.segment, head.previous_sha256, head.events, positions[0], positions[-1])
    kept = (service, row.segment, row.previous_sha256, row.events, row.first_position, row.last_position)
    faults = [] if said == kept else ["the table says other things of it than its content"]
    if any(later <= earlier for earlier, later in pairwise(positions)):
        faults.append("its events are not in their order")
    return faults


def _twice(engine: Engine, last_position: int) -> list[str]:
    """Rows that are in the log and were left in the outbox, too."""
    wanted = select(outbox.c.position).where(outbox.c.position <= last_position, IS_EVENT).limit(1)
    with engine.connect().execution_options(**READS) as connection:
        found = connection.scalar(wanted)
    return [] if found is None else [f"the event at position {found} of the outbox is older than the log's end"]
