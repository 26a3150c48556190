"""What can be looked up. No caller's personal data: nothing here opens the seal."""

from typing import Any

from services.intake.domain.errors import UnknownIssue, UnknownOrder
from services.intake.schemas import (
    ComplaintListReply,
    ComplaintReply,
    DeliberationListReply,
    GetComplaint,
    GetIssue,
    IssueReply,
    ListComplaints,
    ListDeliberation,
    complaint_reply,
    issue_reply,
    rejected_reply,
)
from shared.auth import Caller, Role
from shared.units import UnitDirectory

READS_EVERYWHERE = frozenset({Role.HOTLINE, Role.OPERATOR, Role.SUPERVISOR})


def get_complaint(work: Any, request: GetComplaint, *, by: Caller) -> ComplaintReply:
    """An order; one that was only ever refused is shown as rejected, with the last reason."""
    complaint = work.complaints.find(request.order_no)
    if complaint is not None:
        _must_be_ones_own(by, complaint.unit_code)
        return complaint_reply(complaint)
    rejections = work.rejections.of_order(request.order_no)
    if not rejections or by.role not in READS_EVERYWHERE:
        raise UnknownOrder(f"no order has the number {request.order_no}", {"order_no": ["Unknown order."]})
    return rejected_reply(rejections[-1])


def list_complaints(work: Any, request: ListComplaints, *, by: Caller) -> ComplaintListReply:
    """The orders linked to an issue."""
    issue = _issue(work, request.issue_id, by)
    return ComplaintListReply(complaints=[complaint_reply(one) for one in work.complaints.of_issue(issue.id)])


def get_issue(work: Any, request: GetIssue, *, by: Caller) -> IssueReply:
    issue = _issue(work, request.issue_id, by)
    return issue_reply(issue, [complaint.order_no for complaint in work.complaints.of_issue(issue.id)])


def list_deliberation(
    work: Any, request: ListDeliberation, *, by: Caller, units: UnitDirectory
) -> DeliberationListReply:
    """A unit's deliberation list 协商清单, longest listed first."""
    unit = units.get(request.unit_code)
    _must_be_ones_own(by, unit.code)
    return DeliberationListReply(issues=[issue_reply(issue, []) for issue in work.issues.listed_at(unit.code)])


def _issue(work: Any, issue_id: str, by: Caller) -> Any:
    issue = work.issues.find(issue_id)
    if issue is None:
        raise UnknownIssue(f"no issue has the id {issue_id}", {"issue_id": ["Unknown issue."]})
    _must_be_ones_own(by, issue.origin_unit)  # and so everybody above it
    return issue


def _must_be_ones_own(by: Caller, unit_code: str) -> None:
    if by.role not in READS_EVERYWHERE:
        by.must_act_in(unit_code)
