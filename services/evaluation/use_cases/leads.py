"""Who answers for an issue, as dispatch tells it, and which organisations an answer counts for."""

from datetime import datetime

from services.evaluation.domain.lead import Lead, LeadEnd, shares_of
from services.evaluation.domain.rates import Charged
from services.evaluation.storage.repository import EvaluationStore
from shared.bus.moment import Moment
from shared.contracts.dispatch import TaskAssignedV1, TaskMovedUpV1, TaskReturnedV1, TaskTakenOverV1, TaskWithdrawnV1

Ended = TaskReturnedV1 | TaskWithdrawnV1 | TaskMovedUpV1 | TaskTakenOverV1


def begin(work: EvaluationStore, event: TaskAssignedV1, at: Moment) -> None:
    """Somebody leads it from now on. Whoever led it until now, and did not return it, has ended and passed it on."""
    if event.attempt > 1:
        _end(work, event.issue_id, event.task_id, LeadEnd.PASSED_ON, at=event.assigned_at)
    lead = Lead(
        f"{event.task_id}#{event.attempt}",
        event.issue_id,
        event.task_id,
        event.unit_code,
        event.organisation_id,
        list(event.assisting_ids),
        event.assigned_at,
    )
    work.leads.add(lead)


def end(work: EvaluationStore, event: Ended, at: Moment) -> None:
    """Whoever leads it does no longer."""
    if isinstance(event, TaskReturnedV1):
        ended_as, ended_at = LeadEnd.RETURNED, event.returned_at
    elif isinstance(event, TaskWithdrawnV1):
        ended_as, ended_at = LeadEnd.WITHDRAWN, event.withdrawn_at
    elif isinstance(event, TaskTakenOverV1):
        ended_as, ended_at = LeadEnd.MOVED_UP, event.taken_over_at
    else:
        ended_as, ended_at = LeadEnd.MOVED_UP, event.moved_up_at
    _end(work, event.issue_id, event.task_id, ended_as, at=ended_at)


def charged_for(work: EvaluationStore, issue_id: str, dispatched_at: datetime, at: Moment) -> list[Charged]:
    """The organisations of the ranks that bear what the caller of an order dispatched then says, by their shares."""
    borne = shares_of(work.leads.of(issue_id=issue_id), at.policy.charges.lead_ratio, since=dispatched_at)
    ranked = work.organisations(at.now) if borne else {}
    return [Charged(one, *ranked[one], share) for one, share in sorted(borne.items()) if one in ranked]


def _end(work: EvaluationStore, issue_id: str, task_id: str, ended_as: LeadEnd, *, at: datetime) -> None:
    for lead in work.leads.of(issue_id=issue_id):
        if lead.task_id == task_id:
            lead.end(ended_as, at=at)
