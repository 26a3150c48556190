"""What is asked of the hotline, and how its answers are looked up."""

from marshmallow import validate

from services.intake.schemas.requests import AboutOrder
from shared.bus.rpc.messages import request, unit_code
from shared.contracts.base import checked, listed, text
from shared.contracts.dispatch import EvidencePart
from shared.contracts.requests import REASONS, RequestReason, Want

OF_THE_HOTLINE = (Want.RETURN, Want.EXCLUSION, Want.CALLBACK)
_ALL = [reason for want in OF_THE_HOTLINE for reason in REASONS[want]]
_EACH = "; ".join(f"of {want}: {', '.join(REASONS[want])}" for want in OF_THE_HOTLINE)


@request
class AskHotline(AboutOrder):
    """Ask the hotline for what only it decides: a return 退单 of its dispatch, an exclusion 剔除, another callback."""

    wants: Want = checked(validate.OneOf(OF_THE_HOTLINE))
    reason: RequestReason = checked(validate.OneOf(_ALL), says=_EACH)
    words: str = text(longest=2000)
    evidence: list[EvidencePart] = listed(validate.Length(max=50))


@request
class ListHotlineRequests:
    """Of the orders of a unit and the units inside it; `open_only` leaves out what is answered."""

    unit_code: str = unit_code()
    open_only: bool = True
    most: int = checked(validate.Range(min=1, max=500), default=100)
