"""The hotline sends an order out again 再次派单: to another unit, by another limit, or both.

The dispatch before has ended by that, with its clock and its charge. An order that shares its issue leaves it for
another unit; one that has an issue to itself takes it along, with its whole file.
"""

from services.intake.domain.complaint import Complaint, Dispatch
from services.intake.domain.history import THE_HOTLINE, Decided, entry_on
from services.intake.domain.issue import Issue
from services.intake.domain.place import Located
from services.intake.domain.respondent import as_lines
from services.intake.storage.repository import IntakeStore
from services.intake.use_cases.groups import take_up
from services.intake.use_cases.links import leave_issue, move_out, set_right
from services.intake.use_cases.respondents import against
from services.intake.use_cases.settling import end_waiting, wait_for_clerk
from services.intake.use_cases.updates import in_hand, take_down
from shared.bus.moment import Moment
from shared.contracts.hotline import OrderRedispatchedV1
from shared.contracts.intake import ComplaintReinstatedV1
from shared.contracts.orders import ComplaintRedispatchedV1
from shared.contracts.vocabulary import DispatchKind

REASON = "热线再次派单"


def redispatch(work: IntakeStore, event: OrderRedispatchedV1, at: Moment) -> None:
    """Whatever had become of it, it is in hand by that, or waits for a clerk where only one can say for which unit.

    Of several matters those go to that unit that have not ended, or all if all have; the number of one names it alone.
    """
    complaint = take_down(work, event, at)
    if complaint is not None:
        for matter in in_hand(work, complaint) or work.complaints.matters_of(complaint):
            _dispatch(work, matter, event, at)


def _dispatch(work: IntakeStore, complaint: Complaint, event: OrderRedispatchedV1, at: Moment) -> None:
    from_unit = work.units(at.now).heir_of(complaint.unit_code)
    located = _located(work, event, from_unit, at)
    issue = work.issues.find_and_lock(complaint.issue_id) if complaint.is_linked else None
    _note(work, complaint, event, located, at)
    if (waiting := work.unsettled.find_and_lock(complaint.order_no)) is not None and waiting.is_open:
        end_waiting(work, waiting, at)
    if located.doubt is not None:
        _leave_to_clerk(work, complaint, located, issue, at)
        return
    issue = _taken_up(work, complaint, issue, complaint.unit_code != from_unit, at)
    for urging in work.complaints.of(first_order_no=complaint.order_no):
        urging.issue_id = issue.id
    work.outbox.add(_redispatched(complaint, issue, from_unit, at), at=at.now)


def _located(work: IntakeStore, event: OrderRedispatchedV1, from_unit: str, at: Moment) -> Located:
    """Where it is sent; where nothing is named, to the unit that has it."""
    if not event.place.unit_codes and not event.place.address:
        return Located(from_unit, is_clear=True)
    return work.reader(at.now).locate(event.place.unit_codes, event.place.address)


def _note(work: IntakeStore, complaint: Complaint, event: OrderRedispatchedV1, located: Located, at: Moment) -> None:
    before, sla_class = _facts(complaint), event.sla_class or complaint.sla_class
    given_kind = DispatchKind.DIRECT if located.is_clear else DispatchKind.RELAYED
    dispatch = Dispatch(
        event.dispatch_no,
        event.dispatch_kind or given_kind,
        sla_class,
        event.dispatched_at,
        event.due_at or event.dispatched_at + at.policy.sla.limit(sla_class),
        event.due_at is not None,
    )
    named = against(work, complaint, located.unit_code, at)
    complaint.redispatch(dispatch, named.unit_code, at=at.now)
    complaint.respondents = as_lines(named.respondents)
    complaint.title = work.wording(complaint.category, complaint.unit_code, at.now)
    reason, after = event.reason, _facts(complaint)
    entry = entry_on(
        complaint, Decided.REDISPATCHED, reason=reason, by=THE_HOTLINE, at=at.now, before=before, after=after
    )
    work.history.add(entry)


def _facts(complaint: Complaint) -> dict[str, str]:
    return {
        "dispatch_no": str(complaint.dispatch_no),
        "unit_code": complaint.unit_code,
        "dispatch_kind": complaint.dispatch_kind.value,
        "dispatched_at": complaint.dispatched_at.isoformat(),
        "due_at": complaint.due_at.isoformat(),
    }


def _leave_to_clerk(work: IntakeStore, complaint: Complaint, located: Located, issue: Issue | None, at: Moment) -> None:
    if issue is not None:
        if issue.is_open:
            leave_issue(work, complaint, REASON, at, by=THE_HOTLINE)
        complaint.end_as(complaint.state)
    told = ComplaintReinstatedV1(
        order_no=complaint.order_no,
        unit_code=complaint.unit_code,
        dispatched_at=complaint.dispatched_at,
        due_at=complaint.due_at,
        settles_at=wait_for_clerk(work, complaint, located, at),
        reason=REASON,
        reinstated_by=THE_HOTLINE,
        reinstated_at=at.now,
    )
    work.outbox.add(told, at=at.now)


def _taken_up(work: IntakeStore, complaint: Complaint, issue: Issue | None, is_elsewhere: bool, at: Moment) -> Issue:
    """The issue to which it belongs from now on."""
    if issue is None:
        take_up(work, complaint, work.gist_of(complaint), at, by=THE_HOTLINE)
        return work.issues.lock(complaint.issue_id)
    is_shared = len(work.complaints.linked_to(issue.id)) > 1 or not issue.first_order_no
    if not issue.is_open or (is_elsewhere and is_shared):
        return move_out(work, complaint, issue, REASON, at, by=THE_HOTLINE)
    if not is_shared:
        set_right(work, issue, complaint, issue.route, at)
    return issue


def _redispatched(complaint: Complaint, issue: Issue, from_unit: str, at: Moment) -> ComplaintRedispatchedV1:
    return ComplaintRedispatchedV1(
        order_no=complaint.order_no,
        dispatch_no=complaint.dispatch_no,
        issue_id=issue.id,
        from_unit=from_unit,
        to_unit=complaint.unit_code,
        category=complaint.category,
        sla_class=complaint.sla_class,
        dispatch_kind=complaint.dispatch_kind,
        title=issue.title,
        respondents=issue.against,
        route=issue.route,
        reason=REASON,
        dispatched_at=complaint.dispatched_at,
        due_at=complaint.due_at,
        redispatched_at=at.now,
    )
