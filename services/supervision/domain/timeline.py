"""The timeline of a case: everything that was heard or done, with actor and instant. Entries are only ever added.

An entry's key comes from its content, so that hearing the same twice leaves one entry.
"""

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from shared.contracts.base import Event, instant_field

SERVICE = "supervision"
"""The actor of what the clocks and rules bring about by themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """Something that happened at `at`. `kind` is the type of the event, or a word of supervision's own."""

    key: str
    issue_id: str
    at: datetime
    kind: str
    actor: str
    unit_code: str
    facts: dict[str, Any]


def entry(
    issue_id: str, *, at: datetime, kind: str, actor: str, unit_code: str = "", facts: dict[str, Any]
) -> TimelineEntry:
    """`facts` are plain JSON values."""
    content = json.dumps([issue_id, at.isoformat(), kind, actor, unit_code, facts], sort_keys=True)
    key = hashlib.sha256(content.encode()).hexdigest()[:40]
    return TimelineEntry(key=key, issue_id=issue_id, at=at, kind=kind, actor=actor, unit_code=unit_code, facts=facts)


def entry_of(event: Event) -> TimelineEntry:
    """What an event leaves in the timeline: its plain fields; of a list only how many there are."""
    shape = _shape(type(event))  # type: ignore[arg-type]
    facts = {name: _plain(getattr(event, name)) for name in shape.facts}
    return entry(
        event.subject,
        at=getattr(event, shape.instant),
        kind=event.wire_type,
        actor=getattr(event, shape.actor) if shape.actor else event.publisher,
        unit_code=getattr(event, "unit_code", ""),
        facts=facts,
    )


class _Shape(NamedTuple):
    instant: str
    actor: str
    facts: tuple[str, ...]


@cache
def _shape(contract: type[Event]) -> _Shape:
    """Contracts put who did it last among those of its kind, as their own instant."""
    names = [field.name for field in dataclasses.fields(contract)]  # type: ignore[arg-type]
    instant = instant_field(contract)  # type: ignore[arg-type]
    actor = next((name for name in reversed(names) if name.endswith("_by")), "")
    told = {instant, actor, "issue_id", "unit_code"}
    return _Shape(instant, actor, tuple(name for name in names if name not in told))


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return len(value) if isinstance(value, list) else value
