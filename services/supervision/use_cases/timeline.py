"""How supervision speaks: every event it announces is in the timeline too, and so is why nothing happened."""

from services.supervision.domain.case import Case
from services.supervision.domain.timeline import SERVICE, entry, entry_of
from services.supervision.storage.repository import SupervisionStore
from shared.bus.inbox.reading import NotYet
from shared.bus.moment import Moment
from shared.contracts import Event


def announce(work: SupervisionStore, event: Event, at: Moment) -> None:
    work.outbox.add(event, at=at.now)
    work.timeline.add(entry_of(event))


def note(work: SupervisionStore, event: Event) -> None:
    """Keep in the timeline what another service told. Needs no case: news may come before it."""
    work.timeline.add(entry_of(event))


def noted_case(work: SupervisionStore, issue_id: str, event: Event) -> Case:
    """The case of an event that changes it, with the event in its timeline. Raises NotYet, having changed nothing."""
    case = case_of(work, issue_id, event)
    note(work, event)
    return case


def case_of(work: SupervisionStore, issue_id: str, event: Event) -> Case:
    """The same of an event that is not kept there."""
    case = work.cases.find_and_lock(issue_id)
    if case is None:
        raise NotYet(f"{event.wire_type} came before the issue {issue_id}")
    return case


def say_why_not(work: SupervisionStore, case: Case, what: str, why: str, at: Moment) -> None:
    """Nothing was done that might have been expected, and this is the reason."""
    said = entry(
        case.issue_id, at=at.now, kind=f"not_{what}", actor=SERVICE, unit_code=case.unit_code, facts={"why": why}
    )
    work.timeline.add(said)
