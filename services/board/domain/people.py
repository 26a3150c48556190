"""Who stands behind an issue: the orders that were linked to it, by marks that tell people apart and no more."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from shared.clock import SHANGHAI
from shared.contracts.intake import ComplaintClosedV1, ComplaintLinkedV1, ComplaintUnlinkedV1, SignaturesVerifiedV1
from shared.contracts.vocabulary import SlaClass

Kept = dict[str, dict[str, Any]]
"""By order number: who speaks and for how many, its class and month, whether it is in it, and since and until when."""


def link(orders: Kept, event: ComplaintLinkedV1) -> Kept:
    """It belongs to the issue, perhaps again."""
    said = {
        "voice": event.voice,
        "people": event.speaks_for,
        "class": event.sla_class.value,
        "month": f"{event.dispatched_at.astimezone(SHANGHAI):%Y-%m}",
        "linked": event.linked_at.isoformat(),
        "is_in": True,
    }
    return orders | {event.order_no: orders.get(event.order_no, {}) | said}


def verify(orders: Kept, event: SignaturesVerifiedV1) -> Kept:
    return orders | {event.order_no: orders.get(event.order_no, {}) | {"people": event.speaks_for}}


def unlink(orders: Kept, event: ComplaintUnlinkedV1) -> Kept:
    return orders | {event.order_no: orders.get(event.order_no, {}) | {"is_in": False}}


def close(orders: Kept, event: ComplaintClosedV1) -> Kept:
    """It has ended; perhaps this is heard before it is heard that it was linked."""
    return orders | {event.order_no: orders.get(event.order_no, {}) | {"closed": event.closed_at.isoformat()}}


def in_it(orders: Kept) -> list[Mapping[str, Any]]:
    """Those that belong to the issue now, open or closed."""
    return [one for one in orders.values() if one.get("is_in")]


def count_people(orders: Iterable[Mapping[str, Any]]) -> int:
    """Whoever has several orders is one; a petition is all who signed it."""
    linked = list(orders)
    voices = {one["voice"] for one in linked if one["voice"]}
    others: int = sum(one["people"] - bool(one["voice"]) for one in linked)
    return len(voices) + others


def months_in(orders: Iterable[Mapping[str, Any]]) -> int:
    return len({one["month"] for one in orders})


def class_of(orders: Kept, raised: SlaClass | None, *, reopened_at: datetime | None) -> SlaClass | None:
    """That of the most urgent of its open orders; of an issue without any, that with which it was raised."""
    reopened = reopened_at.isoformat() if reopened_at else ""
    linked = in_it(orders)
    is_open = [one for one in linked if not one.get("closed") or one["closed"] < max(one["linked"], reopened)]
    classes = [SlaClass(one["class"]) for one in is_open or linked]
    return min(classes, key=list(SlaClass).index, default=raised)
