"""What supervision hears: it opens a case, follows it, and closes it or lets it climb.

News that change nothing any more (a former holder's, a closed issue's) stay in the timeline and do no harm.
"""

from collections.abc import Sequence
from datetime import datetime

from services.supervision.domain.case import Case, issue_of
from services.supervision.domain.timeline import SERVICE
from services.supervision.storage.repository import SupervisionStore
from services.supervision.use_cases import cases, clocks, corrections, orders, pending, timeline
from services.supervision.use_cases.escalations import climb_or_open_incident
from services.supervision.use_cases.incidents import end_incidents, open_incident
from services.supervision.use_cases.reassignments import reassign, redispatch
from services.supervision.use_cases.timeline import noted_case
from shared.bus.inbox.reading import NotYet
from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.contracts import Event
from shared.contracts.base import Subject, instant_field
from shared.contracts.councils import (
    SessionLapsedV1,
    SessionLeftOpenV1,
    SessionPostponedV1,
    SessionScheduledV1,
    SessionUnschedulableV1,
)
from shared.contracts.deliberation import (
    DeliberationFailedV1,
    MinutesOverdueV1,
    MinutesSignedV1,
    PollOpenedV1,
    ResolutionAdoptedV1,
    ResolutionReviewedV1,
    SessionClosedV1,
    SessionInquorateV1,
    SessionOpenedV1,
)
from shared.contracts.dispatch import (
    HandlingFailedV1,
    IssueHandledV1,
    OrderHandledV1,
    TaskBlockedV1,
    TaskSignedForV1,
    TaskTakenOverV1,
)
from shared.contracts.evaluation import CallbackNotAskedV1, IssueEvaluatedV1, OrderEvaluatedV1, RedoOrderedV1
from shared.contracts.intake import (
    ComplaintCorrectedV1,
    ComplaintLinkedV1,
    ComplaintSettledV1,
    ComplaintUnlinkedV1,
    ComplaintUrgedV1,
    IssueListedV1,
    IssuePlacedV1,
    IssueRaisedV1,
    IssueWithdrawnV1,
    WordingConfirmedV1,
)
from shared.contracts.orders import ComplaintRedispatchedV1
from shared.contracts.vocabulary import IncidentKind, Outcome, Review, Route, SessionKind
from shared.directory.ending import heirs_of

CalledSession = SessionScheduledV1 | SessionPostponedV1
Trial = SessionOpenedV1 | SessionInquorateV1 | TaskSignedForV1 | TaskBlockedV1 | TaskTakenOverV1


_CHANGES_CLOCKS = (
    IssueRaisedV1
    | ComplaintLinkedV1
    | ComplaintCorrectedV1
    | ComplaintRedispatchedV1
    | IssuePlacedV1
    | IssueWithdrawnV1
    | ComplaintUnlinkedV1
    | ComplaintUrgedV1
    | CalledSession
    | PollOpenedV1
    | ResolutionAdoptedV1
    | ResolutionReviewedV1
    | DeliberationFailedV1
    | IssueHandledV1
    | OrderHandledV1
    | HandlingFailedV1
    | RedoOrderedV1
    | OrderEvaluatedV1
    | IssueEvaluatedV1
)
_SESSION_NEWS = (
    SessionUnschedulableV1 | SessionLapsedV1 | SessionLeftOpenV1 | SessionClosedV1 | MinutesOverdueV1 | MinutesSignedV1
)
_ABOUT_ORDERS = ComplaintSettledV1 | CallbackNotAskedV1
_CHANGES_CASE = _CHANGES_CLOCKS | _ABOUT_ORDERS | IssueListedV1 | WordingConfirmedV1 | Trial | _SESSION_NEWS


def prepare(work: SupervisionStore, subjects: Sequence[Subject | Due], at: Moment) -> None:
    """Lock the cases that a batch may change, and read their clocks, in a query each. Most news are only noted."""
    case_ids = {_issue_of(one) for one in subjects if not isinstance(one, Event) or isinstance(one, _CHANGES_CASE)}
    clocked = {_issue_of(one) for one in subjects if not isinstance(one, Event) or isinstance(one, _CHANGES_CLOCKS)}
    ended = heirs_of(work, [one for one in subjects if isinstance(one, Due)], at)
    left = work.cases.ids_left_in(ended, cases.MOST_AT_ONCE) if ended else []
    work.cases.lock_all({*case_ids, *left} - {""})
    work.look_backs.load(one.ref for one in subjects if isinstance(one, Due) and one.kind == cases.LOOK_BACK)
    known = (issue_id for issue_id in {*clocked, *left} - {""} if work.cases.find(issue_id) is not None)
    work.clocks.load_of("issue_id", known)


def open_case(work: SupervisionStore, event: IssueRaisedV1, at: Moment) -> None:
    """An issue that has its case already gets no second one."""
    if work.cases.find_and_lock(event.issue_id) is None:
        timeline.note(work, event)
        cases.open_case(work, event, at)


def follow_settling(work: SupervisionStore, event: ComplaintSettledV1, at: Moment) -> None:
    """Nobody said in time which unit an order is for: that is an incident, though the unit has it now."""
    case = noted_case(work, event.issue_id, event)
    if event.is_default:
        open_incident(work, case, f"工单 {event.order_no} 逾期无人确定承办单位", at)


def follow_correction(work: SupervisionStore, event: ComplaintCorrectedV1, at: Moment) -> None:
    """Its unit, category or class of urgency was wrong."""
    reassign(work, noted_case(work, event.issue_id, event), event, at)


def follow_redispatch(work: SupervisionStore, event: ComplaintRedispatchedV1, at: Moment) -> None:
    """The hotline sent an order out again: a clock of its own begins, and another unit may have it now."""
    redispatch(work, noted_case(work, event.issue_id, event), event, at)


def take_wording(work: SupervisionStore, event: WordingConfirmedV1, at: Moment) -> None:
    """A clerk confirmed the words by which it is spoken of."""
    noted_case(work, event.issue_id, event).word(event.title, event.publicity)


def follow_placing(work: SupervisionStore, event: IssuePlacedV1, at: Moment) -> None:
    """The unit that held it was split: the part in which it lies holds it, with what time is left."""
    case = noted_case(work, event.issue_id, event)
    if case.is_open and case.unit_code == event.from_unit:
        cases.pass_to_heir(work, case, event.to_unit, at)


def withdraw_issue(work: SupervisionStore, event: IssueWithdrawnV1, at: Moment) -> None:
    """No order is left in it: the case is closed, and nobody is asked or looks back."""
    case = noted_case(work, event.issue_id, event)
    if case.is_open:
        cases.close(work, case, Outcome.WITHDRAWN, at)


def follow_listing(work: SupervisionStore, event: IssueListedV1, at: Moment) -> None:
    """On the list of its holder: councils meet on it."""
    case = noted_case(work, event.issue_id, event)
    if _is_of_holder(work, case, event.unit_code, at):
        case.route = Route.DELIBERATE


def follow_trial(work: SupervisionStore, event: Trial, at: Moment) -> None:
    """A unit has tried, and the holder has begun: a task was signed for or taken over, or a session was held."""
    timeline.note(work, event)
    case = work.cases.find_and_lock(event.issue_id)
    if case is None:
        return
    acting = event.to_unit if isinstance(event, TaskTakenOverV1) else event.unit_code
    case.note_trial(acting)
    if _is_of_holder(work, case, acting, at):
        _begin(work, case, event)
    if isinstance(event, SessionOpenedV1 | SessionInquorateV1):
        end_incidents(work, case, IncidentKind.LAPSED, "按时召开,消息迟到", at, about=event.session_id)


def wait_for_session(work: SupervisionStore, event: CalledSession, at: Moment) -> None:
    """A called meeting is held: the holder's clock does not end before it, nor right after it.

    The new date of one that lapsed gives no time: letting sessions lapse must not hold up the clock.
    """
    case = noted_case(work, event.issue_id, event)
    end_incidents(work, case, IncidentKind.UNSCHEDULABLE, f"已召集议事会 {event.session_id}", at)
    if event.replaces:
        timeline.say_why_not(work, case, "extended", f"{event.session_id} is the new date of {event.replaces}", at)
        return
    due_at = event.starts_at + at.policy_in(event.unit_code).escalation.room_after_session
    _give_time(
        work,
        case,
        event.unit_code,
        at,
        since=_called_at(event),
        due_at=due_at,
        reason=f"已召集议事会 {event.session_id}",
    )


def wait_for_poll(work: SupervisionStore, event: PollOpenedV1, at: Moment) -> None:
    """The households are asked: the holder's clock does not end before their papers are counted, nor right after."""
    case = noted_case(work, event.issue_id, event)
    due_at = event.due_at + at.policy_in(event.unit_code).escalation.room_after_session
    reason = f"逐户表决 {event.poll_id}"
    _give_time(work, case, event.unit_code, at, since=event.opened_at, due_at=due_at, reason=reason)


def carry_out_resolution(work: SupervisionStore, event: ResolutionAdoptedV1, at: Moment) -> None:
    """The residents decided: the holder has until the last of the tasks is due."""
    case = noted_case(work, event.issue_id, event)
    if _is_of_holder(work, case, event.unit_code, at):
        case.route = Route.HANDLE
        _begin(work, case, event)
    end_incidents(work, case, IncidentKind.UNSCHEDULABLE, f"已有决议 {event.resolution_id}", at)
    if event.tasks:
        latest, reason = max(task.due_at for task in event.tasks), f"执行决议 {event.resolution_id}"
        _give_time(work, case, event.unit_code, at, since=event.adopted_at, due_at=latest, reason=reason)


def take_review(work: SupervisionStore, event: ResolutionReviewedV1, at: Moment) -> None:
    """What was resolved is no more: it is deliberated anew, or climbs with its reason."""
    case = noted_case(work, event.issue_id, event)
    if event.review is Review.STANDS or not case.is_open or not _is_of_holder(work, case, event.unit_code, at):
        return
    case.route = Route.DELIBERATE
    if event.review is Review.REFERRED:
        climb_or_open_incident(work, case, f"决议 {event.resolution_id} 转报上级:{event.answer}", at)


def take_unschedulable(work: SupervisionStore, event: SessionUnschedulableV1, at: Moment) -> None:
    """No session can be called for the holder: whoever can mend that is told, while the clock goes on."""
    case = noted_case(work, event.issue_id, event)
    if not _is_of_holder(work, case, event.unit_code, at):
        return
    end_incidents(work, case, IncidentKind.UNSCHEDULABLE, "情况有变", at)
    reason = f"无法召集议事会({event.obstacle.value}):{event.remedy}"
    open_incident(work, case, reason, at, kind=IncidentKind.UNSCHEDULABLE, unit_code=event.concerns_unit)


def take_lapse(work: SupervisionStore, event: SessionLapsedV1, at: Moment) -> None:
    """Nobody opened a session: its unit must say why, whoever holds the issue by now."""
    case = noted_case(work, event.issue_id, event)
    reason = f"议事会 {event.session_id} 逾期无人召开"
    open_incident(work, case, reason, at, kind=IncidentKind.LAPSED, unit_code=event.unit_code, about=event.session_id)


def take_left_open(work: SupervisionStore, event: SessionLeftOpenV1, at: Moment) -> None:
    """Nobody closed a session: on the list until somebody does."""
    case = noted_case(work, event.issue_id, event)
    reason = f"议事会 {event.session_id} 逾期未闭会"
    open_incident(
        work, case, reason, at, kind=IncidentKind.LEFT_OPEN, unit_code=event.unit_code, about=event.session_id
    )


def end_session(work: SupervisionStore, event: SessionClosedV1, at: Moment) -> None:
    case = noted_case(work, event.issue_id, event)
    end_incidents(work, case, IncidentKind.LEFT_OPEN, "已闭会", at, about=event.session_id)


def take_overdue_minutes(work: SupervisionStore, event: MinutesOverdueV1, at: Moment) -> None:
    """Nobody circulated the minutes, or not both have signed: until they have, or somebody says why not."""
    case = noted_case(work, event.issue_id, event)
    reason = f"议事会 {event.session_id} 的会议纪要逾期未签署({event.state})"
    open_incident(work, case, reason, at, kind=IncidentKind.UNSIGNED, unit_code=event.unit_code, about=event.session_id)


def end_minutes(work: SupervisionStore, event: MinutesSignedV1, at: Moment) -> None:
    case = noted_case(work, event.issue_id, event)
    end_incidents(work, case, IncidentKind.UNSIGNED, "纪要已签署", at, about=event.session_id)


def take_failed_deliberation(work: SupervisionStore, event: DeliberationFailedV1, at: Moment) -> None:
    """Before climbing, mediation with experts is tried, unless the policy leaves it out."""
    case = noted_case(work, event.issue_id, event)
    if not _is_of_holder(work, case, event.unit_code, at):
        return
    case.failed_meetings = max(case.failed_meetings, event.failures)
    rule = at.policy_in(case.unit_code).failure
    if event.kind is SessionKind.MEDIATION or (not rule.is_mediated_first and event.failures >= rule.times):
        climb_or_open_incident(work, case, f"协商失灵:{event.reason.value}", at)
    else:
        timeline.say_why_not(work, case, "escalated", f"failure {event.failures}: mediation comes first", at)


def await_evaluation(work: SupervisionStore, event: IssueHandledV1, at: Moment) -> None:
    """Handled: the clocks rest from then on, while the residents are asked, and take back what they said since."""
    case = noted_case(work, event.issue_id, event)
    corrections.hear_former_holder(work, case, event, at)
    is_about_now = case.is_about_now(event.unit_code, event.handled_at)
    if not is_about_now and not corrections.stands_after_climb(work, case, event.handled_at):
        return
    case.handled_at, case.has_tried = max(case.handled_at or event.handled_at, event.handled_at), True
    pending.take_off(work, case, "已办结", at, by=SERVICE)
    for clock in clocks.running_clocks(work, case):
        corrections.rest(work, case, clock, at, since=event.handled_at, reason=clocks.AWAITING)
    cases.end_if_done(work, case, at)


def resume_work(work: SupervisionStore, event: RedoOrderedV1 | HandlingFailedV1, at: Moment) -> None:
    """Not solved after all: the clocks go on counting from where they stood.

    Passed over where what was not enough has been done again since.
    """
    since = event.ordered_at if isinstance(event, RedoOrderedV1) else event.failed_at
    case = noted_case(work, event.issue_id, event)
    if isinstance(event, RedoOrderedV1) and orders.is_alone(work, case, event):
        orders.count_on(work, case, event, at)
        return
    wanting = event.handled_at if isinstance(event, RedoOrderedV1) else None
    if wanting and case.handled_at and case.handled_at > wanting:
        return
    if not case.is_about_its_handling(event.unit_code, since):
        return
    case.handled_at, case.has_tried = None, True
    if isinstance(event, RedoOrderedV1):
        clocks.count_on(work, case, event.order_nos, at, since=since)
        clocks.resume_holder(work, case, at, since=since)
        clocks.fit_holder(work, case, at, since=since, reason="未解决,重办")
    else:
        clocks.stop_waiting(work, case, at, since=since)


def take_evaluation(work: SupervisionStore, event: IssueEvaluatedV1, at: Moment) -> None:
    """Those concerned were asked: solved, or nobody reached, closes the case; unsolved climbs.

    Orders that joined since it was handled, and were not worked on yet, keep it open, and its clocks go on for them; if
    these have left, too, it is over. Raises NotYet when the handling it judges was not heard of yet.
    """
    case = work.cases.find_and_lock(event.issue_id)
    if case is not None and orders.are_over(work, case, event):
        timeline.note(work, event)
        cases.close(work, case, event.outcome, at)
        return
    if case is None or _is_ahead(work, case, event):
        raise NotYet(f"{event.issue_id} is evaluated, but not handled yet as far as is known")
    timeline.note(work, event)
    if case.handled_at is None or not case.is_about_its_handling(event.unit_code, event.evaluated_at):
        return
    outcomes = {one.order_no: one.outcome for one in event.orders}
    clocks.end_orders(work, case, outcomes, at, handled_at=event.handled_at)
    cases.settle_class(work, case)
    if event.outcome is Outcome.UNSOLVED:
        climb_or_open_incident(work, case, "回访评价:未解决", at)
    elif event.newcomers:
        if case.handled_at <= event.handled_at:
            case.handled_at = None
            clocks.stop_waiting(work, case, at, since=event.evaluated_at)
    else:
        cases.close(work, case, event.outcome, at)


def take_urge(work: SupervisionStore, event: ComplaintUrgedV1, at: Moment) -> None:
    """The same caller again: after the closing it is a relapse; before, it stays in the timeline."""
    case = noted_case(work, event.issue_id, event)
    if case.has_relapsed(event.urged_at):
        reason = f"同一诉求再次来电:{event.order_no}"
        cases.reopen(work, case, reason, at, since=event.urged_at, order_no=event.first_order_no)


def note(work: SupervisionStore, event: Event, at: Moment) -> None:
    """What changes nothing here stays in the timeline."""
    timeline.note(work, event)


def _give_time(
    work: SupervisionStore, case: Case, unit_code: str, at: Moment, *, since: datetime, due_at: datetime, reason: str
) -> None:
    """To the present holder; of a former one what its clock said wrongly is taken back."""
    if _is_of_holder(work, case, unit_code, at):
        clocks.give_holder_time(work, case, at, since=since, due_at=due_at, reason=reason)
    else:
        corrections.excuse(work, case, unit_code, at, since=since, due_at=due_at, reason=reason)


def _called_at(event: CalledSession) -> datetime:
    return event.scheduled_at if isinstance(event, SessionScheduledV1) else event.postponed_at


def _issue_of(one: Subject | Due) -> str:
    """Empty for what is about no issue."""
    return issue_of(one.ref) if isinstance(one, Due) else one.subject


def _is_of_holder(work: SupervisionStore, case: Case, unit_code: str, at: Moment) -> bool:
    """Whether a unit, or whoever holds now what it held, is the holder of an open case."""
    if not case.is_open:
        return False
    return case.unit_code == unit_code or case.unit_code == work.units(at.now).heir_of(unit_code)


def _begin(work: SupervisionStore, case: Case, event: Trial | ResolutionAdoptedV1) -> None:
    """The holder has begun. What its people did while a unit below had the issue is no beginning, whenever heard."""
    acted_at = getattr(event, instant_field(type(event)))  # type: ignore[arg-type]
    case.has_tried |= not corrections.was_before_climb(work, case, acted_at)


def _is_ahead(work: SupervisionStore, case: Case, event: IssueEvaluatedV1) -> bool:
    """Whether the evaluation overtook the handling it is about, also one that will show a climb to be wrong."""
    if not case.is_open or case.handled_at is not None:
        return False
    return event.evaluated_at > case.held_since or corrections.stands_after_climb(work, case, event.handled_at)
