"""The deliberation list 协商清单 of a unit: what its councils are to meet on."""

from services.intake.domain.complaint import Complaint
from services.intake.domain.issue import Issue
from services.intake.storage.repository import IntakeStore
from shared.bus.moment import Moment
from shared.contracts.intake import IssueListedV1
from shared.contracts.vocabulary import ListingReason, Route


def list_issue(work: IntakeStore, issue: Issue, unit_code: str, reason: ListingReason, at: Moment) -> None:
    """Put an issue on a unit's deliberation list."""
    issue.list_at(unit_code, reason, at=at.now)
    told = IssueListedV1(
        issue_id=issue.id,
        unit_code=unit_code,
        category=issue.category,
        title=issue.title,
        publicity=issue.publicity,
        respondents=issue.against,
        reason=reason,
        listed_at=at.now,
    )
    work.outbox.add(told, at=at.now)


def list_group(work: IntakeStore, issue: Issue, complaint: Complaint, at: Moment) -> None:
    """When enough different people speak of one matter within the policy's time, a council meets on it.

    A petition speaks for all who signed it.
    """
    group = at.policy_in(issue.unit_code).group
    issue.note_people(complaint.people_refs(group.callers), complaint.filed_at, group=group.callers)
    may_be_listed = issue.is_open and issue.route is Route.HANDLE and not issue.listed_unit
    may_be_listed = may_be_listed and not issue.sla_class.is_urgent
    if may_be_listed and issue.listing_reason is None and issue.is_group(group=group.callers, within=group.within):
        list_issue(work, issue, issue.unit_code, ListingReason.GROUP, at)
