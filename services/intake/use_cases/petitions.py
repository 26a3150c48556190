"""Petitions 联名诉求: one order speaks for all who signed it; a clerk says how many of them are real."""

from services.intake.domain.complaint import Complaint
from services.intake.domain.history import Decided, entry_on
from services.intake.schemas.replies import ComplaintReply, complaint_reply
from services.intake.schemas.requests import VerifySignatures
from services.intake.storage.repository import IntakeStore
from services.intake.use_cases.lists import list_group
from shared.bus.moment import Moment
from shared.contracts.intake import SignaturesVerifiedV1


def verify_signatures(work: IntakeStore, request: VerifySignatures, at: Moment) -> ComplaintReply:
    """From now on each of its matters speaks for so many. What is on a list stays; it may come onto one by this."""
    complaint = work.complaints.lock(request.order_no)
    at.caller.must_act_in(complaint.unit_code)
    before = complaint.people
    for matter in work.complaints.matters_of(complaint):
        _verify(work, work.complaints.lock(matter.order_no), request.verified, at)
    noted = entry_on(
        complaint,
        Decided.VERIFIED,
        reason=request.reason,
        by=at.caller.subject,
        at=at.now,
        before={"people": str(before)},
        after={"people": str(complaint.people)},
    )
    work.history.add(noted)
    return complaint_reply(complaint, work.history.of_order(complaint))


def _verify(work: IntakeStore, matter: Complaint, verified: int, at: Moment) -> None:
    issue = work.issues.find_and_lock(matter.issue_id) if matter.is_linked else None
    if issue is not None:
        issue.forget_people(matter.people_refs(matter.people))
    matter.verify_signatures(verified)
    if issue is not None:
        told = SignaturesVerifiedV1(
            order_no=matter.order_no,
            issue_id=issue.id,
            speaks_for=matter.people,
            verified_by=at.caller.subject,
            verified_at=at.now,
        )
        work.outbox.add(told, at=at.now)
        list_group(work, issue, matter, at)
