"""What is answered to who reads an order in its own words, or asks who did. Nothing else of intake says who called."""

from datetime import datetime

from services.intake.domain.complaint import Complaint
from services.intake.domain.look import Look, Withheld
from services.intake.domain.own_words import OwnWords
from shared.bus.rpc.messages import reply
from shared.contracts.hotline import CallerPart


@reply
class OwnWordsReply:
    """An order as it was said. Without its caller, `withheld` says why."""

    order_no: str
    issue_id: str
    unit_code: str
    category: str
    request_kind: str
    title: str
    content: str
    address: str
    respondent: str
    filed_at: datetime
    due_at: datetime
    caller_name: str = ""
    caller_phone: str = ""
    caller_contact: str = ""
    withheld: str = ""


@reply
class LookLine:
    subject: str
    organisation: str
    roles: list[str]
    unit_code: str
    reason: str
    fields: list[str]
    looked_at: datetime


@reply
class LookListReply:
    looks: list[LookLine]


def own_words_reply(
    complaint: Complaint, words: OwnWords, caller: CallerPart, withheld: Withheld | None
) -> OwnWordsReply:
    return OwnWordsReply(
        order_no=complaint.order_no,
        issue_id=complaint.issue_id,
        unit_code=complaint.unit_code,
        category=complaint.category,
        request_kind=complaint.request_kind,
        **vars(words),
        filed_at=complaint.filed_at,
        due_at=complaint.due_at,
        caller_name=caller.name,
        caller_phone=caller.phone,
        caller_contact=caller.contact,
        withheld=withheld or "",
    )


def look_line(look: Look) -> LookLine:
    same = ("subject", "organisation", "roles", "unit_code", "fields", "looked_at")
    return LookLine(**{name: getattr(look, name) for name in same}, reason=look.reason)
