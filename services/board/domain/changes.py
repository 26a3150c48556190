"""What each event changes in what the board knows of an issue, beside that it is in its story.

An event that is not named here changes nothing but the story and the instant of the last change.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from services.board.domain import clocks, people
from services.board.domain.issue import Issue
from services.board.domain.words import Stage
from shared.contracts import alarms, deliberation, dispatch, evaluation, intake, orders, supervision
from shared.contracts.base import Event
from shared.contracts.vocabulary import ClockKind


def raise_issue(issue: Issue, event: intake.IssueRaisedV1) -> None:
    issue.is_raised, issue.raised_at = True, event.raised_at
    issue.title, issue.category, issue.publicity = event.title, event.category, event.publicity
    issue.request_kind, issue.raised_class = event.request_kind, event.sla_class
    issue.origin, issue.proposed_by, issue.origin_unit = event.origin, event.proposed_by, event.unit_code
    issue.begin(Stage.COLLECT, event.raised_at)


def word(issue: Issue, event: intake.WordingConfirmedV1) -> None:
    issue.title, issue.category, issue.publicity = event.title, event.category, event.publicity


def list_issue(issue: Issue, event: intake.IssueListedV1) -> None:
    issue.title, issue.publicity, issue.listed_at = event.title, event.publicity, event.listed_at
    issue.begin(Stage.DELIBERATE, event.listed_at)


def correct(issue: Issue, event: intake.ComplaintCorrectedV1 | orders.ComplaintRedispatchedV1) -> None:
    """Its only order is for another unit, or about something else; of several orders the others keep it as it is."""
    if isinstance(event, intake.ComplaintCorrectedV1) or list(issue.orders) == [event.order_no]:
        issue.title, issue.category = event.title, event.category
    known = issue.orders.get(event.order_no, {})
    issue.orders = issue.orders | {event.order_no: known | {"class": event.sla_class.value}}


def link(issue: Issue, event: intake.ComplaintLinkedV1) -> None:
    issue.orders = people.link(issue.orders, event)


def unlink(issue: Issue, event: intake.ComplaintUnlinkedV1) -> None:
    issue.orders = people.unlink(issue.orders, event)


def verify(issue: Issue, event: intake.SignaturesVerifiedV1) -> None:
    issue.orders = people.verify(issue.orders, event)


def close_order(issue: Issue, event: intake.ComplaintClosedV1) -> None:
    issue.orders = people.close(issue.orders, event)


def count_time(issue: Issue, event: clocks.Told) -> None:
    """A new clock of a tier is the holder's, who has held it since then."""
    issue.clocks = clocks.take(issue.clocks, event)
    if isinstance(event, supervision.ClockStartedV1) and event.kind is ClockKind.TIER:
        issue.held_by, issue.held_at = event.unit_code, event.started_at
    elif isinstance(event, supervision.ClockWarnedV1):
        issue.begin(Stage.SUPERVISE, event.warned_at)
    elif isinstance(event, supervision.ClockBreachedV1):
        issue.begin(Stage.SUPERVISE, event.breached_at)


def climb(issue: Issue, event: supervision.IssueEscalatedV1) -> None:
    issue.move(event.to_unit, event.route, at=event.escalated_at)
    issue.begin(Stage.SUPERVISE, event.escalated_at)


def undo_climb(issue: Issue, event: supervision.EscalationUndoneV1) -> None:
    issue.move(event.to_unit, None, at=event.held_since)


def return_down(issue: Issue, event: supervision.IssueReturnedDownV1) -> None:
    issue.move(event.to_unit, event.route, at=event.returned_at)
    issue.begin(Stage.SUPERVISE, event.returned_at)


def reassign(issue: Issue, event: supervision.IssueReassignedV1) -> None:
    """To another unit, or where it was of another category or class; the limit is that of its only order."""
    if event.to_unit != event.from_unit:
        issue.move(event.to_unit, event.route, at=event.reassigned_at)
    of_orders = [id for id, clock in issue.clocks.items() if clock.get("kind") == ClockKind.RESIDENT]
    issue.clocks = clocks.reset_due(issue.clocks, of_orders, event.due_at)


def place(issue: Issue, event: intake.IssuePlacedV1) -> None:
    """The unit that held it was split: a part of it does now, as long as it had."""
    if (issue.held_by or event.from_unit) == event.from_unit:
        issue.held_by = event.to_unit


def reopen(issue: Issue, event: supervision.IssueReopenedV1) -> None:
    issue.move(event.to_unit, event.route, at=event.reopened_at)
    issue.reopened_at = event.reopened_at
    issue.begin(Stage.SUPERVISE, event.reopened_at)


def close(issue: Issue, event: supervision.IssueClosedV1) -> None:
    issue.closed_at, issue.outcome = event.closed_at, event.outcome


def order_supervision(issue: Issue, event: alarms.SupervisionOrderedV1) -> None:
    issue.ordered_at = event.ordered_at
    issue.begin(Stage.SUPERVISE, event.ordered_at)


def open_incident(issue: Issue, event: alarms.IncidentOpenedV1) -> None:
    issue.incidents = [*issue.incidents, event.incident_id]
    issue.begin(Stage.SUPERVISE, event.opened_at)


def settle_incident(issue: Issue, event: alarms.IncidentSettledV1) -> None:
    issue.incidents = [one for one in issue.incidents if one != event.incident_id]


def adopt(issue: Issue, event: deliberation.ResolutionAdoptedV1) -> None:
    issue.adopted_at = event.adopted_at


def begin_work(issue: Issue, event: dispatch.TaskAssignedV1) -> None:
    issue.begin(Stage.HANDLE, event.assigned_at)


def handle(issue: Issue, event: dispatch.IssueHandledV1) -> None:
    issue.handled_at = event.handled_at
    issue.begin(Stage.EVALUATE, event.handled_at)


def redo(issue: Issue, event: evaluation.RedoOrderedV1) -> None:
    """Told again for others who say so of the same handling, it is the same redo."""
    if issue.redo_at is None or issue.redo_at < (event.handled_at or event.ordered_at):
        issue.redo_at = event.ordered_at


CHANGES: dict[type[Event], Callable[[Issue, Any], None]] = {
    intake.IssueRaisedV1: raise_issue,
    intake.WordingConfirmedV1: word,
    intake.IssueListedV1: list_issue,
    intake.ComplaintCorrectedV1: correct,
    orders.ComplaintRedispatchedV1: correct,
    intake.ComplaintLinkedV1: link,
    intake.ComplaintUnlinkedV1: unlink,
    intake.SignaturesVerifiedV1: verify,
    intake.ComplaintClosedV1: close_order,
    supervision.ClockStartedV1: count_time,
    supervision.ClockPausedV1: count_time,
    supervision.ClockResumedV1: count_time,
    supervision.ClockExtendedV1: count_time,
    supervision.ClockFittedV1: count_time,
    supervision.ClockWarnedV1: count_time,
    supervision.ClockBreachedV1: count_time,
    supervision.ClockCorrectedV1: count_time,
    supervision.ClockMetV1: count_time,
    supervision.ClockEndedV1: count_time,
    alarms.ClockLateV1: count_time,
    supervision.IssueEscalatedV1: climb,
    supervision.EscalationUndoneV1: undo_climb,
    supervision.IssueReturnedDownV1: return_down,
    intake.IssuePlacedV1: place,
    supervision.IssueReassignedV1: reassign,
    supervision.IssueReopenedV1: reopen,
    supervision.IssueClosedV1: close,
    alarms.SupervisionOrderedV1: order_supervision,
    alarms.IncidentOpenedV1: open_incident,
    alarms.IncidentSettledV1: settle_incident,
    deliberation.ResolutionAdoptedV1: adopt,
    dispatch.TaskAssignedV1: begin_work,
    dispatch.IssueHandledV1: handle,
    evaluation.RedoOrderedV1: redo,
}


def change(issue: Issue, event: Event, at: datetime) -> None:
    """Take in what an event says of an issue."""
    issue.note_change(at)
    changing = CHANGES.get(type(event))
    if changing is not None:
        changing(issue, event)
