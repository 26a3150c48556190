"""Decisions 批复 on requests, by another person than who asked, or by the policy when nobody decides; what follows."""

from collections.abc import Callable

from services.supervision.domain.case import Case, issue_of
from services.supervision.domain.timeline import SERVICE
from services.supervision.schemas.requests import RecordAnswer
from services.supervision.storage.repository import SupervisionStore
from services.supervision.use_cases import asking, cooperation, extensions, pending
from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.contracts.requests import Want
from shared.requests import appeals, deciding
from shared.requests.messages import AppealRequest, DecideRequest, RequestReply, request_reply
from shared.requests.request import Request

FOLLOWS: dict[Want, Callable[[SupervisionStore, Case, Request, Moment], None]] = {
    Want.EXTENSION: extensions.extend,
    Want.COOPERATION: cooperation.go_on,
    Want.PENDING: pending.put_on,
    Want.DEMONSTRATION: lambda work, case, request, at: None,  # the unit may escalate it now
}
"""What is done when it is decided, granted or not."""


def decide_request(work: SupervisionStore, request: DecideRequest, at: Moment) -> RequestReply:
    """Raises UnknownRequest, OwnRequest, AlreadyDecided, OwnMatter; NotAllowed where another organisation answers."""
    case = work.cases.find_and_lock(request.subject)
    if case is None:
        raise work.requests.unknown(request.request_id)
    asking.must_not_be_against(case, at)
    asking.must_be_asked(work.requests.get(request.request_id), at)
    decided = deciding.decided(work, request.request_id, at, grant=request.grant, answer=request.reason)
    _follow(work, case, decided, at)
    return request_reply(decided)


def appeal_request(work: SupervisionStore, request: AppealRequest, at: Moment) -> RequestReply:
    """Somebody of the holder's unit takes a refusal one level up. Raises NotAppealable, ClockForbids, IssueClosed."""
    first = work.requests.get(request.request_id)
    case = asking.case_to_ask_about(work, first.about, at)
    decide_by = at.now + at.policy_in(first.unit_code).appeal.decide_within
    if first.wants is Want.EXTENSION:
        decide_by = extensions.before_it_is_over(work, case, decide_by, at)
    decided_in = appeals.one_level_up(work.units(at.now), first.decided_in)
    again = appeals.appeal(work, first, request, at, decided_in=decided_in, decide_by=decide_by)
    case.requests += 1
    asking.tell_asked(work, again, at)
    return request_reply(again)


def record_answer(work: SupervisionStore, request: RecordAnswer, at: Moment) -> RequestReply:
    """What an organisation wrote that was asked."""
    case, answered = cooperation.record_answer(work, request, at)
    _follow(work, case, answered, at)
    return request_reply(answered)


def decide_by_default(work: SupervisionStore, due: Due, at: Moment) -> None:
    """Nobody did in time."""
    case = work.cases.lock(issue_of(due.ref))
    grant = _is_granted_undecided(case, work.requests.get(due.ref), at)
    decided = deciding.defaulted(work, due, at, grant=grant, by=SERVICE)
    if decided is not None:
        _follow(work, case, decided, at)


def _is_granted_undecided(case: Case, request: Request, at: Moment) -> bool:
    """Silence of another organisation is never its consent."""
    policy = at.policy_in(case.unit_code)
    return request.wants is Want.EXTENSION and policy.extension.undecided == "granted"


def _follow(work: SupervisionStore, case: Case, request: Request, at: Moment) -> None:
    asking.tell_decision(work, request, at)
    FOLLOWS[request.wants](work, case, request, at)
