"""What dispatch hears of single orders of an issue: they join, leave, or are sent out again."""

from services.dispatch.domain.issue import IssueState
from services.dispatch.storage.repository import DispatchStore
from services.dispatch.use_cases.assignments import work_for
from services.dispatch.use_cases.hands import known
from services.dispatch.use_cases.telling import tell_corrected, tell_handled, tell_withdrawn
from shared.bus.moment import Moment
from shared.contracts.intake import ComplaintLinkedV1, ComplaintUnlinkedV1
from shared.contracts.orders import ComplaintRedispatchedV1


def work_on_newcomer(work: DispatchStore, event: ComplaintLinkedV1, at: Moment) -> None:
    """An order that joins a handled issue gets work of its own; while somebody is at work it is done with the rest.

    What others have for themselves is not work for it.
    An urgent one gets it at once, whatever the issue is waiting for, and shares it where it is there already.
    """
    issue = known(work, event.issue_id)
    came_after = issue.handled_at is not None and event.linked_at > issue.handled_at
    is_open = issue.state is IssueState.OPEN
    is_looked_after = is_open and (issue.is_at_work or issue.is_awaiting_resolution)
    needs_work = (is_open and event.sla_class.is_urgent) or (came_after and not is_looked_after)
    if issue.state is IssueState.CLOSED or not needs_work:
        return
    if issue.hears(f"joined {event.order_no} {event.linked_at.isoformat()}"):
        work_for(work, issue, event, at)


def leave_issue(work: DispatchStore, event: ComplaintUnlinkedV1, at: Moment) -> None:
    """What was to be done for it alone is withdrawn. Where nothing else is to be done, the issue is handled by that.

    Or it still is, where it was when the order joined.
    """
    issue = known(work, event.issue_id)
    if issue.state is IssueState.CLOSED or not issue.hears(f"left {event.order_no} {event.unlinked_at.isoformat()}"):
        return
    ended = issue.let_go(event.order_no, event.reason)
    tell_withdrawn(work, ended, at)
    result = issue.settle(at.now) if ended else None
    if result is not None:
        tell_handled(work, issue, result, at)
    elif ended:
        issue.settle_as_before()


def follow_redispatch(work: DispatchStore, event: ComplaintRedispatchedV1, at: Moment) -> None:
    """To the same unit by another limit: what is open is due by it, and what was handled is worked on anew.

    Of an order with work of its own that alone. To another unit it moves when supervision says so.
    """
    issue = known(work, event.issue_id)
    if event.from_unit != event.to_unit or issue.state is IssueState.CLOSED:
        return
    if not issue.hears(f"redispatched {event.order_no} {event.dispatch_no}"):
        return
    own = issue.alone_for(event.order_no)
    is_in_hand = any(task.is_open for task in own)
    is_handled = issue.state is IssueState.HANDLED or (own and not is_in_hand)
    if not is_handled:
        alone = [task for task in own if task.order_nos == [event.order_no] or event.due_at < task.due_at]
        tell_corrected(work, alone if own else issue.due_with_orders, event, at)
    if is_handled or (event.sla_class.is_urgent and not is_in_hand):
        work_for(work, issue, event, at)
