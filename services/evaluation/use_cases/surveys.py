"""Surveys: one for each order, opened with its first link, and when its caller is asked."""

from datetime import datetime

from services.evaluation.domain.ranking import rank_unit_of
from services.evaluation.domain.survey import Dispatch, Survey
from services.evaluation.storage.repository import EvaluationStore
from services.evaluation.use_cases import periods
from shared.bus.moment import Moment
from shared.contracts.intake import ComplaintLinkedV1
from shared.contracts.orders import ComplaintRedispatchedV1

Joining = ComplaintLinkedV1 | ComplaintRedispatchedV1
CALLBACK = "callback"
AGAIN = "再次派单"


def open_survey(work: EvaluationStore, event: ComplaintLinkedV1, at: Moment) -> None:
    """The caller is asked when the order's limit expires. As a request it counts in the period of its link."""
    unit_code = unit_of(event)
    units = work.units(event.linked_at)
    rank_unit = rank_unit_of(unit_code, units)
    dispatch = _dispatch_of(event, event.linked_at, at)
    survey = Survey(
        order_no=event.order_no,
        issue_id=event.issue_id,
        origin_unit=unit_code,
        rank_unit=rank_unit,
        charged_unit=unit_code,
        charged_rank_unit=rank_unit,
        charged_community=units.community_of(unit_code),
        dispatch_no=event.dispatch_no,
        dispatch_kind=event.dispatch_kind,
        dispatched_at=event.dispatched_at,
        due_at=event.due_at,
        linked_at=event.linked_at,
        period_id=periods.period_of(work, event.linked_at, at).id,
        asks_at=dispatch.asks_at,
        is_late=dispatch.is_late,
        asker=at.policy.callback.asker(event.channel, event.request_kind),
    )
    work.surveys.add(survey)
    arm(work, survey)


def redispatch(work: EvaluationStore, survey: Survey, event: Joining, at: Moment) -> None:
    """It went out again, unless that is known: the unit before answers for nothing that comes after."""
    if event.dispatch_no <= survey.dispatch_no:
        return
    heard_at = event.linked_at if isinstance(event, ComplaintLinkedV1) else event.redispatched_at
    unit_code, units = unit_of(event), work.units(heard_at)
    charged = (unit_code, rank_unit_of(unit_code, units), units.community_of(unit_code))
    why = AGAIN if isinstance(event, ComplaintLinkedV1) else event.reason
    dispatch = _dispatch_of(event, heard_at, at)
    work.charges.add(survey.redispatch(dispatch, *charged, why=why))


def _dispatch_of(event: Joining, heard_at: datetime, at: Moment) -> Dispatch:
    arrived_at = event.received_at if isinstance(event, ComplaintLinkedV1) else event.redispatched_at
    policy = at.policy_in(unit_of(event))
    return Dispatch(
        number=event.dispatch_no,
        kind=event.dispatch_kind,
        at=event.dispatched_at,
        due_at=event.due_at,
        heard_at=heard_at,
        arrived_at=arrived_at or event.dispatched_at,
        first_contact=policy.first_contact(event.due_at - event.dispatched_at, event.sla_class),
    )


def unit_of(event: Joining) -> str:
    """To which it was dispatched, whoever holds the issue."""
    return (event.dispatched_to or event.unit_code) if isinstance(event, ComplaintLinkedV1) else event.to_unit


def arm(work: EvaluationStore, survey: Survey) -> None:
    """Have it looked at when the next attempt is due, or a round is over by itself; not while there is nothing."""
    if survey.wakes_at is not None:
        work.timers.set(CALLBACK, survey.order_no, survey.wakes_at, subject=survey.issue_id)
    else:
        work.timers.cancel(CALLBACK, survey.order_no)
