"""What is answered to who finds public words for issues."""

from datetime import datetime, timedelta

from services.intake.domain.complaint import Complaint
from services.intake.domain.issue import Issue
from shared.bus.rpc.messages import reply


@reply
class WordingLine:
    """An issue on a deliberation list without words of its own.

    `proposal` is the title of `order_no` as masked by rules, and may still name somebody: no rule knows a bare name. If
    nobody confirms words by `due_at`, `title` goes on standing for the issue.
    """

    issue_id: str
    order_no: str
    unit_code: str
    category: str
    request_kind: str
    publicity: str
    title: str
    proposal: str
    listed_at: datetime | None
    due_at: datetime | None


@reply
class WordingsReply:
    wordings: list[WordingLine]


def wording_line(issue: Issue, order: Complaint | None, proposal: str, within: timedelta) -> WordingLine:
    return WordingLine(
        issue_id=issue.id,
        order_no=order.order_no if order is not None else "",
        unit_code=issue.unit_code,
        category=issue.category,
        request_kind=issue.request_kind,
        publicity=issue.publicity,
        title=issue.title,
        proposal=proposal,
        listed_at=issue.listed_at,
        due_at=issue.words_due_at(within),
    )
