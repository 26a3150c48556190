"""Which order belongs to which issue. Orders are linked, never folded: each keeps its own clock, reply and survey."""

from collections.abc import Sequence
from itertools import count

from services.intake.domain.complaint import Complaint
from services.intake.domain.errors import AgainstOthers, AlreadyLinked, LastOrder
from services.intake.domain.issue import ORDERS, Dispatched, Issue, Source, issue_id_of, listing_reason_of, publicity_of
from services.intake.domain.likeness import Gist, closest
from services.intake.domain.rejection import undo_link
from services.intake.domain.update import Update
from services.intake.schemas.replies import ComplaintReply, complaint_reply
from services.intake.schemas.requests import AboutOrder, LinkComplaint, UnlinkComplaint
from services.intake.storage.candidates import Matter
from services.intake.storage.repository import IntakeStore
from services.intake.use_cases.lists import list_group, list_issue
from services.intake.use_cases.respondents import must_not_be_against
from shared.bus.moment import Moment
from shared.contracts.hotline import OrderMergedV1
from shared.contracts.intake import ComplaintLinkedV1, ComplaintUnlinkedV1, IssueRaisedV1, IssueWithdrawnV1
from shared.contracts.vocabulary import Outcome, Route
from shared.units import Tier


def link_complaint(work: IntakeStore, request: LinkComplaint, at: Moment) -> ComplaintReply:
    """Move an order to another open issue. What is left without one is withdrawn, as where the hotline merges."""
    complaint, before = _linked_complaint(work, request.order_no, at)
    issue = _open_issue(work, request.issue_id, at)
    if issue.respondents != complaint.respondents:
        raise AgainstOthers(f"order {complaint.order_no} and issue {issue.id} are not against the same organisations")
    if issue.id == before.id:
        raise AlreadyLinked(f"order {complaint.order_no} belongs to issue {issue.id} already")
    move_into(work, complaint, issue, request.reason, at, by=at.caller.subject)
    return complaint_reply(complaint)


def unlink_complaint(work: IntakeStore, request: UnlinkComplaint, at: Moment) -> ComplaintReply:
    """Take an order out of its issue and begin an issue of its own with it."""
    complaint, before = _linked_complaint(work, request.order_no, at)
    _must_not_be_the_last(work, before)
    move_out(work, complaint, before, request.reason, at, by=at.caller.subject)
    return complaint_reply(complaint)


def move_out(work: IntakeStore, complaint: Complaint, before: Issue, reason: str, at: Moment, *, by: str) -> Issue:
    """The order leaves its issue and begins one of its own; the orders that urge it come with it."""
    _unlink(work, complaint, before, reason, at, by=by)
    issue = raise_issue(work, complaint, free_issue_id(work, complaint.order_no), work.gist_of(complaint), at)
    _link_anew(work, complaint, issue, at, by=by)
    return issue


def move_into(work: IntakeStore, complaint: Complaint, issue: Issue, reason: str, at: Moment, *, by: str) -> None:
    """The order leaves its issue for another, with the orders that urge it. What is left without one is withdrawn."""
    leave_issue(work, complaint, reason, at, by=by)
    _link_anew(work, complaint, issue, at, by=by)


def take_up(
    work: IntakeStore, complaint: Complaint, gist: Gist, at: Moment, *, by: str, or_into: Issue | None = None
) -> Issue:
    """The order goes its way, in the open issue on the matter or in a new one: urgent, it waits for no council.

    Where its own unit has none, it goes into the issue that is named.
    """
    matter = complaint.unit_code, complaint.category
    found = closest_issue(work, matter, gist, at, against=complaint.respondents)
    issue = work.issues.find_and_lock(found) if found else or_into
    waits = issue is not None and issue.route is Route.DELIBERATE and complaint.sla_class.is_urgent
    if issue is None or not issue.is_open or waits:
        is_first = not complaint.decisions
        issue_id = issue_id_of(complaint.order_no) if is_first else free_issue_id(work, complaint.order_no)
        issue = raise_issue(work, complaint, issue_id, gist, at)
    link(work, complaint, issue, at, by=by)
    return issue


def leave_issue(work: IntakeStore, complaint: Complaint, reason: str, at: Moment, *, by: str) -> None:
    """The order is in no issue's hands any more. An issue that is left without one is withdrawn."""
    issue = work.issues.lock(complaint.issue_id)
    issue.must_be_open()
    _unlink(work, complaint, issue, reason, at, by=by)
    is_last = [one.order_no for one in work.complaints.linked_to(issue.id)] == [complaint.order_no]
    if is_last and issue.first_order_no:
        issue.close(Outcome.WITHDRAWN, at=at.now)  # nothing is linked to it from now on
        told = IssueWithdrawnV1(
            issue_id=issue.id,
            unit_code=issue.unit_code,
            order_no=complaint.order_no,
            reason=reason,
            withdrawn_by=by,
            withdrawn_at=at.now,
        )
        work.outbox.add(told, at=at.now)


def closest_issue(work: IntakeStore, matter: Matter, gist: Gist, at: Moment, *, against: str) -> str | None:
    """The open issue on this matter, if one is as like as the policy asks, and against the same organisations."""
    matching = work.catalogue.matching
    candidates = work.issues.candidates.of(matter, most=matching.likeness_candidates)
    if not candidates:  # as for most grids around an order
        return None
    return closest(
        gist,
        [one for one in candidates if one.respondents == against],
        similarity_ratio=at.policy.linking.similarity_ratio,
        least_characters=matching.likeness_least_characters,
    )


def set_right(work: IntakeStore, issue: Issue, complaint: Complaint, route: Route, at: Moment) -> None:
    """The order that has the issue to itself says otherwise now: where it is, what it is, whom it is against."""
    issue.correct(complaint.unit_code, complaint.category, complaint.title, complaint.sla_class, route, at=at.now)
    issue.respondents, issue.street = complaint.respondents, street_of(work, issue.origin_unit, at)
    work.issues.touch(issue)


def street_of(work: IntakeStore, unit_code: str, at: Moment) -> str:
    """The street that a unit lies in or is; the district is its own."""
    return work.units(at.now).at_least(unit_code, Tier.STREET)


def raise_issue(
    work: IntakeStore, complaint: Complaint, issue_id: str, gist: Gist, at: Moment, *, unit: str = ""
) -> Issue:
    """Begin an issue with this order, at its unit or the one named, and where councils meet on such matters list it."""
    unit_code = unit or complaint.unit_code
    reason = listing_reason_of(complaint.request_kind, work.catalogue.find(complaint.category), complaint.sla_class)
    issue = Issue(
        id=issue_id,
        first_order_no=complaint.order_no,
        origin_unit=unit_code,
        unit_code=unit_code,
        street=street_of(work, unit_code, at),
        category=complaint.category,
        title=work.wording(complaint.category, unit_code, at.now) if unit else complaint.title,
        gist_words=gist.words,
        spots=" ".join(sorted(gist.spots)),
        request_kind=complaint.request_kind,
        sla_class=complaint.sla_class,
        route=Route.HANDLE if reason is None else Route.DELIBERATE,
        raised_at=at.now,
        publicity=publicity_of(complaint.request_kind),
        respondents=complaint.respondents,
    )
    work.issues.add(issue)
    instants = (complaint.dispatched_at, complaint.due_at, complaint.received_at)
    dispatched = Dispatched(complaint.dispatch_kind, *instants, complaint.dispatch_no)
    tell_raised(work, issue, at, dispatched)
    if reason is not None:
        list_issue(work, issue, issue.unit_code, reason, at)
    return issue


def tell_raised(work: IntakeStore, issue: Issue, at: Moment, dispatched: Dispatched, source: Source = ORDERS) -> None:
    told = IssueRaisedV1(
        issue_id=issue.id,
        order_no=issue.first_order_no,
        dispatch_no=dispatched.number,
        origin=source.origin,
        proposed_by=source.proposed_by,
        unit_code=issue.unit_code,
        category=issue.category,
        category_name=work.catalogue.name_of(issue.category),
        title=issue.title,
        publicity=issue.publicity,
        respondents=issue.against,
        request_kind=issue.request_kind,
        sla_class=issue.sla_class,
        dispatch_kind=dispatched.kind,
        route=issue.route,
        dispatched_at=dispatched.at,
        due_at=dispatched.due_at,
        received_at=dispatched.received_at,
        raised_at=issue.raised_at,
    )
    work.outbox.add(told, at=at.now)


def link(work: IntakeStore, complaint: Complaint, issue: Issue, at: Moment, *, by: str) -> None:
    """The order belongs to this issue now. With it the issue may have become a group's."""
    complaint.link(issue.id, at=at.now, by=by)
    issue.become([issue.sla_class, complaint.sla_class])
    told = ComplaintLinkedV1(
        order_no=complaint.order_no,
        dispatch_no=complaint.dispatch_no,
        issue_id=issue.id,
        unit_code=issue.unit_code,
        dispatched_to=complaint.unit_code,
        category=complaint.category,
        request_kind=complaint.request_kind,
        sla_class=complaint.sla_class,
        dispatch_kind=complaint.dispatch_kind,
        dispatched_at=complaint.dispatched_at,
        due_at=complaint.due_at,
        received_at=complaint.received_at,
        channel=complaint.channel,
        voice=complaint.voice_in(issue.id),
        speaks_for=complaint.people,
        linked_at=at.now,
        linked_by=by,
    )
    work.outbox.add(told, at=at.now)
    list_group(work, issue, complaint, at)


def settle_class(work: IntakeStore, issue: Issue, *, without: Complaint | None = None) -> None:
    """An order has ended or is leaving: the others say how urgent the issue is."""
    some = (one for one in work.complaints.linked_to(issue.id) if one is not without and not one.is_closed)
    issue.become(one.sla_class for one in some)


def issues_of(work: IntakeStore, asked: Sequence[AboutOrder | Update]) -> set[str]:
    """The issues that a batch of commands and updates is about: those of the orders now, and those they will be in."""
    order_nos = _order_nos(asked)
    work.complaints.load(order_nos)
    orders = [*map(work.complaints.find, order_nos), *work.complaints.further_of(order_nos)]
    targets = {one.issue_id if isinstance(one, LinkComplaint) else issue_id_of(one.order_no) for one in asked}
    return targets | {order.issue_id for order in orders if order is not None}


def load_orders(work: IntakeStore, asked: Sequence[AboutOrder | Update]) -> None:
    """Lock the orders of a batch, and read those that urge them."""
    order_nos = _order_nos(asked)
    work.complaints.lock_all(order_nos)
    work.complaints.load_of("first_order_no", order_nos)


def _order_nos(asked: Sequence[AboutOrder | Update]) -> set[str]:
    merged = {one.into_order_no for one in asked if isinstance(one, OrderMergedV1)}
    return {one.order_no for one in asked} | merged


def _unlink(work: IntakeStore, complaint: Complaint, issue: Issue, reason: str, at: Moment, *, by: str) -> None:
    issue.forget_people(complaint.people_refs(complaint.people))
    settle_class(work, issue, without=complaint)
    work.undone_links.add(undo_link(complaint, reason=reason, at=at.now, by=by))
    told = ComplaintUnlinkedV1(
        order_no=complaint.order_no,
        issue_id=complaint.issue_id,
        reason=reason,
        unlinked_at=at.now,
        unlinked_by=by,
    )
    work.outbox.add(told, at=at.now)


def _link_anew(work: IntakeStore, complaint: Complaint, issue: Issue, at: Moment, *, by: str) -> None:
    """As a clerk or the hotline says; the orders that urge this one come with it."""
    link(work, complaint, issue, at, by=by)
    for urging in work.complaints.of(first_order_no=complaint.order_no):
        urging.issue_id = issue.id


def _linked_complaint(work: IntakeStore, order_no: str, at: Moment) -> tuple[Complaint, Issue]:
    """An order and its issue. The lock on the issue guards both, so that the order is read anew under it."""
    work.issues.find_and_lock(work.complaints.get(order_no).issue_id)
    complaint = work.complaints.lock(order_no)
    must_not_be_against(complaint.respondents, at)
    complaint.must_be_linked()
    return complaint, _open_issue(work, complaint.issue_id, at)


def _open_issue(work: IntakeStore, issue_id: str, at: Moment) -> Issue:
    issue = work.issues.lock(issue_id)
    at.caller.must_act_in(issue.unit_code)
    issue.must_be_open()
    return issue


def _must_not_be_the_last(work: IntakeStore, issue: Issue) -> None:
    if issue.first_order_no and len(work.complaints.linked_to(issue.id)) < 2:
        raise LastOrder(f"it is the only order of issue {issue.id}, which would be left without any")


def free_issue_id(work: IntakeStore, order_no: str) -> str:
    """An order that began an issue, and is taken out of it, begins its second."""
    return next(
        candidate for number in count(1) if work.issues.find(candidate := issue_id_of(order_no, number)) is None
    )
