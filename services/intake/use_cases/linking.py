"""What raising, linking and listing have in common, whoever does it."""

from datetime import datetime
from typing import Any

from services.intake.domain.catalogue import Category
from services.intake.domain.complaint import Complaint
from services.intake.domain.issue import Issue, listing_reason_of
from services.intake.domain.likeness import Gist
from shared.contracts.intake import ComplaintLinkedV1, IssueListedV1, IssueRaisedV1
from shared.contracts.vocabulary import ListingReason, Route
from shared.policy import Policy


def raise_issue(
    work: Any, complaint: Complaint, issue_id: str, gist: Gist, category: Category | None, now: datetime
) -> Issue:
    """Begin an issue with this order; where councils meet on such matters, it is on its unit's list at once."""
    reason = listing_reason_of(complaint.request_kind, category)
    issue = Issue(
        id=issue_id,
        first_order_no=complaint.order_no,
        origin_unit=complaint.unit_code,
        unit_code=complaint.unit_code,
        category=complaint.category,
        title=complaint.title,
        title_gist=gist.title,
        beginning_gist=gist.beginning,
        request_kind=complaint.request_kind,
        sla_class=complaint.sla_class,
        route=Route.HANDLE if reason is None else Route.DELIBERATE,
        raised_at=now,
    )
    work.issues.add(issue)
    work.outbox.add(_raised(issue, complaint), at=now)
    if reason is not None:
        list_issue(work, issue, issue.unit_code, reason, now)
    return issue


def list_issue(work: Any, issue: Issue, unit_code: str, reason: ListingReason, now: datetime) -> None:
    """Put an issue on a unit's deliberation list."""
    issue.list_at(unit_code, reason, at=now)
    work.outbox.add(
        IssueListedV1(
            issue_id=issue.id,
            unit_code=unit_code,
            category=issue.category,
            title=issue.title,
            reason=reason,
            listed_at=now,
        ),
        at=now,
    )


def announce_link(work: Any, complaint: Complaint, issue: Issue) -> None:
    linked_at = complaint.linked_at
    assert linked_at is not None, "a complaint is linked before that is announced"
    work.outbox.add(
        ComplaintLinkedV1(
            order_no=complaint.order_no,
            issue_id=issue.id,
            unit_code=issue.unit_code,
            category=complaint.category,
            request_kind=complaint.request_kind,
            sla_class=complaint.sla_class,
            dispatch_kind=complaint.dispatch_kind,
            dispatched_at=complaint.dispatched_at,
            due_at=complaint.due_at,
            linked_at=linked_at,
            linked_by=complaint.linked_by,
        ),
        at=linked_at,
    )


def settle_group(work: Any, complaint: Complaint, issue: Issue, policy: Policy, now: datetime) -> None:
    """When enough different callers speak of one matter within the policy's time, a council meets on it."""
    group = policy.group
    issue.note_caller(complaint.caller_ref, complaint.filed_at, group=group.callers)
    may_be_listed = issue.is_open and issue.route is Route.HANDLE and not issue.listed_unit
    if may_be_listed and issue.listing_reason is None and issue.is_group(group=group.callers, within=group.within):
        list_issue(work, issue, issue.unit_code, ListingReason.GROUP, now)


def _raised(issue: Issue, complaint: Complaint) -> IssueRaisedV1:
    return IssueRaisedV1(
        issue_id=issue.id,
        order_no=complaint.order_no,
        unit_code=issue.unit_code,
        category=issue.category,
        title=issue.title,
        request_kind=issue.request_kind,
        sla_class=issue.sla_class,
        dispatch_kind=complaint.dispatch_kind,
        route=issue.route,
        dispatched_at=complaint.dispatched_at,
        due_at=complaint.due_at,
        raised_at=issue.raised_at,
    )
