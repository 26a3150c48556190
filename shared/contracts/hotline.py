"""What the 12345 hotline tells the suite. It is outside: everything is checked, and answered in `hotline.replies`."""

from dataclasses import field
from datetime import datetime
from typing import Any

from marshmallow import validate

from shared.contracts.base import Event, Part, checked, each, event, listed, part, text
from shared.contracts.fields import FullMatch
from shared.contracts.vocabulary import DispatchKind, Disposition, RequestKind, SlaClass

UNIT_CODE = FullMatch(
    "[0-9]{6}([0-9]{3}){0,3}",
    error="Must be a unit code: 6 (district), 9 (street), 12 (community) or 15 (grid) digits.",
)
MOST = 1000
OWN_LIMIT = "The limit that the hotline sets itself; null where that of its class holds, counted from the dispatch."


def numbered() -> Any:
    """What the hotline counts from 1 on."""
    return checked(validate.Range(min=1, max=MOST), default=1)


@part
class CallerPart(Part):
    """Who calls, and for whom. Kept by intake alone, apart from the complaint and sealed; no other event carries it.

    A daughter who calls for her mother says so in `relation`, and who that is; then the order is the mother's.
    """

    ref: str = text(shortest=0, longest=64, default="", says="The hotline's own lasting reference for this caller.")
    name: str = text(shortest=0, longest=100, default="")
    phone: str = text(shortest=0, longest=40, default="")
    contact: str = text(shortest=0, longest=200, default="")
    special_group: str = text(shortest=0, longest=100, default="")
    confidential: bool = False
    relation: str = text(shortest=0, longest=40, default="", says="What the caller is to the person concerned.")
    concerned_name: str = text(shortest=0, longest=100, default="", says="Empty where that is the caller.")
    concerned_phone: str = text(shortest=0, longest=40, default="")


@part
class PlacePart(Part):
    """Where the matter is: unit codes, or an address in which a street or community is named."""

    address: str = text(shortest=0, longest=500, default="")
    unit_codes: list[str] = field(default_factory=list, metadata={"validate": each(UNIT_CODE, most=50)})
    x: float | None = None
    y: float | None = None


@part
class MatterPart(Part):
    """What else one call was about 事项. Without a place it is where the order is."""

    title: str = text(longest=200)
    content: str = text(longest=20_000)
    category: str = text(shortest=0, longest=100, default="")
    sla_class: SlaClass | None = None
    respondent: str = text(shortest=0, longest=200, default="")
    place: PlacePart = field(default_factory=PlacePart)


@event(publisher="hotline", subject="order_no")
class ComplaintFiledV1(Event):
    """A work order 工单: what somebody said to the hotline, or proposed. One order number stands for one order.

    `matters` is what else it is about beside its title and content: they are told about as number/2, number/3 and so
    on, each by itself, and `order_ended.v1` says when all have ended.
    """

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
    dispatch_no: int = numbered()
    dispatched_at: datetime | None = None
    due_at: datetime | None = checked(default=None, says=OWN_LIMIT)
    disposition: Disposition | None = None
    respondent: str = text(shortest=0, longest=200, default="")
    channel: str = text(shortest=0, longest=40, default="phone")
    signatures: int = checked(validate.Range(min=0, max=100_000), default=0, says="How many signed 联名, as it claims.")
    matters: list[MatterPart] = listed(validate.Length(max=8))


@event(publisher="hotline", subject="order_no")
class CallbackReportedV1(Event):
    """What a callback 回访 of the hotline came to.

    `dispatch_no` counts the order's dispatches, `round` the callbacks of one; each has one result, another is refused.
    `solved` and `satisfaction` are the hotline's own words (部分解决, 非常满意), read as the policy says. Whoever was
    reached answered all three questions, nobody else any.
    """

    order_no: str = text(longest=64)
    dispatch_no: int = numbered()
    round: int = numbered()
    called_at: datetime
    reached: bool
    contacted: bool | None = None
    solved: str = text(shortest=0, longest=40, default="")
    satisfaction: str = text(shortest=0, longest=40, default="")


@event(publisher="hotline", subject="order_no")
class OrderRedispatchedV1(Event):
    """再次派单: the order goes out again, to another unit, by another limit, or both.

    `dispatch_no` counts on from the dispatch before. What is left out stays as it was; without `due_at` the limit of
    the class counts from `dispatched_at`. An order that had been recalled, answered or ended is in hand again by it.
    """

    order_no: str = text(longest=64)
    dispatch_no: int = checked(validate.Range(min=2, max=MOST))
    place: PlacePart = field(default_factory=PlacePart)
    sla_class: SlaClass | None = None
    dispatch_kind: DispatchKind | None = None
    reason: str = text(longest=500)
    dispatched_at: datetime
    due_at: datetime | None = checked(default=None, says=OWN_LIMIT)


@event(publisher="hotline", subject="order_no")
class OrderMergedV1(Event):
    """合并: the order is answered with another one from now on, and has no limit and no callback of its own."""

    order_no: str = text(longest=64)
    into_order_no: str = text(longest=64)
    reason: str = text(longest=500)
    merged_at: datetime


@event(publisher="hotline", subject="order_no")
class OrderRecalledV1(Event):
    """撤回派单: the hotline takes its latest dispatch back. Until another follows, nobody here has the order."""

    order_no: str = text(longest=64)
    dispatch_no: int = numbered()
    reason: str = text(longest=500)
    recalled_at: datetime


@event(publisher="hotline", subject="order_no")
class OrderAmendedV1(Event):
    """更正原文: the order says something else than was sent. `number` counts its amendments; what is empty stays."""

    order_no: str = text(longest=64)
    number: int = numbered()
    title: str = text(shortest=0, longest=200, default="")
    content: str = text(shortest=0, longest=20_000, default="")
    amended_at: datetime


@event(publisher="hotline", subject="order_no")
class OrderSupplementedV1(Event):
    """补充诉求: the caller said more. `number` counts what was added."""

    order_no: str = text(longest=64)
    number: int = numbered()
    content: str = text(longest=20_000)
    supplemented_at: datetime


@event(publisher="hotline", subject="order_no")
class OrderWithdrawnV1(Event):
    """诉求人撤回: the caller does not want it pursued any more."""

    order_no: str = text(longest=64)
    reason: str = text(shortest=0, longest=500, default="")
    withdrawn_at: datetime


@event(publisher="hotline", subject="order_no")
class OrderRequestAnsweredV1(Event):
    """What the hotline decided of `order_request_asked.v1`. What is returned it recalls, or sends out again."""

    order_no: str = text(longest=64)
    request_id: str = text(longest=140)
    granted: bool
    answer: str = text(longest=2000)
    answered_at: datetime
