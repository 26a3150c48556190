"""What supervision does when it hears of an issue: opens its case, follows it, and closes it.

News that change nothing any more (a former holder's, a closed issue's) stay in the timeline and do no harm.
"""

from datetime import datetime
from typing import Any

from services.supervision.domain.case import Case
from services.supervision.domain.look_back import look_backs_after
from services.supervision.domain.timeline import SERVICE
from services.supervision.use_cases import clocks
from services.supervision.use_cases.announcing import announce, note, noted_case, say_why_not
from services.supervision.use_cases.climbing import climb_or_open_incident
from shared.bus import NotYet
from shared.contracts import Event
from shared.contracts.councils import SessionPostponedV1, SessionScheduledV1
from shared.contracts.deliberation import DeliberationFailedV1, ResolutionAdoptedV1
from shared.contracts.dispatch import HandlingFailedV1, IssueHandledV1
from shared.contracts.evaluation import IssueEvaluatedV1, RedoOrderedV1
from shared.contracts.intake import ComplaintLinkedV1, IssueListedV1, IssueRaisedV1
from shared.contracts.supervision import IssueClosedV1
from shared.contracts.vocabulary import Outcome, Route, SessionKind

LOOK_BACK = "look_back"


def preload(work: Any, events: list[Event]) -> None:
    """The cases of a batch, and the clocks of those that there are, in a query each."""
    issue_ids = {event.subject for event in events}
    work.cases.preload(issue_ids)
    known = [case for case in map(work.cases.find, issue_ids) if case is not None]
    work.clocks.preload(name for case in known for name in (case.resident_clock_id, case.tier_clock_id))


def open_case(work: Any, event: IssueRaisedV1, *, policies: Any, now: datetime) -> None:
    """A case and its two clocks. An issue that has its case already gets no second one."""
    if work.cases.find(event.issue_id) is not None:
        return
    case = _case_of(event)
    work.cases.add(case)
    note(work, event)
    limit = event.due_at - event.dispatched_at
    clocks.start_resident_clock(work, case, started_at=event.dispatched_at, limit=limit, policies=policies, now=now)
    clocks.start_tier_clock(work, case, started_at=event.raised_at, policies=policies, now=now)


def follow_link(work: Any, event: ComplaintLinkedV1) -> None:
    """The issue concerns the complaint's unit too, which tells how far a matter across areas must climb."""
    note(work, event)
    case = work.cases.find(event.issue_id)
    if case is not None:
        case.concerns(event.unit_code)


def follow_listing(work: Any, event: IssueListedV1) -> None:
    """On the list of its holder: councils meet on it."""
    case = noted_case(work, event)
    if case.is_open and case.unit_code == event.unit_code:
        case.route = Route.DELIBERATE


def follow_trial(work: Any, event: Any) -> None:
    """The holder has begun: a task was signed for, or a session was held."""
    note(work, event)
    case = work.cases.find(event.issue_id)
    if case is not None and case.unit_code == event.unit_code:
        case.has_tried = True


def wait_for_session(
    work: Any, event: SessionScheduledV1 | SessionPostponedV1, *, policies: Any, now: datetime
) -> None:
    """A called meeting is held: the holder's clock does not end before it, nor right after it."""
    case = noted_case(work, event)
    if case.is_open and case.unit_code == event.unit_code:
        room = policies.at(now, case.unit_code).escalation.room_after_session
        clocks.extend_holder(
            work, case, event.starts_at + room, f"已召集议事会 {event.session_id}", policies=policies, now=now
        )


def carry_out_resolution(work: Any, event: ResolutionAdoptedV1, *, policies: Any, now: datetime) -> None:
    """The residents decided: the holder has until the last of the tasks is due."""
    case = noted_case(work, event)
    if not case.is_open or case.unit_code != event.unit_code:
        return
    case.route, case.has_tried = Route.HANDLE, True
    if event.tasks:
        latest = max(task.due_at for task in event.tasks)
        clocks.extend_holder(work, case, latest, f"执行决议 {event.resolution_id}", policies=policies, now=now)


def take_failed_deliberation(work: Any, event: DeliberationFailedV1, *, policies: Any, now: datetime) -> None:
    """Before climbing, mediation with experts is tried, unless the policy leaves it out."""
    case = noted_case(work, event)
    if not case.is_open or case.unit_code != event.unit_code:
        return
    rule = policies.at(now, case.unit_code).failure
    if event.kind is SessionKind.MEDIATION or (not rule.is_mediated_first and event.failures >= rule.times):
        climb_or_open_incident(work, case, f"协商失灵:{event.reason.value}", policies=policies, now=now)
    else:
        say_why_not(work, case, "escalated", f"failure {event.failures}: mediation comes first", now=now)


def await_evaluation(work: Any, event: IssueHandledV1, *, policies: Any, now: datetime) -> None:
    """Handled: the clocks rest from then on, while the residents are asked."""
    case = noted_case(work, event)
    if case.handled_at is not None or not case.is_about_now(event.unit_code, event.handled_at):
        return
    case.handled_at, case.has_tried = event.handled_at, True
    for clock in clocks.running_clocks(work, case):
        clocks.hold(work, clock, at=event.handled_at, by=SERVICE, reason=clocks.AWAITING, policies=policies, now=now)


def resume_work(work: Any, event: RedoOrderedV1 | HandlingFailedV1, *, policies: Any, now: datetime) -> None:
    """Not solved after all: the clocks go on counting from where they stood."""
    at = event.ordered_at if isinstance(event, RedoOrderedV1) else event.failed_at
    case = noted_case(work, event)
    if case.is_about_now(event.unit_code, at):
        case.handled_at, case.has_tried = None, True
        clocks.stop_waiting(work, case, at=at, policies=policies, now=now)


def take_evaluation(work: Any, event: IssueEvaluatedV1, *, policies: Any, now: datetime) -> None:
    """Those concerned were asked: solved, or nobody reached, closes the case; unsolved climbs.

    Raises NotYet when the handling it judges was not heard of yet.
    """
    case = work.cases.find(event.issue_id)
    if case is None or _is_ahead(case, event):
        raise NotYet(f"{event.issue_id} is evaluated, but not handled yet as far as is known")
    note(work, event)
    if case.handled_at is None or not case.is_about_now(event.unit_code, event.evaluated_at):
        return
    if event.outcome is Outcome.UNSOLVED:
        climb_or_open_incident(work, case, "回访评价:未解决", policies=policies, now=now)
    else:
        close(work, case, event.outcome, policies=policies, now=now)


def close(work: Any, case: Case, outcome: Outcome, *, policies: Any, now: datetime) -> None:
    """The clocks stop, the end is announced, and look-backs are planned."""
    is_met = outcome is not Outcome.UNSOLVED
    clocks.close_clocks(work, case, is_met=is_met, reason=f"结案:{outcome.value}", policies=policies, now=now)
    case.close(outcome, at=now)
    announce(
        work,
        IssueClosedV1(issue_id=case.issue_id, unit_code=case.unit_code, outcome=outcome, closed_at=now),
        now=now,
    )
    for look_back in look_backs_after(case, policies.at(now, case.unit_code).look_back.after, at=now):
        work.look_backs.add(look_back)
        work.timers.set(LOOK_BACK, look_back.id, look_back.due_at)


def _is_ahead(case: Case, event: IssueEvaluatedV1) -> bool:
    """Whether the evaluation overtook the handling it is about."""
    return case.is_open and case.handled_at is None and event.evaluated_at > case.held_since


def _case_of(event: IssueRaisedV1) -> Case:
    return Case(
        issue_id=event.issue_id,
        order_no=event.order_no,
        title=event.title,
        category=event.category,
        request_kind=event.request_kind,
        sla_class=event.sla_class,
        dispatch_kind=event.dispatch_kind,
        origin_unit=event.unit_code,
        unit_code=event.unit_code,
        route=event.route,
        raised_at=event.raised_at,
        held_since=event.raised_at,
        concerned=[event.unit_code],
    )
