"""Surveys: one for each order, opened with its first link, and when its caller is asked."""

from services.evaluation.domain.ranking import rank_unit_of
from services.evaluation.domain.survey import Survey
from services.evaluation.storage.repository import EvaluationStore
from services.evaluation.use_cases import periods
from shared.bus.moment import Moment
from shared.contracts.intake import ComplaintLinkedV1

CALLBACK = "callback"


def open_survey(work: EvaluationStore, event: ComplaintLinkedV1, at: Moment) -> None:
    """The caller is asked when the order's limit expires. As a request it counts in the period of its link."""
    survey = Survey(
        order_no=event.order_no,
        issue_id=event.issue_id,
        origin_unit=event.unit_code,
        rank_unit=rank_unit_of(event.unit_code, work.units(event.linked_at)),
        dispatch_kind=event.dispatch_kind,
        dispatched_at=event.dispatched_at,
        due_at=event.due_at,
        linked_at=event.linked_at,
        period_id=periods.period_of(work, event.linked_at, at).id,
        asks_at=event.due_at,
        asker=at.policy.callback.asker(event.channel, event.request_kind),
    )
    work.surveys.add(survey)
    arm(work, survey)


def arm(work: EvaluationStore, survey: Survey) -> None:
    """Have it looked at when the next attempt is due, or a round is over by itself; not while there is nothing."""
    if survey.wakes_at is not None:
        work.timers.set(CALLBACK, survey.order_no, survey.wakes_at, subject=survey.issue_id)
    else:
        work.timers.cancel(CALLBACK, survey.order_no)
