"""Decisions 批复 on requests, by another person than who asked, or by the policy when nobody decides; what follows."""

from collections.abc import Callable

from services.supervision.domain.case import Case, issue_of
from services.supervision.domain.timeline import SERVICE
from services.supervision.storage.repository import SupervisionStore
from services.supervision.use_cases import asking, extensions
from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.contracts.requests import Want
from shared.requests import deciding
from shared.requests.messages import DecideRequest, RequestReply, request_reply
from shared.requests.request import Request

FOLLOWS: dict[Want, Callable[[SupervisionStore, Case, Request, Moment], None]] = {
    Want.EXTENSION: extensions.extend,
}
"""What is done when a request is granted."""


def decide_request(work: SupervisionStore, request: DecideRequest, at: Moment) -> RequestReply:
    """Raises UnknownRequest, OwnRequest, AlreadyDecided, OwnMatter."""
    case = work.cases.find_and_lock(request.subject)
    if case is None:
        raise work.requests.unknown(request.request_id)
    asking.must_not_be_against(case, at)
    decided = deciding.decided(work, request.request_id, at, grant=request.grant, answer=request.reason)
    _follow(work, case, decided, at)
    return request_reply(decided)


def decide_by_default(work: SupervisionStore, due: Due, at: Moment) -> None:
    """Nobody did in time."""
    case = work.cases.lock(issue_of(due.ref))
    wanted = work.requests.get(due.ref).wants
    decided = deciding.defaulted(work, due, at, grant=_is_granted_undecided(case, wanted, at), by=SERVICE)
    if decided is not None:
        _follow(work, case, decided, at)


def _is_granted_undecided(case: Case, wanted: Want, at: Moment) -> bool:
    policy = at.policy_in(case.unit_code)
    return {Want.EXTENSION: policy.extension.undecided}[wanted] == "granted"


def _follow(work: SupervisionStore, case: Case, request: Request, at: Moment) -> None:
    asking.tell_decision(work, request, at)
    if request.is_granted:
        FOLLOWS[request.wants](work, case, request, at)
