"""Extensions 延期: one decision gives order, task and callback more time together, and the caller hears why.

Whoever works on an issue asks, in time; one tier above them and the holder somebody else decides.
"""

from datetime import datetime, timedelta

from services.supervision.domain.case import Case
from services.supervision.domain.clock import Clock, ClockState
from services.supervision.domain.errors import ClockForbids, ExtensionUsedUp
from services.supervision.schemas.requests import AskExtension
from services.supervision.storage.repository import SupervisionStore
from services.supervision.use_cases import asking, clocks
from services.supervision.use_cases.timeline import announce
from shared.bus.moment import Moment
from shared.contracts.requests import Want
from shared.contracts.supervision import IssueExtendedV1, OrderDuePart
from shared.requests.messages import RequestReply, request_reply
from shared.requests.request import Request


def ask_extension(work: SupervisionStore, request: AskExtension, at: Moment) -> RequestReply:
    """Ask in time for more of it. Raises ClockForbids, ExtensionUsedUp, AlreadyAsked."""
    case = asking.case_to_ask_about(work, request.issue_id, at)
    rule = at.policy_in(case.unit_code).extension
    asked = asking.ask(
        work,
        case,
        at,
        wants=Want.EXTENSION,
        asked=request,
        decided_in=asking.unit_above(work, case, rule.approved_tiers_up, at),
        decide_by=before_it_is_over(work, case, at.now + rule.decide_within, at),
    )
    return request_reply(asked)


def before_it_is_over(work: SupervisionStore, case: Case, decide_by: datetime, at: Moment) -> datetime:
    """By when more time is decided: while there is some left. Raises ClockForbids, ExtensionUsedUp."""
    running = _extensible(work, case, at)
    return min([decide_by, *(clock.due_at for clock in running if not clock.is_late)])


def extend(work: SupervisionStore, case: Case, request: Request, at: Moment) -> None:
    """If granted, each order whose limit still runs gets its own again, up to the most; holder and tasks with it."""
    if not request.is_granted:
        return
    rule = at.policy_in(case.unit_code).extension
    by, reason, orders, longest = request.decided_by, request.words, [], timedelta(0)
    for clock in _unhandled(work, case):
        added = rule.granted_for(clock.ledger.budget)
        if clocks.extend(work, clock, at, due_at=clock.runs_until + added, by=by, reason=reason):
            orders.append(
                OrderDuePart(order_no=clock.order_no, dispatch_no=clock.dispatch_no or 1, due_at=clock.due_at)
            )
            longest = max(longest, added)
    clocks.extend_holder(work, case, at, added=longest, by=by, reason=reason)
    event = IssueExtendedV1(
        request_id=request.id,
        issue_id=case.issue_id,
        unit_code=case.unit_code,
        orders=orders,
        added_seconds=int(longest.total_seconds()),
        reason=request.reason,
        words=reason,
        extended_by=by,
        extended_at=at.now,
    )
    announce(work, event, at)


def _unhandled(work: SupervisionStore, case: Case) -> list[Clock]:
    """The residents' clocks but those of orders that were handled alone: their callers are asked by what they had."""
    return [one for one in clocks.resident_clocks(work, case) if not one.is_handled_alone]


def _extensible(work: SupervisionStore, case: Case, at: Moment) -> list[Clock]:
    """The residents' clocks that still run."""
    granted = [one for one in asking.requests_of(work, case) if one.wants is Want.EXTENSION and one.is_granted]
    if len(granted) >= at.policy_in(case.unit_code).extension.times:
        already = ", ".join(one.id for one in granted) or "the policy grants none"
        raise ExtensionUsedUp(f"{case.issue_id} was extended as often as the policy allows: {already}")
    running = (ClockState.COUNTING, ClockState.PAUSED)
    found = [one for one in _unhandled(work, case) if one.state in running]
    if case.handled_at is not None or not found:
        why = "is handled" if case.handled_at is not None else "has no limit that still runs"
        raise ClockForbids(f"{case.issue_id} {why} and can't be extended: ask before the limit is over")
    return found
