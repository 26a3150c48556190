"""What is filed by call, with what is answered to who filed it, and to who follows it by its check code."""

from collections.abc import Sequence
from dataclasses import field
from datetime import datetime

from marshmallow import validate

from services.intake.domain.complaint import Complaint
from services.intake.domain.filing import PROPOSING
from services.intake.domain.issue import Issue
from services.intake.schemas.requests import CATEGORIES
from shared.bus.rpc.messages import reply, request, unit_codes
from shared.contracts.base import checked, text
from shared.contracts.vocabulary import OwnChannel, Publicity, RequestKind

ORDERS = sorted(kind for kind in RequestKind if kind not in PROPOSING)


@request
class Filing:
    """What somebody said, wrote or sent in."""

    channel: OwnChannel = checked(default=OwnChannel.VISIT, says="How it came; what a resident files is online.")
    title: str = text(longest=200)
    content: str = text(longest=20_000)
    category: str = text(shortest=0, longest=60, default="", says=CATEGORIES)
    address: str = text(shortest=0, longest=500, default="", says="Where it is; beside unit_codes, or instead of them.")
    unit_codes: list[str] = unit_codes(most=50)
    respondent: str = text(shortest=0, longest=200, default="", says="Whom it is against, if it is.")
    caller_name: str = text(shortest=0, longest=100, default="")
    caller_phone: str = text(shortest=0, longest=40, default="")
    caller_contact: str = text(shortest=0, longest=200, default="")
    relation: str = text(shortest=0, longest=40, default="", says="What the caller is to the person concerned.")
    concerned_name: str = text(shortest=0, longest=100, default="", says="Empty where that is the caller.")
    concerned_phone: str = text(shortest=0, longest=40, default="")
    signatures: int = checked(validate.Range(min=0, max=100_000), default=0, says="How many signed it, as it claims.")
    is_confidential: bool = False
    said_at: datetime | None = checked(default=None, says="When it was said or written; now, if it is left out.")
    idempotency_key: str = text(longest=100)

    @property
    def subject(self) -> str:
        return self.idempotency_key


@request
class FileOrder(Filing):
    """Take in what was said at a desk, written or sent in online: a complaint, a report, a question, a call for help.

    A clerk who says nowhere where it is means their own unit. The reply has number and check code for the caller.
    """

    request_kind: RequestKind = checked(validate.OneOf(ORDERS), default=RequestKind.COMPLAINT)


@request
class FileProposal(Filing):
    """Take in a resident's proposal 居民提案 or golden idea 金点子, on which a council meets; else as `file_order`."""

    request_kind: RequestKind = checked(validate.OneOf(sorted(PROPOSING)), default=RequestKind.PROPOSAL)


@request
class ReadByCheckCode:
    """What became of an order, for whoever has its check code."""

    order_no: str = text(longest=64)
    check_code: str = text(longest=40)


@reply
class FiledReply:
    """The order as it was taken in; the caller is given number and check code, and follows it by these."""

    order_no: str
    check_code: str
    state: str
    title: str
    unit_code: str
    category: str
    due_at: datetime


@reply
class FollowedMatter:
    """A matter of an order of several, with its own answer."""

    order_no: str
    category: str
    state: str
    due_at: datetime
    reply: str
    outcome: str


@reply
class FollowedReply:
    """What a caller may know of their order, also why it has more time; of one that urges an earlier one,
    `first_order_no`, what became of that. What stands above `matters` is the first of several.

    Nothing about other callers, nor who decided or handled what.
    """

    order_no: str
    first_order_no: str
    state: str
    request_kind: str
    title: str
    category: str
    unit_code: str
    unit_name: str
    filed_at: datetime
    due_at: datetime
    extended_because: str
    disposition: str
    reply: str
    is_interim: bool
    replied_at: datetime | None = None
    outcome: str
    closed_at: datetime | None = None
    matters: list[FollowedMatter] = field(default_factory=list)


def filed_reply(complaint: Complaint, check_code: str) -> FiledReply:
    return FiledReply(
        order_no=complaint.order_no,
        check_code=check_code,
        state=complaint.state,
        title=complaint.title,
        unit_code=complaint.unit_code,
        category=complaint.category,
        due_at=complaint.due_at,
    )


def followed_reply(
    complaint: Complaint, matters: Sequence[Complaint], issue: Issue | None, unit_name: str
) -> FollowedReply:
    """`matters` are those of the order that answers it, the first one first."""
    root = matters[0]
    is_told = issue is not None and issue.publicity is not Publicity.CLOSED
    return FollowedReply(
        order_no=complaint.order_no,
        first_order_no=complaint.first_order_no,
        state=root.state,
        request_kind=complaint.request_kind,
        title=issue.title if issue is not None and is_told else complaint.title,
        category=root.category,
        unit_code=root.unit_code,
        unit_name=unit_name,
        filed_at=complaint.filed_at,
        due_at=root.due_at,
        extended_because=root.extended_because,
        disposition=root.disposition or "",
        reply=root.reply,
        is_interim=root.is_interim,
        replied_at=root.replied_at,
        outcome=root.outcome or "",
        closed_at=root.closed_at,
        matters=[_followed_matter(one) for one in matters] if len(matters) > 1 else [],
    )


def _followed_matter(one: Complaint) -> FollowedMatter:
    return FollowedMatter(
        order_no=one.order_no,
        category=one.category,
        state=one.state,
        due_at=one.due_at,
        reply=one.reply,
        outcome=one.outcome or "",
    )
