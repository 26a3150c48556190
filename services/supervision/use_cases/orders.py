"""What supervision hears of single orders of an issue: they join, leave, and say something else than before."""

from datetime import datetime
from typing import Any

from services.supervision.domain.case import Case
from services.supervision.domain.clock import AWAITING_CALLER
from services.supervision.domain.timeline import entry
from services.supervision.storage.repository import SupervisionStore
from services.supervision.use_cases import cases, clocks, corrections, pending, timeline
from services.supervision.use_cases.incidents import end_incidents, open_incident
from services.supervision.use_cases.reassignments import THE_HOTLINE
from services.supervision.use_cases.timeline import case_of, noted_case
from shared.bus.moment import Moment
from shared.contracts.base import Event
from shared.contracts.dispatch import OrderHandledV1
from shared.contracts.evaluation import CallbackNotAskedV1, IssueEvaluatedV1, OrderEvaluatedV1, RedoOrderedV1
from shared.contracts.intake import ComplaintLinkedV1, ComplaintUnlinkedV1
from shared.contracts.orders import ComplaintAmendedV1, ComplaintHandedOverV1, HandoverFollowedV1, HandoverMissedV1
from shared.contracts.vocabulary import Asker, IncidentKind, Outcome

Handed = ComplaintHandedOverV1 | HandoverFollowedV1


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
        clocks.fit_holder(work, case, at, since=event.linked_at, reason="工单并入", order_no=event.order_no)


def follow_unlink(work: SupervisionStore, event: ComplaintUnlinkedV1, at: Moment) -> None:
    """The order's clock ends here. An issue that began without orders goes on without the one that had joined it."""
    timeline.note(work, event)
    case = work.cases.find_and_lock(event.issue_id)
    if case is None:
        return
    for clock in clocks.resident_clocks(work, case, [event.order_no]):
        clocks.end_dispatch(work, clock, event.reason, at)
    clocks.fit_holder(work, case, at, since=event.unlinked_at, reason="工单移出", order_no=event.order_no)
    cases.settle_class(work, case)
    if case.leave(event.order_no):
        cases.end_if_done(work, case, at)


def await_caller(work: SupervisionStore, event: OrderHandledV1, at: Moment) -> None:
    """Handled alone: the order's clock rests from then on while its caller is asked; its holder's counts for the rest.

    What the clock has said since is taken back.
    """
    case = noted_case(work, event.issue_id, event)
    for clock in clocks.resident_clocks(work, case, [event.order_no]):
        if not case.is_open or clock.is_after(event.handled_at):
            continue
        pending.answer_finally(work, clock, at, since=event.handled_at)
        corrections.rest(work, case, clock, at, since=event.handled_at, reason=AWAITING_CALLER)
    corrections.excuse_for_order(work, case, event, at)
    clocks.fit_holder(work, case, at, since=event.handled_at, reason="工单先行办结", order_no=event.order_no)


def end_order(work: SupervisionStore, event: OrderEvaluatedV1, at: Moment) -> None:
    """What was handled alone ends by what its own caller said."""
    case = noted_case(work, event.issue_id, event)
    clocks.end_orders(work, case, {event.order_no: event.outcome}, at, handled_at=event.handled_at)
    cases.settle_class(work, case)


def are_over(work: SupervisionStore, case: Case, event: IssueEvaluatedV1) -> bool:
    """Whether nobody is left in an open issue to whom anything is owed: each order had ended, or left, before."""
    is_solved = event.outcome is not Outcome.UNSOLVED and not event.newcomers
    ends = (one.is_over and not pending.is_met_by_reply(one) for one in clocks.resident_clocks(work, case))
    return case.is_open and is_solved and all(ends)


def is_alone(work: SupervisionStore, case: Case, event: RedoOrderedV1) -> bool:
    """Whether it is about an order that was handled alone, and not about its issue."""
    own = [one.ledger.current for one in clocks.resident_clocks(work, case, event.order_nos) if one.is_handled_alone]
    return any(event.handled_at is None or event.handled_at <= rest.begins_at for rest in own)


def count_on(work: SupervisionStore, case: Case, event: RedoOrderedV1, at: Moment) -> None:
    """Done again for one order alone, whoever holds the issue by now: of the rest nothing begins by that, or ends.

    Passed over where the issue was handled since. Where it had been just before, it is not any more.
    """
    since, was_handled = event.ordered_at, case.handled_at is not None
    if not case.is_open or (case.handled_at is not None and case.handled_at >= since):
        return
    case.handled_at = None
    clocks.count_on(work, case, event.order_nos, at, since=since)
    if was_handled:
        clocks.resume_holder(work, case, at, since=since)
    clocks.fit_holder(work, case, at, since=since, reason="未解决,重办")


def take_missed_callback(work: SupervisionStore, event: CallbackNotAskedV1, at: Moment) -> None:
    """Nobody asked a caller: an incident for who should have, or for the district, which has the hotline asked."""
    case = noted_case(work, event.issue_id, event)
    is_hotline = event.asker is Asker.HOTLINE
    unit_code = work.units(at.now).district if is_hotline else event.unit_code
    reason = f"到期未回访:工单 {event.order_no} 第 {event.round} 轮,应由{'热线' if is_hotline else '本级'}回访"
    about = f"{event.order_no}/{event.round}"
    open_incident(work, case, reason, at, kind=IncidentKind.NOT_ASKED, unit_code=unit_code, about=about)


def note_amendment(work: SupervisionStore, event: ComplaintAmendedV1, at: Moment) -> None:
    """Who has the issue in hand sees in its timeline that an order of it says something else, or more."""
    facts = {"order_no": event.order_no, "is_supplement": event.is_supplement, "number": event.number}
    _note(work, event.issue_id, event, THE_HOTLINE, event.amended_at, facts)


def note_handover(work: SupervisionStore, event: Handed, at: Moment) -> None:
    """An emergency line has it, and what came of that. Said in the end, though late, it ends the incident."""
    line = event.line.value if event.line is not None else ""
    if isinstance(event, ComplaintHandedOverV1):
        facts = {"order_no": event.order_no, "line": line, "reference": event.reference}
        _note(work, event.issue_id, event, event.handed_by, event.handed_at, facts)
        return
    facts = {"order_no": event.order_no, "line": line, "outcome": event.outcome.value}
    _note(work, event.issue_id, event, event.followed_by, event.followed_at, facts)
    _end_unfollowed(work, event.order_no, at)


def _end_unfollowed(work: SupervisionStore, order_no: str, at: Moment) -> None:
    """The order may have left the issue in which that was opened."""
    opened = {one.issue_id for one in work.incidents.of(about=order_no) if one.is_open}
    work.cases.lock_all(opened)
    for issue_id in sorted(opened):
        case = work.cases.lock(issue_id)
        end_incidents(work, case, IncidentKind.UNFOLLOWED, "已跟进", at, about=order_no)


def take_missed_handover(work: SupervisionStore, event: HandoverMissedV1, at: Moment) -> None:
    """Nobody said what the emergency line did. An order without an issue is on a clerk's list all the same.

    Raises NotYet.
    """
    if not event.issue_id:
        return
    case = case_of(work, event.issue_id, event)
    if case.is_open:
        reason = f"工单 {event.order_no} 移交紧急服务后逾期无人跟进"
        kind, unit = IncidentKind.UNFOLLOWED, event.unit_code
        open_incident(work, case, reason, at, kind=kind, unit_code=unit, about=event.order_no)


def _note(work: SupervisionStore, issue_id: str, event: Event, by: str, at: datetime, facts: dict[str, Any]) -> None:
    if issue_id:
        work.timeline.add(entry(issue_id, at=at, kind=event.wire_type, actor=by, facts=facts))
