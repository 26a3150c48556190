"""What the hotline says of an order after it was sent: whether that was said before, and why it can't be taken.

Amendments, supplements and dispatches are numbered by the hotline, each number once; of the rest the same again is the
same. An order that is not known is refused: the hotline sends it first.
"""

import hashlib
import json
from datetime import datetime
from typing import NamedTuple

from services.intake.domain.complaint import Complaint, ComplaintState, faulty_limit, impossible
from services.intake.domain.waits import ENDS
from shared.contracts.hotline import (
    OrderAmendedV1,
    OrderMergedV1,
    OrderRecalledV1,
    OrderRedispatchedV1,
    OrderSupplementedV1,
    OrderWithdrawnV1,
)

Update = OrderRedispatchedV1 | OrderMergedV1 | OrderRecalledV1 | OrderAmendedV1 | OrderSupplementedV1 | OrderWithdrawnV1
Words = OrderAmendedV1 | OrderSupplementedV1
Ending = OrderMergedV1 | OrderRecalledV1 | OrderWithdrawnV1
ENDED = ENDS - {ComplaintState.MERGED, ComplaintState.URGED}
"""Ends of an order by itself, and not with another one."""


class Refusal(NamedTuple):
    """The reason why something can't be taken in, and each faulty field."""

    reason: str
    fields: dict[str, list[str]]


def update_id(update: Update) -> str:
    """What is numbered has its number; what is not is known by what it says."""
    number = update.dispatch_no if isinstance(update, OrderRedispatchedV1) else getattr(update, "number", None)
    kind = update.wire_type.partition(".")[0]
    return f"{update.order_no}/{kind}/{fingerprint_of(update)[:16] if number is None else number}"


def fingerprint_of(update: Update) -> str:
    said = json.dumps(update.to_wire(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def said_at(update: Update) -> datetime:
    (instant,) = _instants(update).values()
    return instant


def refusal_of(update: Update, complaint: Complaint | None, *, now: datetime) -> Refusal | None:
    """None for what can be taken."""
    if complaint is None:
        return Refusal("unknown_order", {"order_no": ["No such order has come in. Send the order first."]})
    if faults := impossible(_instants(update), now):
        return Refusal("contract_broken", faults)
    if isinstance(update, OrderRedispatchedV1):
        return _cannot_be_redispatched(update, complaint)
    if isinstance(update, OrderRecalledV1):
        return _cannot_be_recalled(update, complaint)
    if isinstance(update, OrderMergedV1 | OrderWithdrawnV1) and complaint.state in ENDED:
        return Refusal("not_dispatched", {"order_no": [f"The order was {complaint.state.value} already."]})
    return None


def _instants(update: Update) -> dict[str, datetime]:
    """When it was said, by the name of that."""
    return {name: value for name, value in vars(update).items() if name.endswith("_at") and name != "due_at"}


def cannot_be_merged(update: OrderMergedV1, into: Complaint | None) -> Refusal | None:
    """`into` is what the other order was dispatched as."""
    if into is None:
        return Refusal("unknown_order", {"into_order_no": ["No such order has come in. Send it first."]})
    if into.order_no == update.order_no:
        return Refusal("contract_broken", {"into_order_no": ["Is, or was merged into, the order itself."]})
    if into.state in ENDED:
        return Refusal("not_dispatched", {"into_order_no": [f"The order was {into.state.value} already."]})
    return None


def _cannot_be_redispatched(update: OrderRedispatchedV1, complaint: Complaint) -> Refusal | None:
    if faults := faulty_limit(update.dispatched_at, update.due_at):
        return Refusal("contract_broken", faults)
    if update.dispatch_no <= complaint.dispatch_no:
        fault = f"The order's latest dispatch is {complaint.dispatch_no}: the next one has a higher number."
        return Refusal("update_reused", {"dispatch_no": [fault]})
    return None


def _cannot_be_recalled(update: OrderRecalledV1, complaint: Complaint) -> Refusal | None:
    if complaint.first_order_no or complaint.state in ENDED:
        return Refusal("not_dispatched", {"order_no": [f"The order is {complaint.state.value}, not dispatched."]})
    if update.dispatch_no != complaint.dispatch_no:
        return Refusal("not_dispatched", {"dispatch_no": [f"The order's latest dispatch is {complaint.dispatch_no}."]})
    return None


def others_merged(others: list[Complaint]) -> Refusal | None:
    """A caller takes back what they said themselves, and not what others did whose orders are answered with it."""
    merged = [one.order_no for one in others if one.state is ComplaintState.MERGED]
    if not merged:
        return None
    fault = f"{', '.join(merged)} is answered with it: dispatch that again first."
    return Refusal("others_merged", {"order_no": [fault]})
