"""How supervision speaks: every event it announces is in the timeline too, and so is why nothing happened."""

from datetime import datetime
from typing import Any

from services.supervision.domain.case import Case
from services.supervision.domain.timeline import SERVICE, entry, entry_of
from shared.bus import NotYet
from shared.contracts import Event


def announce(work: Any, event: Event, *, now: datetime) -> None:
    work.outbox.add(event, at=now)
    work.timeline.add(entry_of(event))


def note(work: Any, event: Event) -> None:
    """Keep in the timeline what another service told. Needs no case: news may come before it."""
    work.timeline.add(entry_of(event))


def say_why_not(work: Any, case: Case, what: str, why: str, *, now: datetime) -> None:
    """Nothing was done that might have been expected, and this is the reason."""
    work.timeline.add(
        entry(case.issue_id, at=now, kind=f"not_{what}", actor=SERVICE, unit_code=case.unit_code, facts={"why": why})
    )


def noted_case(work: Any, event: Any) -> Case:
    """The case of an event that changes it, with the event in its timeline. Raises NotYet, having changed nothing."""
    case: Case | None = work.cases.find(event.issue_id)
    if case is None:
        raise NotYet(f"{event.wire_type} came before the issue {event.issue_id}")
    note(work, event)
    return case
