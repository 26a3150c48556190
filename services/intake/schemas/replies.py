"""What intake answers, and how each answer is made from what is known. No reply names a caller."""

from collections.abc import Sequence
from dataclasses import field, replace
from datetime import datetime

from services.intake.domain.catalogue import Category
from services.intake.domain.complaint import Complaint, people_in
from services.intake.domain.history import HistoryEntry
from services.intake.domain.issue import Issue
from services.intake.domain.rejection import Rejection
from services.intake.domain.settling import Unsettled
from services.intake.domain.waits import ENDS
from shared.bus.rpc.messages import reply


@reply
class HistoryLine:
    """What was decided about an order: `before` and `after` name what changed."""

    kind: str
    before: dict[str, str]
    after: dict[str, str]
    reason: str
    decided_by: str
    decided_at: datetime


@reply
class MatterLine:
    """A matter of an order of several; the first has the order's own number."""

    order_no: str
    category: str
    unit_code: str
    issue_id: str
    state: str
    due_at: datetime
    reply: str
    outcome: str


@reply
class ComplaintReply:
    """An order. Of one that was refused only number, state, `reply` (the reason) and `received_at` are filled.

    Lists leave `history` and `matters` empty. What stands above `matters` is the first; the order `has_ended` when all
    have. `check_code` is told to the hotline alone, which tells it to the caller.
    """

    order_no: str
    state: str
    received_at: datetime
    title: str = ""
    unit_code: str = ""
    category: str = ""
    request_kind: str = ""
    sla_class: str = ""
    dispatch_kind: str = ""
    dispatch_no: int = 0
    filed_at: datetime | None = None
    dispatched_at: datetime | None = None
    due_at: datetime | None = None
    issue_id: str = ""
    first_order_no: str = ""
    linked_by: str = ""
    linked_at: datetime | None = None
    disposition: str = ""
    suggested_disposition: str = ""
    reply: str = ""
    replied_at: datetime | None = None
    outcome: str = ""
    closed_at: datetime | None = None
    check_code: str = ""
    signatures: int = 0
    verified_signatures: int | None = None
    history: list[HistoryLine] = field(default_factory=list)
    matters: list[MatterLine] = field(default_factory=list)
    has_ended: bool = False


@reply
class ToSettleLine:
    """An order that waits: why, what is suggested (`give_unit` or `return_to_hotline`), and what happens otherwise.

    `named` are the places and codes that gave the doubt. If nobody decides by `settles_at`, the unit `waits_at` has it,
    and an incident opens. `due_at` is the order's limit.
    """

    order_no: str
    title: str
    category: str
    request_kind: str
    sla_class: str
    doubt: str
    named: list[str]
    suggestion: str
    suggested_unit: str
    suggested_disposition: str
    waits_at: str
    waits_since: datetime
    settles_at: datetime
    due_at: datetime


@reply
class ToSettleReply:
    orders: list[ToSettleLine]


@reply
class ComplaintListReply:
    complaints: list[ComplaintReply]


@reply
class IssueReply:
    """An issue as intake knows it; its case and clocks are with supervision.

    So many `people` speak of it, in however many orders. Lists leave `order_nos` and `people` empty.
    """

    issue_id: str
    state: str
    title: str
    publicity: str
    worded_at: datetime | None = None
    category: str
    origin_unit: str
    unit_code: str
    request_kind: str
    route: str
    raised_at: datetime
    listed_unit: str = ""
    listing_reason: str = ""
    listed_at: datetime | None = None
    outcome: str = ""
    closed_at: datetime | None = None
    order_nos: list[str]
    people: int = 0


@reply
class DeliberationListReply:
    issues: list[IssueReply]


def complaint_reply(complaint: Complaint, history: Sequence[HistoryEntry] = ()) -> ComplaintReply:
    return ComplaintReply(
        order_no=complaint.order_no,
        state=complaint.state,
        received_at=complaint.received_at,
        title=complaint.title,
        unit_code=complaint.unit_code,
        category=complaint.category,
        request_kind=complaint.request_kind,
        sla_class=complaint.sla_class,
        dispatch_kind=complaint.dispatch_kind,
        dispatch_no=complaint.dispatch_no,
        filed_at=complaint.filed_at,
        dispatched_at=complaint.dispatched_at,
        due_at=complaint.due_at,
        issue_id=complaint.issue_id,
        first_order_no=complaint.first_order_no,
        linked_by=complaint.linked_by,
        linked_at=complaint.linked_at,
        disposition=complaint.disposition or "",
        suggested_disposition=complaint.suggested_disposition or "",
        reply=complaint.reply,
        replied_at=complaint.replied_at,
        outcome=complaint.outcome or "",
        closed_at=complaint.closed_at,
        signatures=complaint.signatures,
        verified_signatures=complaint.verified_signatures,
        history=[_history_line(one) for one in history],
        has_ended=complaint.state in ENDS,
    )


def order_reply(matters: Sequence[Complaint], history: Sequence[HistoryEntry]) -> ComplaintReply:
    """Of all its matters, the first one first."""
    lines = [_matter_line(one) for one in matters] if len(matters) > 1 else []
    has_ended = all(one.state in ENDS for one in matters)
    return replace(complaint_reply(matters[0], history), matters=lines, has_ended=has_ended)


def _matter_line(one: Complaint) -> MatterLine:
    same = ("order_no", "category", "unit_code", "issue_id", "state", "due_at", "reply")
    return MatterLine(**{name: getattr(one, name) for name in same}, outcome=one.outcome or "")


def to_settle_line(complaint: Complaint, waiting: Unsettled) -> ToSettleLine:
    return ToSettleLine(
        order_no=complaint.order_no,
        title=complaint.title,
        category=complaint.category,
        request_kind=complaint.request_kind,
        sla_class=complaint.sla_class,
        doubt=waiting.doubt,
        named=waiting.named,
        suggestion=waiting.suggestion,
        suggested_unit=waiting.suggested_unit,
        suggested_disposition=complaint.suggested_disposition or "",
        waits_at=waiting.unit_code,
        waits_since=waiting.waits_since,
        settles_at=waiting.due_at,
        due_at=complaint.due_at,
    )


def _history_line(entry: HistoryEntry) -> HistoryLine:
    return HistoryLine(
        kind=entry.kind,
        before=entry.before,
        after=entry.after,
        reason=entry.reason,
        decided_by=entry.decided_by,
        decided_at=entry.decided_at,
    )


def rejected_reply(rejection: Rejection) -> ComplaintReply:
    return ComplaintReply(
        order_no=rejection.order_no, state="rejected", received_at=rejection.rejected_at, reply=rejection.reason
    )


def issue_reply(issue: Issue, orders: Sequence[Complaint] = ()) -> IssueReply:
    return IssueReply(
        issue_id=issue.id,
        state=issue.state,
        title=issue.title,
        publicity=issue.publicity,
        worded_at=issue.worded_at,
        category=issue.category,
        origin_unit=issue.origin_unit,
        unit_code=issue.unit_code,
        request_kind=issue.request_kind,
        route=issue.route,
        raised_at=issue.raised_at,
        listed_unit=issue.listed_unit,
        listing_reason=issue.listing_reason or "",
        listed_at=issue.listed_at,
        outcome=issue.outcome or "",
        closed_at=issue.closed_at,
        order_nos=[one.order_no for one in orders],
        people=people_in(orders),
    )


@reply
class OrderLine:
    """An order in hand. `unit_code` answers for it; its `title` is category and place."""

    order_no: str
    unit_code: str
    title: str
    category: str
    request_kind: str
    sla_class: str
    state: str
    due_at: datetime
    issue_id: str


@reply
class OrdersReply:
    orders: list[OrderLine]


@reply
class CategoryLine:
    code: str
    name: str
    sla_class: str
    is_deliberative: bool


@reply
class CategoriesReply:
    categories: list[CategoryLine]


def category_line(one: Category) -> CategoryLine:
    return CategoryLine(code=one.code, name=one.name, sla_class=one.sla_class.value, is_deliberative=one.deliberative)


def order_line(one: Complaint) -> OrderLine:
    return OrderLine(
        order_no=one.order_no,
        unit_code=one.unit_code,
        title=one.title,
        category=one.category,
        request_kind=one.request_kind.value,
        sla_class=one.sla_class.value,
        state=one.state.value,
        due_at=one.due_at,
        issue_id=one.issue_id,
    )
