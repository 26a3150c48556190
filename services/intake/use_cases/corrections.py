"""Correction 更正: unit, category or class of urgency of an order were wrong. Tasks, clocks and figures follow.

A clerk of a level above both sides decides, with a reason. An order that shares its issue leaves it; an issue with no
other order is corrected as it is, and supervision gives it to the right holder. No time begins anew by that.
"""

from datetime import timedelta
from typing import NamedTuple

from services.intake.domain.complaint import Complaint
from services.intake.domain.errors import NothingToCorrect
from services.intake.domain.history import Decided, entry_on
from services.intake.domain.issue import Issue, listing_reason_of
from services.intake.domain.respondent import as_lines
from services.intake.schemas.replies import ComplaintReply, complaint_reply
from services.intake.schemas.requests import CorrectOrder
from services.intake.storage.repository import IntakeStore
from services.intake.use_cases.links import move_out, set_right
from services.intake.use_cases.lists import list_issue
from services.intake.use_cases.respondents import against, must_be_for, must_not_be_against
from shared.bus.moment import Moment
from shared.contracts.intake import ComplaintCorrectedV1
from shared.contracts.requests import Want
from shared.contracts.vocabulary import ListingReason, Route, SlaClass
from shared.requests.deciding import REQUEST

CORRECTED = (Want.TRANSFER, Want.URGENCY)
"""What may be asked for that a correction settles."""


class Placing(NamedTuple):
    """What may be wrong of an order."""

    unit_code: str
    category: str
    sla_class: SlaClass


def correct_order(work: IntakeStore, request: CorrectOrder, at: Moment) -> ComplaintReply:
    """What somebody asked for is settled by it. Raises NothingToCorrect, NotLinked, IssueClosed, OwnRequest."""
    work.issues.find_and_lock(work.complaints.get(request.order_no).issue_id)
    complaint = work.complaints.lock(request.order_no)
    before = placing_of(complaint)
    after = _asked_for(work, request, before, at)
    at.caller.must_act_in(unit_above(work, before, after, work.issues.find_and_lock(complaint.issue_id), at))
    must_not_be_against(complaint.respondents, at)
    asked = [one for one in work.requests.of(about=complaint.order_no) if one.is_open and one.wants in CORRECTED]
    for one in asked:
        one.must_not_be_of(at.caller)
    correct(work, complaint, after, request.reason, at, by=at.caller.subject)
    for one in asked:
        one.end(request.reason, by=at.caller.subject, at=at.now)
        work.timers.cancel(REQUEST, one.id)
    return complaint_reply(complaint, work.history.of_order(complaint))


def correct(work: IntakeStore, complaint: Complaint, after: Placing, reason: str, at: Moment, *, by: str) -> None:
    """Raises NotLinked, IssueClosed, OwnMatter, NothingToCorrect."""
    before = placing_of(complaint)
    must_be_for(work, complaint, after.unit_code, at)
    complaint.must_be_linked()
    issue = work.issues.lock(complaint.issue_id)
    issue.must_be_open()
    if after == before:
        raise nothing_else(complaint.order_no, before)
    _correct(work, complaint, before, after, reason, at, by=by)
    if len(work.complaints.linked_to(issue.id)) > 1:
        issue = move_out(work, complaint, issue, reason, at, by=by)
    else:
        _correct_issue(work, complaint, issue, at)
    work.outbox.add(_corrected(complaint, issue, before, reason, at, by=by), at=at.now)


def nothing_else(order_no: str, before: Placing) -> NothingToCorrect:
    """Names what the order is, and by which fields something else is said."""
    so = f"is for {before.unit_code}, of category {before.category} and class {before.sla_class}"
    return NothingToCorrect(f"order {order_no} {so} already: name another unit_code, category or sla_class")


def placing_of(complaint: Complaint) -> Placing:
    return Placing(complaint.unit_code, complaint.category, complaint.sla_class)


def _asked_for(work: IntakeStore, request: CorrectOrder, before: Placing, at: Moment) -> Placing:
    """What is not named stays. Raises UnknownUnit, or BadRequest for a category that nobody knows."""
    if request.category:
        work.catalogue.get(request.category)
    unit = work.units(at.now).get(request.unit_code).code if request.unit_code else before.unit_code
    return Placing(unit, request.category or before.category, request.sla_class or before.sla_class)


def unit_above(work: IntakeStore, before: Placing, after: Placing, issue: Issue | None, at: Moment) -> str:
    """The unit that covers both sides and the holder; where that is the unit itself, the one above it."""
    units = work.units(at.now)
    sides = {units.heir_of(before.unit_code), after.unit_code} | ({units.heir_of(issue.unit_code)} if issue else set())
    covering = units.covering_unit(sorted(sides))
    return (units.parent_of(covering) or covering) if len(sides) == 1 else covering


def _correct(
    work: IntakeStore, complaint: Complaint, before: Placing, after: Placing, reason: str, at: Moment, *, by: str
) -> None:
    is_of_other_class = after.sla_class is not before.sla_class
    due_at = complaint.due_at
    if is_of_other_class:
        limit = at.policy.sla.limit(after.sla_class)
        of_class = complaint.dispatched_at + limit + timedelta(seconds=complaint.extended_seconds)
        due_at = min(of_class, due_at) if complaint.has_own_limit else of_class
    title = work.wording(after.category, after.unit_code, at.now)
    complaint.correct(*after, title=title, due_at=due_at)
    complaint.respondents = as_lines(against(work, complaint, after.unit_code, at).respondents)
    changed = [name for name in Placing._fields if getattr(before, name) != getattr(after, name)]
    entry = entry_on(
        complaint,
        Decided.CORRECTED,
        reason=reason,
        by=by,
        at=at.now,
        before={name: str(getattr(before, name)) for name in changed},
        after={name: str(getattr(after, name)) for name in changed},
    )
    work.history.add(entry)


def _correct_issue(work: IntakeStore, complaint: Complaint, issue: Issue, at: Moment) -> None:
    """The category may bring it onto a deliberation list, or off it, as urgency always does."""
    route = Route.HANDLE if complaint.sla_class.is_urgent else issue.route
    reason = listing_reason_of(complaint.request_kind, work.catalogue.find(complaint.category), complaint.sla_class)
    if complaint.category != issue.category and reason is None and issue.listing_reason is ListingReason.CATEGORY:
        route = Route.HANDLE
    is_to_be_listed = complaint.category != issue.category and reason is not None and route is Route.HANDLE
    set_right(work, issue, complaint, route, at)
    if is_to_be_listed and reason is not None:
        list_issue(work, issue, issue.unit_code, reason, at)


def _corrected(
    complaint: Complaint, issue: Issue, before: Placing, reason: str, at: Moment, *, by: str
) -> ComplaintCorrectedV1:
    return ComplaintCorrectedV1(
        order_no=complaint.order_no,
        issue_id=issue.id,
        from_unit=before.unit_code,
        to_unit=complaint.unit_code,
        from_category=before.category,
        category=complaint.category,
        from_class=before.sla_class,
        sla_class=complaint.sla_class,
        title=issue.title,
        respondents=issue.against,
        route=issue.route,
        due_at=complaint.due_at,
        reason=reason,
        corrected_by=by,
        corrected_at=at.now,
    )
