"""What dispatch hears: an issue gets its tasks, moves on to another unit, and ends.

An issue remembers what it heard, so that what comes twice has its effect once. What comes from or is for a unit that
has ended is for whoever holds now what that unit held.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import timedelta

from services.dispatch.domain.issue import Issue, IssueState
from services.dispatch.domain.task import Task, orders_of, urgent_of
from services.dispatch.schemas.requests import TakeOverTask
from services.dispatch.storage.repository import DispatchStore
from services.dispatch.use_cases.assignments import (
    Joining,
    assign_anew,
    assign_instead,
    assign_lead,
    assign_resolved,
    due_with,
    of_task,
    pass_on,
)
from services.dispatch.use_cases.hands import known
from services.dispatch.use_cases.telling import tell_corrected, tell_handled, tell_withdrawn
from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.contracts.base import Subject
from shared.contracts.deliberation import ResolutionAdoptedV1, ResolutionReviewedV1
from shared.contracts.dispatch import TaskExtendedV1, TaskMovedUpV1
from shared.contracts.evaluation import RedoOrderedV1
from shared.contracts.intake import (
    IssueListedV1,
    IssuePlacedV1,
    IssueRaisedV1,
    WordingConfirmedV1,
)
from shared.contracts.supervision import (
    EscalationUndoneV1,
    IssueClosedV1,
    IssueEscalatedV1,
    IssueExtendedV1,
    IssuePendedV1,
    IssueReassignedV1,
    IssueReopenedV1,
    IssueReturnedDownV1,
)
from shared.contracts.vocabulary import EscalationReason, Review, Route, TaskOrigin
from shared.directory.copy import NotTold
from shared.directory.dated import DatedUnits
from shared.directory.ending import UNIT_END, heirs_of
from shared.requests.messages import DecideRequest

Moved = IssueEscalatedV1 | IssueReturnedDownV1 | IssueReopenedV1
MOST_AT_ONCE = 500
"""Issues that leave a unit that has ended, in one transaction."""


def prepare(work: DispatchStore, subjects: Sequence[Subject | Due], at: Moment) -> None:
    """Lock the issues of a batch and read their tasks, in a query each; and who may get what it will assign."""
    ended = heirs_of(work, [one for one in subjects if isinstance(one, Due)], at)
    left = work.issues.ids_left_in(ended, MOST_AT_ONCE) if ended else ()
    work.issues.lock_all({*left, *(one.subject for one in subjects if not isinstance(one, Due))})
    places = [place for one in subjects if (place := _place_of(work, one)) is not None]
    with suppress(NotTold):  # whatever needs it says so by itself
        if places:
            work.load_rosters(places, at.now)


def open_issue(work: DispatchStore, event: IssueRaisedV1, at: Moment) -> None:
    """To be handled: its first task is assigned. To be deliberated: it waits for a resolution."""
    if work.issues.find_and_lock(event.issue_id) is not None:
        return
    issue = Issue(
        id=event.issue_id,
        unit_code=work.units(at.now).heir_of(event.unit_code),
        category=event.category,
        title=event.title,
        sla_class=event.sla_class,
        raised_at=event.raised_at,
        due_at=event.due_at,
        respondents=event.respondents,
        publicity=event.publicity,
    )
    work.issues.add(issue)
    if event.route is Route.HANDLE:
        assign_lead(work, issue, at, origin=TaskOrigin.COMPLAINT, due_at=due_with(event, at))
    else:
        issue.await_resolution()


def await_resolution(work: DispatchStore, event: IssueListedV1, at: Moment) -> None:
    """The issue is on a deliberation list. A list it has climbed past since is none of its business any more."""
    issue = known(work, event.issue_id)
    units = work.units(at.now)
    listed_in = units.heir_of(event.unit_code)
    is_below = listed_in != issue.unit_code and units.is_within(listed_in, issue.unit_code)
    if not issue.hears(f"listed {event.unit_code} {event.listed_at.isoformat()}"):
        return
    if not is_below and issue.state is not IssueState.CLOSED:
        issue.await_resolution()


def carry_out_resolution(work: DispatchStore, event: ResolutionAdoptedV1, at: Moment) -> None:
    """A task for each the resolution names, or none where all stays as it is.

    It holds for the holder, also if the issue has climbed meanwhile.
    """
    issue = known(work, event.issue_id)
    if not issue.hears(event.resolution_id) or issue.state is IssueState.CLOSED:
        return
    if event.leaves_as_is:
        _leave_as_it_is(work, issue, event, at)
        return
    issue.is_awaiting_resolution = False
    if not event.tasks:
        due_at = event.adopted_at + at.policy.sla.limit(issue.sla_class)
        assign_lead(work, issue, at, origin=TaskOrigin.RESOLUTION, due_at=due_at, what=event.motion)
    for resolved in event.tasks:
        assign_resolved(work, issue, resolved, at, by=event)


def give_up_resolution(work: DispatchStore, event: ResolutionReviewedV1, at: Moment) -> None:
    """What was resolved is no more: its open tasks are withdrawn, and the issue waits for what is resolved instead."""
    issue = known(work, event.issue_id)
    if event.review is Review.STANDS or issue.state is IssueState.CLOSED:
        return
    if issue.hears(f"{event.review} {event.resolution_id}"):
        why = f"决议 {event.resolution_id} 已{'转报上级' if event.review is Review.REFERRED else '退回重议'}"
        tell_withdrawn(work, issue.give_up_resolution(event.resolution_id, why), at)


def do_again(work: DispatchStore, event: RedoOrderedV1, at: Moment) -> None:
    """The same department once more, and once for whoever finds the same handling wanting.

    Passed over where another unit took over since and is at work already, but not for an order that was answered alone.
    """
    issue = known(work, event.issue_id)
    wanting = event.handled_at or event.ordered_at
    own = issue.accepted_alone(wanting)
    alone = sorted({*orders_of(own)} & {*event.order_nos})
    if not issue.hears(" ".join(["redo", wanting.isoformat(), *alone])) or issue.state is IssueState.CLOSED:
        return
    ordered_in = work.units(at.now).heir_of(event.unit_code)
    is_in_other_hands = ordered_in != issue.unit_code and (issue.is_at_work or issue.is_awaiting_resolution)
    if is_in_other_hands and not alone:
        return
    sla_class = own[0].sla_class if alone else None
    assign_lead(
        work,
        issue,
        at,
        origin=TaskOrigin.REDO,
        due_at=event.due_at,
        sla_class=sla_class,
        order_nos=alone,
        is_alone=bool(alone),
    )


def move_issue(work: DispatchStore, event: Moved, at: Moment) -> None:
    """Another unit holds the issue, and tasks go on under it; where nobody is at work the holder gets one.

    It also gets one for each order whose own was given up; where the rest is to be deliberated, if it is urgent. What
    was handled before the move was heard stands: a clock throws nobody's work away.
    """
    issue = known(work, event.issue_id)
    if not issue.hears(_cause_of(event)):
        return
    units = work.units(at.now)
    issue.move_to(units.heir_of(event.to_unit), due_at=event.due_at)
    begins_anew = _begins_anew(event, issue)
    if issue.state is IssueState.HANDLED and not begins_anew:
        return
    given_up = issue.give_up(lambda task: _gives_up(event, task.unit_code, units))
    _tell_given_up(work, given_up, at)
    own = [task for task in given_up if task.is_alone]
    if event.route is Route.DELIBERATE:
        issue.await_resolution()
        own = urgent_of(given_up)
    else:
        issue.is_awaiting_resolution = False
        if begins_anew or not issue.is_at_work:
            rest = [task for task in given_up if not task.is_alone]
            assign_instead(work, issue, rest, at, origin=TaskOrigin.ESCALATION, due_at=event.due_at)
    assign_anew(work, issue, own, at, origin=TaskOrigin.ESCALATION)


def take_wording(work: DispatchStore, event: WordingConfirmedV1, at: Moment) -> None:
    """A clerk confirmed the words by which it is spoken of."""
    known(work, event.issue_id).word(event.title, event.publicity)


def reassign_issue(work: DispatchStore, event: IssueReassignedV1, at: Moment) -> None:
    """Corrected: tasks in wrong hands are withdrawn, and the right ones get one; of another class it is due then."""
    issue = known(work, event.issue_id)
    if not issue.hears(f"reassigned {event.reassigned_at.isoformat()}") or issue.state is IssueState.CLOSED:
        return
    unit = work.units(at.now).heir_of(event.to_unit)
    issue.respondents, issue.due_at = event.respondents, event.due_at
    if not issue.correct(unit, event.category, event.title, event.sla_class):
        tell_corrected(work, issue.due_with_orders, event, at)
        if issue.is_awaiting_resolution and event.route is Route.HANDLE:  # it is urgent, as it turned out
            issue.is_awaiting_resolution = False
            assign_lead(work, issue, at, origin=TaskOrigin.COMPLAINT, due_at=event.due_at)
        return
    withdrawn = issue.withdraw_tasks(unit, event.reason)
    tell_withdrawn(work, withdrawn, at)
    issue.is_awaiting_resolution = event.route is Route.DELIBERATE
    if issue.is_awaiting_resolution:
        withdrawn = urgent_of(withdrawn)
    if withdrawn or event.route is Route.HANDLE:
        assign_instead(work, issue, withdrawn, at, origin=TaskOrigin.COMPLAINT, due_at=event.due_at)


def undo_escalation(work: DispatchStore, event: EscalationUndoneV1, at: Moment) -> None:
    """It had been handled in time and never should have climbed: as it is, it is back where it was."""
    issue = known(work, event.issue_id)
    if issue.hears(f"undone {event.escalation_id}"):
        issue.move_to(work.units(at.now).heir_of(event.to_unit), due_at=issue.due_at)


def extend_tasks(work: DispatchStore, event: IssueExtendedV1, at: Moment) -> None:
    """The issue was given more time, and with it every task that is not done; none more than its own limit again."""
    issue = known(work, event.issue_id)
    if not issue.hears(f"extended {event.request_id}"):
        return
    for task in issue.open_tasks:
        if task.extend(timedelta(seconds=event.added_seconds)):
            _tell_extended(work, task, at, reason=event.words, by=event.extended_by)


def postpone_tasks(work: DispatchStore, event: IssuePendedV1, at: Moment) -> None:
    """The issue is on the pending list: what is not done is due when that is reviewed, but not an urgent order's own.

    Told again for an order that joined it, nothing moves.
    """
    issue = known(work, event.issue_id)
    if not issue.hears(f"pended {event.request_id}") and event.order_nos:
        return
    for task in issue.open_tasks:
        can_wait = not (task.is_alone and task.sla_class.is_urgent)
        if can_wait and task.postpone(event.review_at):
            _tell_extended(work, task, at, reason=event.plan, by=event.approved_by)


def close_issue(work: DispatchStore, event: IssueClosedV1, at: Moment) -> None:
    issue = known(work, event.issue_id)
    if issue.hears(f"closed {event.closed_at.isoformat()}"):
        issue.close()


def leave_ended_unit(work: DispatchStore, due: Due, at: Moment) -> None:
    """A unit has ended: what is open there goes to what came after it. So many at once, then the rest."""
    heir = heirs_of(work, [due], at).get(due.ref)
    if heir is None:
        return
    left = work.issues.ids_left_in([due.ref], MOST_AT_ONCE)
    work.issues.lock_all(left)
    for issue_id in left:
        _leave(work, work.issues.lock(issue_id), due.ref, heir, at)
    if len(left) == MOST_AT_ONCE:
        work.timers.set(UNIT_END, due.ref, at.now, subject=due.ref)


def follow_placing(work: DispatchStore, event: IssuePlacedV1, at: Moment) -> None:
    """The unit was split: what is open there goes to the part in which it lies."""
    _leave(work, known(work, event.issue_id), event.from_unit, event.to_unit, at)


def _leave(work: DispatchStore, issue: Issue, unit_code: str, heir: str, at: Moment) -> None:
    if issue.unit_code == unit_code:
        issue.unit_code = heir
    for task in issue.open_tasks:
        if task.unit_code == unit_code:
            pass_on(work, issue, task, heir, at)


def _leave_as_it_is(work: DispatchStore, issue: Issue, event: ResolutionAdoptedV1, at: Moment) -> None:
    result = f"经协商,维持现状:{event.motion}"
    if issue.leave_as_it_is(result, at.now):
        tell_handled(work, issue, result, at)


def _begins_anew(event: Moved, issue: Issue) -> bool:
    """Whether what was done is not enough, so that the holder needs work of its own whoever else is at work."""
    if isinstance(event, IssueEscalatedV1):
        return event.was_handled
    return isinstance(event, IssueReopenedV1) or issue.state is IssueState.HANDLED


def _gives_up(event: Moved, unit_code: str, units: DatedUnits) -> bool:
    """Whether unfinished work of a unit ends with the move: who says that it can't do it, or gives the issue back,
    gives up its own; a clock ends nobody's.
    """
    if isinstance(event, IssueReopenedV1):
        return True
    mover = units.heir_of(event.from_unit)
    if isinstance(event, IssueReturnedDownV1):
        return unit_code == mover
    return event.reason is not EscalationReason.UNRESOLVED and units.is_within(unit_code, mover)


def _tell_given_up(work: DispatchStore, ended: Iterable[Task], at: Moment) -> None:
    for task in ended:
        event = TaskMovedUpV1(**of_task(task), moved_up_at=at.now)
        work.outbox.add(event, at=at.now)


def _tell_extended(work: DispatchStore, task: Task, at: Moment, *, reason: str, by: str) -> None:
    told = TaskExtendedV1(**of_task(task), reason=reason, approved_by=by, due_at=task.due_at, extended_at=at.now)
    work.outbox.add(told, at=at.now)


def _cause_of(event: Moved) -> str:
    if isinstance(event, IssueEscalatedV1):
        return event.escalation_id
    if isinstance(event, IssueReturnedDownV1):
        return f"down {event.to_unit} {event.returned_at.isoformat()}"
    return f"reopened {event.to_unit} {event.reopened_at.isoformat()}"


def _place_of(work: DispatchStore, one: Subject | Due) -> tuple[str, str] | None:
    """Where, and in which category, this is going to give somebody a task; None if it is not."""
    if isinstance(one, IssueRaisedV1):
        return (one.unit_code, one.category) if one.route is Route.HANDLE else None
    if isinstance(one, Moved | IssueReassignedV1):
        return (one.to_unit, one.category) if one.route is Route.HANDLE else None
    if isinstance(one, ResolutionAdoptedV1 | RedoOrderedV1 | DecideRequest | TakeOverTask | Joining):
        issue = work.issues.find(one.subject)
        is_slow = isinstance(one, Joining) and not one.sla_class.is_urgent
        if is_slow and (issue is None or issue.state is not IssueState.HANDLED):
            return None
        return (issue.unit_code, issue.category) if issue is not None else None
    return None
