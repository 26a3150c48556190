"""What evaluation hears: which order belongs to which issue, who holds it, when it was handled and when it ended.

Nothing here waits for anything: whatever comes first makes the record, and what comes later completes it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.evaluation.domain.issue import Issue
from services.evaluation.domain.survey import Survey
from services.evaluation.use_cases.asking import CALLBACK, settle
from services.evaluation.use_cases.periods import counting_period
from shared.contracts import Event
from shared.contracts.dispatch import IssueHandledV1
from shared.contracts.intake import ComplaintLinkedV1, ComplaintUnlinkedV1
from shared.contracts.supervision import IssueClosedV1, IssueEscalatedV1, IssueReopenedV1, IssueReturnedDownV1

Moved = IssueEscalatedV1 | IssueReturnedDownV1 | IssueReopenedV1
_ABOUT_AN_ORDER = (ComplaintLinkedV1, ComplaintUnlinkedV1)
_ASKS_ALL = (ComplaintUnlinkedV1, IssueHandledV1)


def prepare(work: Any, events: Sequence[Event]) -> None:
    """Load what a batch of events is about, in at most three queries, whatever its size."""
    work.issues.preload({event.subject for event in events})
    work.surveys.preload({event.order_no for event in events if isinstance(event, _ABOUT_AN_ORDER)})
    work.surveys.preload_of_issues({event.issue_id for event in events if isinstance(event, _ASKS_ALL)})


def follow_link(work: Any, event: ComplaintLinkedV1, *, policies: Any, now: datetime) -> None:
    """The order belongs to this issue: its caller is asked when its limit expires. A moved order keeps its survey."""
    issue = _issue(work, event.issue_id, event.unit_code)
    survey = work.surveys.find(event.order_no)
    if survey is None:
        survey = _new_survey(event, period_id=counting_period(work, now, policies=policies).id)
        work.surveys.add(survey)
        work.timers.set(CALLBACK, survey.order_no, survey.due_at)
    elif survey.link(event.issue_id, at=event.linked_at):
        work.surveys.keep(survey)
        if survey.asks_at is not None:
            work.timers.set(CALLBACK, survey.order_no, survey.asks_at)
        settle(work, issue, policies=policies, now=now)


def follow_unlink(work: Any, event: ComplaintUnlinkedV1, *, policies: Any, now: datetime) -> None:
    """The order left this issue; the others need not wait for its caller any more."""
    survey = work.surveys.find(event.order_no)
    issue = work.issues.find(event.issue_id)
    if survey is not None and survey.unlink(event.issue_id) and issue is not None:
        settle(work, issue, policies=policies, now=now)


def take_handling(work: Any, event: IssueHandledV1, *, policies: Any, now: datetime) -> None:
    """Handled: callers who were asked before are asked again now, the others when their limit expires."""
    issue = _issue(work, event.issue_id, event.unit_code)
    issue.handle(event.unit_code, at=event.handled_at)
    settle(work, issue, policies=policies, now=now)


def move_issue(work: Any, event: Moved, *, moved_at: datetime, policies: Any, now: datetime) -> None:
    """Another holder has it, or the same one again; what the last one did is judged no more."""
    issue = _issue(work, event.issue_id, event.to_unit)
    issue.move(event.to_unit, at=moved_at)
    settle(work, issue, policies=policies, now=now)


def close_issue(work: Any, event: IssueClosedV1) -> None:
    """Nothing is judged any more. Callers whose limit still runs are asked when it expires, closed or not (Art. 23)."""
    _issue(work, event.issue_id, event.unit_code).close(at=event.closed_at)


def _issue(work: Any, issue_id: str, unit_code: str) -> Issue:
    issue: Issue | None = work.issues.find(issue_id)
    if issue is None:
        issue = Issue(issue_id, unit_code)
        work.issues.add(issue)
    return issue


def _new_survey(event: ComplaintLinkedV1, *, period_id: str) -> Survey:
    return Survey(
        order_no=event.order_no,
        issue_id=event.issue_id,
        origin_unit=event.unit_code,
        dispatch_kind=event.dispatch_kind,
        dispatched_at=event.dispatched_at,
        due_at=event.due_at,
        linked_at=event.linked_at,
        period_id=period_id,
        asks_at=event.due_at,
    )
