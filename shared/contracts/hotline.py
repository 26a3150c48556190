"""What the 12345 hotline tells the suite. It is outside: everything is checked, and answered in `hotline.replies`."""

from dataclasses import field
from datetime import datetime

from marshmallow import validate

from shared.contracts.base import Event, Part, checked, each, event, part, text
from shared.contracts.fields import FullMatch
from shared.contracts.vocabulary import DispatchKind, Disposition, RequestKind, SlaClass

UNIT_CODE = FullMatch(
    "[0-9]{6}([0-9]{3}){0,3}",
    error="Must be unit codes of 6 (district), 9 (street), 12 (community) or 15 (grid) digits.",
)


@part
class CallerPart(Part):
    """Who calls. Kept by intake alone, apart from the complaint and sealed; no other event carries it."""

    ref: str = text(shortest=0, longest=64, default="", says="The hotline's own lasting reference for this caller.")
    name: str = text(shortest=0, longest=100, default="")
    phone: str = text(shortest=0, longest=40, default="")
    contact: str = text(shortest=0, longest=200, default="")
    special_group: str = text(shortest=0, longest=100, default="")
    confidential: bool = False


@part
class PlacePart(Part):
    """Where the matter is: unit codes, or an address in which a street or community is named."""

    address: str = text(shortest=0, longest=500, default="")
    unit_codes: list[str] = field(default_factory=list, metadata={"validate": each(UNIT_CODE, most=50)})
    x: float | None = None
    y: float | None = None


@event(publisher="hotline", subject="order_no")
class ComplaintFiledV1(Event):
    """A work order 工单: what somebody said to the hotline, or proposed. One order number stands for one order."""

    order_no: str = text(longest=64)
    filed_at: datetime
    request_kind: RequestKind
    title: str = text(longest=200)
    content: str = text(longest=20_000)
    caller: CallerPart
    place: PlacePart
    category: str = text(shortest=0, longest=100, default="", says="Code of the category, where the hotline knows it.")
    sla_class: SlaClass | None = None
    dispatch_kind: DispatchKind | None = None
    dispatched_at: datetime | None = None
    disposition: Disposition | None = None
    respondent: str = text(shortest=0, longest=200, default="")
    channel: str = text(shortest=0, longest=40, default="phone")


@event(publisher="hotline", subject="order_no")
class CallbackReportedV1(Event):
    """What a callback 回访 of the hotline came to.

    `dispatch_no` counts the order's dispatches, `round` the callbacks of one; each has one result, another is refused.
    `solved` and `satisfaction` are the hotline's own words (部分解决, 非常满意), read as the policy says. Whoever was
    reached answered all three questions, nobody else any.
    """

    order_no: str = text(longest=64)
    dispatch_no: int = checked(validate.Range(min=1, max=1000), default=1)
    round: int = checked(validate.Range(min=1, max=1000), default=1)
    called_at: datetime
    reached: bool
    contacted: bool | None = None
    solved: str = text(shortest=0, longest=40, default="")
    satisfaction: str = text(shortest=0, longest=40, default="")
