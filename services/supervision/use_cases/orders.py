"""What supervision hears of single orders of an issue: they join, leave, and say something else than before."""

from services.supervision.domain.timeline import entry
from services.supervision.storage.repository import SupervisionStore
from services.supervision.use_cases import cases, clocks, pending, timeline
from services.supervision.use_cases.reassignments import THE_HOTLINE
from shared.bus.moment import Moment
from shared.contracts.intake import ComplaintLinkedV1, ComplaintUnlinkedV1
from shared.contracts.orders import ComplaintAmendedV1


def follow_link(work: SupervisionStore, event: ComplaintLinkedV1, at: Moment) -> None:
    """The order's own clock counts here too, from its dispatch. The issue concerns its unit as well."""
    timeline.note(work, event)
    case = work.cases.find_and_lock(event.issue_id)
    if case is None:
        return
    case.concerns(event.dispatched_to or event.unit_code)
    case.join(event.order_no)
    if case.is_open and not clocks.resident_clocks(work, case, [event.order_no]):
        clocks.start_resident_clock(work, case, event, at)
        cases.raise_class(work, case, event, at)
        pending.answer_newcomer(work, case, event, at)


def follow_unlink(work: SupervisionStore, event: ComplaintUnlinkedV1, at: Moment) -> None:
    """The order's clock ends here. An issue that began without orders goes on without the one that had joined it."""
    timeline.note(work, event)
    case = work.cases.find_and_lock(event.issue_id)
    if case is None:
        return
    for clock in clocks.resident_clocks(work, case, [event.order_no]):
        clocks.end_dispatch(work, clock, event.reason, at)
    cases.settle_class(work, case)
    if case.leave(event.order_no):
        cases.end_if_done(work, case, at)


def note_amendment(work: SupervisionStore, event: ComplaintAmendedV1, at: Moment) -> None:
    """Who has the issue in hand sees in its timeline that an order of it says something else, or more."""
    if event.issue_id:
        facts = {"order_no": event.order_no, "is_supplement": event.is_supplement, "number": event.number}
        said = entry(event.issue_id, at=event.amended_at, kind=event.wire_type, actor=THE_HOTLINE, facts=facts)
        work.timeline.add(said)
