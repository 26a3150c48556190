"""Ways in besides the hotline: a clerk files what was said at a desk or written, a resident what they send in online.

It goes the same way as an order of the hotline. Whoever has its check code follows it, and nobody else.
"""

from dataclasses import replace

from services.intake.domain.complaint import faulty_instants
from services.intake.domain.errors import WrongCheckCode
from services.intake.domain.filing import order_no_of, resident_ref
from services.intake.schemas.filing import (
    FiledReply,
    FileOrder,
    FileProposal,
    FollowedReply,
    ReadByCheckCode,
    filed_reply,
    followed_reply,
)
from services.intake.storage.repository import IntakeStore
from services.intake.use_cases.orders import take_in
from shared.auth import Caller, Role
from shared.bus.moment import Moment
from shared.contracts.hotline import CallerPart, ComplaintFiledV1, PlacePart
from shared.contracts.vocabulary import OwnChannel
from shared.errors import BadRequest, Conflict


def file(work: IntakeStore, request: FileOrder | FileProposal, at: Moment) -> FiledReply:
    """The same again, by the same caller under the same key, is the same order. Raises BadRequest."""
    if bool(request.relation) != bool(request.concerned_name):
        told = "Who speaks for somebody else says who that is, and what they are to them."
        raise BadRequest(told, {"relation" if request.concerned_name else "concerned_name": ["Missing."]})
    if request.category:
        work.catalogue.get(request.category)
    order = _order_of(request, at)
    known = work.complaints.find(order.order_no)
    if known is not None and request.said_at is None:
        order = replace(order, filed_at=known.filed_at)
    if faults := faulty_instants(order, at.now):
        raise BadRequest("this instant can't be meant", {"said_at": faults["filed_at"]})
    if known is not None and known.fingerprint != work.readings.of(order, work.reader(at.now)).fingerprint:
        raise Conflict("this idempotency_key was used for another filing", {"idempotency_key": ["Take a new one."]})
    take_in(work, order, at)
    return filed_reply(work.complaints.get(order.order_no), work.callers.check_code(order.order_no))


def read_by_check_code(work: IntakeStore, request: ReadByCheckCode, at: Moment) -> FollowedReply:
    """A wrong code and an unknown number are told alike. Raises WrongCheckCode."""
    is_right = work.callers.is_check_code(request.check_code, request.order_no)
    complaint = work.complaints.find(request.order_no)
    if complaint is None or not is_right:
        raise WrongCheckCode(fields={"check_code": ["Not of this order."]})
    root = work.complaints.find(complaint.root) or complaint
    issue = work.issues.find(root.issue_id) if root.issue_id else None
    unit = work.units(at.now).find(root.unit_code)
    return followed_reply(complaint, work.complaints.matters_of(root), issue, unit.name if unit is not None else "")


def _order_of(request: FileOrder | FileProposal, at: Moment) -> ComplaintFiledV1:
    is_resident = at.caller.is_any_of({Role.RESIDENT})
    channel = OwnChannel.ONLINE if is_resident else request.channel
    filer = f"{at.caller.subject}@{at.caller.unit or ''}"
    person = CallerPart(
        ref=resident_ref(at.caller.subject) if is_resident else "",
        name=request.caller_name,
        phone=request.caller_phone,
        contact=request.caller_contact,
        confidential=request.is_confidential,
        relation=request.relation,
        concerned_name=request.concerned_name,
        concerned_phone=request.concerned_phone,
    )
    return ComplaintFiledV1(
        order_no=order_no_of(channel, filer, f"{type(request).__name__} {request.idempotency_key}"),
        filed_at=request.said_at or at.now,
        request_kind=request.request_kind,
        title=request.title,
        content=request.content,
        caller=person,
        place=PlacePart(address=request.address, unit_codes=_where(request, at.caller)),
        category=request.category,
        respondent=request.respondent,
        channel=channel.value,
        signatures=request.signatures,
    )


def _where(request: FileOrder | FileProposal, caller: Caller) -> list[str]:
    """As it was named; a clerk who names nothing means their own unit."""
    if request.unit_codes or request.address or caller.unit is None or not caller.is_person:
        return request.unit_codes
    return [caller.unit]
