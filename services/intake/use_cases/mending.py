"""A clerk mends a link. Orders are linked to issues, never folded: each keeps its own clock, reply and survey."""

from datetime import datetime
from itertools import count
from typing import Any

from services.intake.domain.complaint import Complaint
from services.intake.domain.errors import AlreadyLinked, LastOrder, UnknownIssue, UnknownOrder
from services.intake.domain.issue import Issue, issue_id_of
from services.intake.domain.likeness import gist_of
from services.intake.domain.reading import Reader
from services.intake.domain.rejection import undo_link
from services.intake.schemas import ComplaintReply, LinkComplaint, UnlinkComplaint, complaint_reply
from services.intake.use_cases.linking import announce_link, raise_issue, settle_group
from shared.auth import Caller
from shared.contracts.intake import ComplaintUnlinkedV1


def link_complaint(work: Any, request: LinkComplaint, *, by: Caller, policies: Any, now: datetime) -> ComplaintReply:
    """Move an order to another open issue."""
    complaint, before = _linked_complaint(work, request.order_no, by)
    issue = _open_issue(work, request.issue_id, by)
    if issue.id == before.id:
        raise AlreadyLinked(f"order {complaint.order_no} belongs to issue {issue.id} already")
    _must_not_be_the_last(work, before)
    _unlink(work, complaint, before, reason=request.reason, by=by.subject, now=now)
    _link(work, complaint, issue, by=by.subject, now=now)
    settle_group(work, complaint, issue, policies.at(now, issue.unit_code), now)
    return complaint_reply(complaint)


def unlink_complaint(
    work: Any, request: UnlinkComplaint, *, by: Caller, reader: Reader, policies: Any, now: datetime
) -> ComplaintReply:
    """Take an order out of its issue and begin an issue of its own with it."""
    complaint, before = _linked_complaint(work, request.order_no, by)
    _must_not_be_the_last(work, before)
    gist = gist_of(complaint.title, complaint.content, reader.catalogue.matching.likeness_characters)
    _unlink(work, complaint, before, reason=request.reason, by=by.subject, now=now)
    category = reader.catalogue.find(complaint.category)
    issue = raise_issue(work, complaint, _free_issue_id(work, complaint.order_no), gist, category, now)
    _link(work, complaint, issue, by=by.subject, now=now)
    settle_group(work, complaint, issue, policies.at(now, issue.unit_code), now)
    return complaint_reply(complaint)


def _unlink(work: Any, complaint: Complaint, issue: Issue, *, reason: str, by: str, now: datetime) -> None:
    issue.forget_caller(complaint.caller_ref)
    work.undone_links.add(undo_link(complaint, reason=reason, at=now, by=by))
    told = ComplaintUnlinkedV1(
        order_no=complaint.order_no, issue_id=complaint.issue_id, reason=reason, unlinked_at=now, unlinked_by=by
    )
    work.outbox.add(told, at=now)


def _link(work: Any, complaint: Complaint, issue: Issue, *, by: str, now: datetime) -> None:
    before = complaint.issue_id
    complaint.link(issue.id, at=now, by=by)
    for urging in work.complaints.urging(complaint.order_no):
        urging.urge(complaint.order_no, issue.id)
    work.complaints.moved(complaint, from_issue=before)
    announce_link(work, complaint, issue)


def _linked_complaint(work: Any, order_no: str, by: Caller) -> tuple[Complaint, Issue]:
    complaint = work.complaints.find(order_no)
    if complaint is None:
        raise UnknownOrder(f"no order has the number {order_no}", {"order_no": ["Unknown order."]})
    complaint.must_be_linked()
    return complaint, _open_issue(work, complaint.issue_id, by)


def _open_issue(work: Any, issue_id: str, by: Caller) -> Issue:
    issue: Issue | None = work.issues.find(issue_id)
    if issue is None:
        raise UnknownIssue(f"no issue has the id {issue_id}", {"issue_id": ["Unknown issue."]})
    by.must_act_in(issue.unit_code)
    issue.must_be_open()
    return issue


def _must_not_be_the_last(work: Any, issue: Issue) -> None:
    if len(work.complaints.of_issue(issue.id)) < 2:
        raise LastOrder(f"it is the only order of issue {issue.id}, which would be left without any")


def _free_issue_id(work: Any, order_no: str) -> str:
    """An order that began an issue, and is taken out of it, begins its second."""
    return next(
        candidate for number in count(1) if work.issues.find(candidate := issue_id_of(order_no, number)) is None
    )
