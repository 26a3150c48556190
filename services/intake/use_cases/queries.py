"""What intake is asked. Nothing here changes anything, and nothing opens the seal: no caller's personal data."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from services.intake.domain.complaint import Complaint, ComplaintState
from services.intake.domain.handover import Handover
from services.intake.domain.issue import Issue
from services.intake.domain.waits import FOLLOWING, IN_HAND, OF_REQUESTS, SETTLING, VERIFYING, WORDING
from services.intake.schemas.hotline_requests import OF_THE_HOTLINE
from services.intake.schemas.replies import (
    CategoriesReply,
    ComplaintListReply,
    ComplaintReply,
    DeliberationListReply,
    IssueReply,
    OrdersReply,
    ToSettleReply,
    category_line,
    complaint_reply,
    issue_reply,
    order_line,
    order_reply,
    rejected_reply,
    to_settle_line,
)
from services.intake.schemas.requests import (
    GetComplaint,
    GetIssue,
    ListCategories,
    ListComplaints,
    ListDeliberation,
    ListOrders,
    ListToSettle,
)
from services.intake.storage.repository import IntakeStore
from services.intake.use_cases.respondents import is_against
from shared.auth import Role
from shared.bus.moment import Moment
from shared.bus.rpc.my_work import ListMyWork, MyWorkReply, WaitPart, my_work, waits_for
from shared.contracts.requests import Want
from shared.requests.request import Request, RequestState
from shared.waits import Wait


def get_complaint(work: IntakeStore, request: GetComplaint, at: Moment) -> ComplaintReply:
    """An order; one that was only ever refused is shown as rejected, with the last reason."""
    complaint = work.complaints.find(request.order_no)
    if complaint is not None:
        at.caller.must_act_in(complaint.unit_code)
        reply = order_reply(work.complaints.matters_of(complaint), work.history.of_order(complaint))
        is_hotline = at.caller.is_any_of({Role.HOTLINE})
        return replace(reply, check_code=work.callers.check_code(complaint.order_no)) if is_hotline else reply
    rejections = work.rejections.of(order_no=request.order_no)
    if not rejections or not at.caller.may_act_in(work.units(at.now).district):
        raise work.complaints.unknown(request.order_no)
    return rejected_reply(max(rejections, key=lambda one: (one.rejected_at, one.id)))


def list_complaints(work: IntakeStore, request: ListComplaints, at: Moment) -> ComplaintListReply:
    """The orders linked to an issue."""
    issue = _issue(work, request.issue_id, at)
    return ComplaintListReply(complaints=[complaint_reply(one) for one in work.complaints.linked_to(issue.id)])


def list_orders(work: IntakeStore, request: ListOrders, at: Moment) -> OrdersReply:
    """What a unit and those inside it have in hand."""
    units = work.units(at.now)
    unit = units.get(request.unit_code)
    at.caller.must_act_in(unit.code)
    states = [ComplaintState(request.state)] if request.state else IN_HAND
    found = work.complaints.in_hand_in(
        units.ever_inside(unit.code), states, due_before=request.due_before, most=request.most
    )
    return OrdersReply(orders=[order_line(one) for one in found])


def list_categories(work: IntakeStore, request: ListCategories, at: Moment) -> CategoriesReply:
    known = filter(None, map(work.catalogue.find, work.catalogue.codes))
    lines = [category_line(one) for one in known]
    return CategoriesReply(categories=lines)


def get_issue(work: IntakeStore, request: GetIssue, at: Moment) -> IssueReply:
    issue = _issue(work, request.issue_id, at)
    return issue_reply(issue, work.complaints.linked_to(issue.id))


def list_deliberation(work: IntakeStore, request: ListDeliberation, at: Moment) -> DeliberationListReply:
    """A unit's deliberation list 协商清单, longest listed first."""
    unit = work.units(at.now).get(request.unit_code)
    at.caller.must_act_in(unit.code)
    return DeliberationListReply(issues=[issue_reply(issue) for issue in work.issues.listed_at(unit.code)])


def list_to_settle(work: IntakeStore, request: ListToSettle, at: Moment) -> ToSettleReply:
    """The orders of which a clerk of the unit, or of one inside it, must say which unit they are for."""
    units = work.units(at.now)
    unit = units.get(request.unit_code)
    at.caller.must_act_in(unit.code)
    waiting = work.unsettled.waiting_in(units.ever_inside(unit.code), request.most)
    work.complaints.load(one.order_no for one in waiting)
    return ToSettleReply(orders=[to_settle_line(work.complaints.get(one.order_no), one) for one in waiting])


def list_my_work(work: IntakeStore, request: ListMyWork, at: Moment) -> MyWorkReply:
    """What a clerk's order desk has to settle, follow, word, verify and decide."""
    units = work.units(at.now).ever_inside(at.caller.unit or "")
    waiting = work.unsettled.waiting_in(units, request.most)
    work.complaints.load(one.order_no for one in waiting)
    orders = [(work.complaints.get(one.order_no), one) for one in waiting]
    unsettled = [
        _order(SETTLING, order, one.unit_code, one.due_at)
        for order, one in orders
        if not is_against(order.respondents, at)
    ]
    issues = work.issues.waiting_for_words(units, request.most)
    unworded = [_unworded(one, at) for one in issues if not is_against(one.respondents, at)]
    handed = work.handovers.open_in(units, request.most)
    work.complaints.load(one.order_no for one in handed)
    followed = _to_follow(work, handed, at)
    petitions = work.complaints.unverified_in(units, IN_HAND, request.most)
    unverified = [
        _order(VERIFYING, one, one.unit_code, one.filed_at + at.policy_in(one.unit_code).group.verify)
        for one in petitions
        if not is_against(one.respondents, at)
    ]
    asked = work.requests.list_in(units, [RequestState.ASKED], request.most)
    return my_work([*unsettled, *followed, *unworded, *unverified, *_to_decide(work, asked, at)], request.most)


def _to_follow(work: IntakeStore, handed: Sequence[Handover], at: Moment) -> list[WaitPart]:
    """Of what several emergency lines have, one row: what came of it is said once."""
    first = {one.order_no: one for one in reversed(handed)}
    orders = [(work.complaints.get(order_no), one) for order_no, one in first.items()]
    return [
        _order(FOLLOWING, order, order.unit_code, one.follow_by)
        for order, one in orders
        if not is_against(order.respondents, at)
    ]


def _to_decide(work: IntakeStore, asked: Sequence[Request], at: Moment) -> list[WaitPart]:
    """What the hotline is to answer; and what a clerk decides, but for what they asked for or is against their own."""
    theirs = [one for one in asked if one.wants in OF_THE_HOTLINE or not one.is_asked_by(at.caller)]
    work.complaints.load(one.about for one in theirs if one.wants is not Want.WITHDRAWAL)
    work.issues.load(one.about for one in theirs if one.wants is Want.WITHDRAWAL)
    about = [(one, _about(work, one)) for one in theirs]
    return [_asked(one, of.title) for one, of in about if not is_against(of.respondents, at)]


def _about(work: IntakeStore, asked: Request) -> Issue | Complaint:
    return work.issues.get(asked.about) if asked.wants is Want.WITHDRAWAL else work.complaints.get(asked.about)


def _asked(asked: Request, title: str) -> WaitPart:
    return waits_for(
        OF_REQUESTS[asked.wants],
        about=asked.id,
        title=title,
        unit_code=asked.unit_code,
        state=asked.state.value,
        due_at=asked.decide_by,
    )


def _order(wait: Wait, complaint: Complaint, unit_code: str, due_at: datetime) -> WaitPart:
    return waits_for(
        wait,
        about=complaint.order_no,
        title=complaint.title,
        unit_code=unit_code,
        state=complaint.state.value,
        due_at=due_at,
    )


def _unworded(issue: Issue, at: Moment) -> WaitPart:
    return waits_for(
        WORDING,
        about=issue.id,
        title=issue.title,
        unit_code=issue.listed_unit,
        state=issue.state.value,
        due_at=issue.words_due_at(at.policy_in(issue.unit_code).wording.within),
    )


def _issue(work: IntakeStore, issue_id: str, at: Moment) -> Issue:
    issue = work.issues.get(issue_id)
    at.caller.must_act_in(issue.origin_unit)  # and so everybody above it
    return issue
