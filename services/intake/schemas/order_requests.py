"""What somebody asks for about an order or an issue, and another decides; see `shared/requests`."""

from marshmallow import validate

from services.intake.schemas.requests import AboutIssue, AboutOrder
from shared.bus.rpc.messages import reason_for, request, unit_code
from shared.contracts.base import listed, text
from shared.contracts.dispatch import EvidencePart
from shared.contracts.requests import RequestReason, Want
from shared.contracts.vocabulary import SlaClass


@request
class AskTransfer(AboutOrder):
    """转办: ask that an order is another unit's, of whoever is above both."""

    unit_code: str = unit_code()
    reason: RequestReason = reason_for(Want.TRANSFER)
    words: str = text(longest=2000)
    evidence: list[EvidencePart] = listed(validate.Length(max=50))


@request
class AskUrgency(AboutOrder):
    """Ask that an order is of another class of urgency."""

    sla_class: SlaClass
    reason: RequestReason = reason_for(Want.URGENCY)
    words: str = text(longest=2000)
    evidence: list[EvidencePart] = listed(validate.Length(max=50))


@request
class AskReinstatement(AboutOrder):
    """恢复办理: ask that what was answered, returned or referred is taken up after all, because its caller wants it."""

    reason: RequestReason = reason_for(Want.REINSTATEMENT)
    words: str = text(longest=2000)
    evidence: list[EvidencePart] = listed(validate.Length(max=50))


@request
class AskWithdrawal(AboutIssue):
    """撤回: ask that an issue is given up which no order gave rise to and none has joined."""

    reason: RequestReason = reason_for(Want.WITHDRAWAL)
    words: str = text(longest=2000)
    evidence: list[EvidencePart] = listed(validate.Length(max=50))
