"""Decisions on what was asked about orders and issues, by another person, or by the clock when nobody decides.

Silence takes nothing from who called: what would be taken up, or become more urgent, then is; else all stays as it is.
"""

from services.intake.domain.complaint import REINSTATABLE, Complaint
from services.intake.domain.history import NOBODY, Decided, entry_on
from services.intake.domain.issue import Issue
from services.intake.schemas.hotline_requests import OF_THE_HOTLINE
from services.intake.storage.repository import IntakeStore
from services.intake.use_cases import hotline_requests
from services.intake.use_cases.answers import reinstate
from services.intake.use_cases.asking import must_be_without_orders
from services.intake.use_cases.corrections import correct, placing_of
from services.intake.use_cases.respondents import must_not_be_against
from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.contracts.intake import IssueWithdrawnV1
from shared.contracts.requests import Want
from shared.contracts.vocabulary import Outcome, SlaClass
from shared.errors import NotAllowed
from shared.requests import deciding
from shared.requests.messages import (
    DecideRequest,
    GetRequest,
    RequestReply,
    request_reply,
)
from shared.requests.request import Request


def decide_request(work: IntakeStore, request: DecideRequest, at: Moment) -> RequestReply:
    """Raises OwnRequest, AlreadyDecided, OwnMatter, NotAllowed; and what stands against it now, if it is granted."""
    asked = work.requests.get(request.request_id)
    if asked.wants in OF_THE_HOTLINE:
        raise NotAllowed(f"the hotline decides {asked.id}, and answers by itself: see list_hotline_requests")
    complaint, issue = _locked(work, asked)
    about = complaint or issue
    assert about is not None, "what is asked about is there"
    must_not_be_against(about.respondents, at)
    decided = deciding.decided(work, asked.id, at, grant=request.grant, answer=request.reason)
    _follow(work, decided, complaint, issue, at)
    return request_reply(decided)


def decide_by_default(work: IntakeStore, due: Due, at: Moment) -> None:
    """Nobody did in time. What was settled otherwise meanwhile has nothing to be decided any more."""
    asked = work.requests.get(due.ref)
    if asked.wants in OF_THE_HOTLINE:
        hotline_requests.stay_as_it_is(work, due, at)
        return
    complaint, issue = _locked(work, asked)
    grant = asked.wants is Want.REINSTATEMENT or "raises" in asked.facts
    if grant and not _may_follow(asked, complaint, issue):
        deciding.end_open(work, asked.about, "已另行处理", at, by=NOBODY)
        return
    decided = deciding.defaulted(work, due, at, grant=grant, by=NOBODY)
    if decided is not None:
        _follow(work, decided, complaint, issue, at)


def get_request(work: IntakeStore, request: GetRequest, at: Moment) -> RequestReply:
    """For the unit that asked and whoever decides."""
    one = work.requests.get(request.request_id)
    if not at.caller.may_act_in(one.decided_in):
        at.caller.must_act_in(one.unit_code)
    return request_reply(one)


def _locked(work: IntakeStore, asked: Request) -> tuple[Complaint | None, Issue | None]:
    """The order with its issue, or the issue alone."""
    if asked.wants is Want.WITHDRAWAL:
        return None, work.issues.lock(asked.about)
    issue_id = work.complaints.get(asked.about).issue_id
    issue = work.issues.find_and_lock(issue_id) if issue_id else None
    return work.complaints.lock(asked.about), issue


def _may_follow(asked: Request, complaint: Complaint | None, issue: Issue | None) -> bool:
    if complaint is None:
        return False
    if asked.wants is Want.REINSTATEMENT:
        return complaint.state in REINSTATABLE
    is_in_hand = complaint.is_linked and issue is not None and issue.is_open
    return is_in_hand and complaint.sla_class.value == asked.facts["raises"]


def _follow(work: IntakeStore, decided: Request, complaint: Complaint | None, issue: Issue | None, at: Moment) -> None:
    by = decided.decided_by
    if complaint is None:
        if decided.is_granted and issue is not None:
            _give_up(work, issue, decided, at)
    elif not decided.is_granted:
        after = {"request_id": decided.id, "wants": decided.wants.value}
        work.history.add(entry_on(complaint, Decided.REFUSED, reason=decided.answer, by=by, at=at.now, after=after))
    elif decided.wants is Want.REINSTATEMENT:
        reinstate(work, complaint, decided.words, at, by=by)
    else:
        before = placing_of(complaint)
        unit, sla_class = decided.facts.get("unit_code"), decided.facts.get("sla_class")
        after_it = before._replace(
            unit_code=unit or before.unit_code, sla_class=SlaClass(sla_class) if sla_class else before.sla_class
        )
        correct(work, complaint, after_it, decided.words, at, by=by)


def _give_up(work: IntakeStore, issue: Issue, decided: Request, at: Moment) -> None:
    issue.must_be_open()
    must_be_without_orders(work, issue)
    issue.close(Outcome.WITHDRAWN, at=at.now)
    told = IssueWithdrawnV1(
        issue_id=issue.id,
        unit_code=issue.unit_code,
        order_no="",
        reason=decided.words,
        withdrawn_by=decided.decided_by,
        withdrawn_at=at.now,
    )
    work.outbox.add(told, at=at.now)
