"""What is answered to who reads an order in its own words, or asks who did. Nothing else of intake says who called."""

from dataclasses import field
from datetime import datetime

from services.intake.domain.complaint import Complaint
from services.intake.domain.look import Look, Withheld
from services.intake.domain.masking import coded
from services.intake.domain.own_words import OwnWords, Said
from shared.bus.rpc.messages import reply
from shared.contracts.hotline import CallerPart


@reply
class SaidLine:
    """What an order said until it was amended at an instant, or what was added to it then."""

    at: datetime
    title: str
    content: str


@reply
class OwnWordsReply:
    """An order as it was said. Without its caller, and the channel in free words, `withheld` says why.

    `relation` is what the caller is to the person concerned, where that is somebody else.
    """

    order_no: str
    issue_id: str
    unit_code: str
    category: str
    request_kind: str
    title: str
    content: str
    address: str
    respondent: str
    channel: str = ""
    filed_at: datetime
    due_at: datetime
    caller_name: str = ""
    caller_phone: str = ""
    caller_contact: str = ""
    relation: str = ""
    concerned_name: str = ""
    concerned_phone: str = ""
    signatures: int = 0
    verified_signatures: int | None = None
    withheld: str = ""
    earlier: list[SaidLine] = field(default_factory=list)
    supplements: list[SaidLine] = field(default_factory=list)


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
        title=words.title,
        content=words.content,
        address=words.address,
        respondent=words.respondent,
        channel=(not withheld and words.channel) or coded(complaint.channel, ()),
        earlier=[_said_line(one) for one in words.earlier],
        supplements=[_said_line(one) for one in words.supplements],
        filed_at=complaint.filed_at,
        due_at=complaint.due_at,
        caller_name=caller.name,
        caller_phone=caller.phone,
        caller_contact=caller.contact,
        relation=caller.relation,
        concerned_name=caller.concerned_name,
        concerned_phone=caller.concerned_phone,
        signatures=complaint.signatures,
        verified_signatures=complaint.verified_signatures,
        withheld=withheld or "",
    )


def _said_line(one: Said) -> SaidLine:
    return SaidLine(at=one.at, title=one.title, content=one.content)


def look_line(look: Look) -> LookLine:
    same = ("subject", "organisation", "roles", "unit_code", "fields", "looked_at")
    return LookLine(**{name: getattr(look, name) for name in same}, reason=look.reason)
