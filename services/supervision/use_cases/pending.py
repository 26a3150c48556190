"""The pending list 疑难挂账: what can't be solved now stands there with reason, plan, owner, approval and review date.

An approved interim reply 阶段性答复 meets the orders' clocks; the issue goes on, and its holder's clock rests. What
nobody reviews in time is off the list, and time counts on.
"""

from datetime import date, datetime, time, timedelta

from services.supervision.domain.case import Case, issue_of
from services.supervision.domain.clock import Clock
from services.supervision.domain.errors import NotPending
from services.supervision.domain.timeline import SERVICE
from services.supervision.schemas.requests import AskPending, ReviewPending
from services.supervision.storage.repository import SupervisionStore
from services.supervision.use_cases import asking, clocks
from services.supervision.use_cases.timeline import announce
from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.clock import SHANGHAI
from shared.contracts.intake import ComplaintLinkedV1
from shared.contracts.requests import Want
from shared.contracts.supervision import IssuePendedV1, IssueUnpendedV1
from shared.contracts.vocabulary import SlaClass
from shared.errors import BadRequest
from shared.requests.messages import RequestReply, request_reply
from shared.requests.request import Request
from shared.units import Tier

REVIEW = "review"
"""The kind of the timer that takes off the list what nobody reviewed; it refers to `<issue>/pending`."""
URGENT = frozenset({SlaClass.EMERGENCY, SlaClass.UTILITIES})
REPLIED = "阶段性答复"
"""Why the residents' clocks were met, and may go on."""


def ask_pending(work: SupervisionStore, request: AskPending, at: Moment) -> RequestReply:
    """Ask for it with a plan, its owner and the reply for the callers. Raises BadRequest, AlreadyAsked."""
    case = asking.case_to_ask_about(work, request.issue_id, at)
    rule = at.policy_in(case.unit_code).pending
    owner = asking.organisation_named(work, "owner", request.owner, at)
    _review_at(request.review_on, at.now, rule.review_within)
    asked = asking.ask(
        work,
        case,
        at,
        wants=Want.PENDING,
        asked=request,
        decided_in=work.units(at.now).at_least(case.unit_code, Tier(rule.approved_by)),
        decide_by=at.now + rule.decide_within,
        facts={
            "plan": request.plan,
            "owner": owner.id,
            "owner_name": owner.name,
            "reply": request.interim_reply,
            "review_on": request.review_on,
        },
    )
    return request_reply(asked)


def put_on(work: SupervisionStore, case: Case, request: Request, at: Moment) -> None:
    """If granted. What is handled or over meanwhile needs no list."""
    if not request.is_granted or not case.is_open or case.handled_at is not None:
        return
    case.pending, case.review_at = request.id, _end_of(request.facts["review_on"])
    order_nos = _meet(work, _who_can_wait(clocks.resident_clocks(work, case)), at)
    rest(work, case, at)
    _arm(work, case, at)
    _tell(work, case, request, at, order_nos)


def rest(work: SupervisionStore, case: Case, at: Moment) -> None:
    """The clock of whoever holds it rests while it is on the list."""
    clock = work.clocks.find(case.tier_clock_id)
    if case.is_pending and clock is not None:
        clocks.hold(work, clock, at, since=at.now, by=SERVICE, reason="疑难挂账,按计划推进")


def answer_newcomer(work: SupervisionStore, case: Case, event: ComplaintLinkedV1, at: Moment) -> None:
    """An order that joins what is on the list gets the same interim reply; but what is urgent can't wait."""
    if case.is_pending and event.sla_class not in URGENT:
        order_nos = _meet(work, clocks.resident_clocks(work, case, [event.order_no]), at)
        _tell(work, case, work.requests.get(case.pending), at, order_nos)


def is_met_by_reply(clock: Clock) -> bool:
    """Whether it stopped with the interim reply, and may go on."""
    return clock.is_over and clock.ledger.current.reason == REPLIED


def answer_finally(work: SupervisionStore, clock: Clock, at: Moment, *, since: datetime) -> None:
    """Its order was handled: what becomes of the list, and of the interim reply, is none of its business any more."""
    if is_met_by_reply(clock):
        clocks.relapse(work, clock, at, since=since, by=SERVICE, reason="已办结")


def review_pending(work: SupervisionStore, request: ReviewPending, at: Moment) -> RequestReply:
    """It stays until another day, or comes off. By somebody who may approve, and did not ask for it.

    Raises NotPending, OwnRequest, BadRequest.
    """
    case = work.cases.lock(request.issue_id)
    if not case.is_pending:
        raise NotPending(f"{case.issue_id} is not on the pending list")
    granted = work.requests.lock(case.pending)
    at.caller.must_act_in(granted.decided_in)
    asking.must_not_be_against(case, at)
    granted.must_not_be_of(at.caller)
    if request.stays:
        rule = at.policy_in(case.unit_code).pending
        case.review_at = _review_at(request.review_on, at.now, rule.review_within)
        granted.facts = granted.facts | {"review_on": request.review_on, "reviewed": request.words}
        _arm(work, case, at)
        _tell(work, case, granted, at, [])
    else:
        take_off(work, case, request.words, at, by=at.caller.subject)
    return request_reply(granted)


def tell_new_holder(work: SupervisionStore, case: Case, at: Moment) -> None:
    """It stays on the list in other hands, whose task is due when it is reviewed, too."""
    if case.is_pending:
        _tell(work, case, work.requests.get(case.pending), at, [])


def take_off_unreviewed(work: SupervisionStore, due: Due, at: Moment) -> None:
    """Nobody reviewed it in time."""
    case = work.cases.lock(issue_of(due.ref))
    if case.is_pending:
        take_off(work, case, "逾期未复核", at, by=SERVICE)


def take_off(work: SupervisionStore, case: Case, why: str, at: Moment, *, by: str) -> None:
    """Off the list. Unless it is handled or over, the clocks that the interim reply met count on."""
    if not case.is_pending:
        return
    case.pending, case.review_at = "", None
    work.timers.cancel(REVIEW, _ref(case))
    if case.is_open and case.handled_at is None:
        for clock in clocks.resident_clocks(work, case):
            if is_met_by_reply(clock):
                clock.relapse(at=at.now, by=by, reason=why)
                clocks.arm(work, clock, at)
        clocks.resume_holder(work, case, at, since=at.now)
    event = IssueUnpendedV1(
        issue_id=case.issue_id, unit_code=case.unit_code, reason=why, unpended_by=by, unpended_at=at.now
    )
    announce(work, event, at)


def _meet(work: SupervisionStore, running: list[Clock], at: Moment) -> list[str]:
    """By the interim reply, but not of who has had the final one. Gives the numbers of the orders."""
    met = [clock for clock in running if not clock.is_over and not clock.is_handled_alone]
    for clock in met:
        clocks.close_clock(work, clock, at, is_met=True, reason=REPLIED)
    return [clock.order_no for clock in met if clock.order_no]


def _who_can_wait(running: list[Clock]) -> list[Clock]:
    """All but an emergency that has joined the others, which has work of its own."""
    return [one for one in running if one.sla_class is None or not one.sla_class.is_urgent] or running


def _arm(work: SupervisionStore, case: Case, at: Moment) -> None:
    assert case.review_at is not None, "what is on the list has a day of review"
    until = case.review_at + at.policy_in(case.unit_code).pending.reviewed_within
    work.timers.set(REVIEW, _ref(case), until, subject=case.issue_id)


def _ref(case: Case) -> str:
    return f"{case.issue_id}/pending"


def _tell(work: SupervisionStore, case: Case, request: Request, at: Moment, order_nos: list[str]) -> None:
    assert case.review_at is not None, "what is on the list has a day of review"
    event = IssuePendedV1(
        request_id=request.id,
        issue_id=case.issue_id,
        unit_code=case.unit_code,
        reason=request.reason,
        plan=request.facts["plan"],
        owner=request.facts["owner"],
        interim_reply=request.facts["reply"],
        order_nos=order_nos,
        review_at=case.review_at,
        approved_by=request.decided_by,
        pended_at=at.now,
    )
    announce(work, event, at)


def _review_at(day: str, now: datetime, within: timedelta) -> datetime:
    """The end of that day. Raises BadRequest for none, one that is over, or one too far away."""
    try:
        ends_at = _end_of(day)
    except ValueError:
        raise BadRequest(f"{day} is no day", {"review_on": ["There is no such day."]}) from None
    if not now < ends_at <= now + within + timedelta(days=1):
        allowed = f"Must be from today on, {within.days} days ahead at most."
        raise BadRequest(f"{day} can't be the day of review", {"review_on": [allowed]})
    return ends_at


def _end_of(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day) + timedelta(days=1), time(), SHANGHAI)
