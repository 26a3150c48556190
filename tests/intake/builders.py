"""Builders of what intake's tests speak of."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.intake.use_cases import events, orders
from shared.auth import Caller, Role
from shared.contracts.hotline import CallerPart, ComplaintFiledV1, PlacePart
from shared.contracts.vocabulary import RequestKind
from tests.fakes import a_moment

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
COMMUNITY, NEIGHBOUR, STREET, DISTRICT = "110105017036", "110105017037", "110105017", "110105"
TITLE = "小区东门停车位被长期占用"
CONTENT = "小区东门外的公共停车位被几辆车长期占用,居民下班回来没有地方停车,多次找人都没有解决。"

CLERK = Caller("clerk-1", frozenset({Role.CLERK}), COMMUNITY)


def an_order(order_no: str = "A1", **changes: Any) -> ComplaintFiledV1:
    caller = changes.pop("caller", f"caller-of-{order_no}")
    units = changes.pop("units", [COMMUNITY])
    fields: dict[str, Any] = {
        "order_no": order_no,
        "filed_at": NOW - timedelta(hours=1),
        "request_kind": RequestKind.COMPLAINT,
        "title": TITLE,
        "content": CONTENT,
        "caller": CallerPart(ref=caller) if isinstance(caller, str) else caller,
        "place": PlacePart(unit_codes=units),
    }
    return ComplaintFiledV1(**(fields | changes))


def take_in(work: Any, *filed: ComplaintFiledV1) -> Any:
    """As the bus does it: prepare the batch, then each order."""
    at = a_moment(NOW)
    events.prepare(work, filed, at)
    for order in filed:
        orders.take_in(work, order, at)
    return work


def told(work: Any) -> list[str]:
    return [event.wire_type.partition(".")[0] for event in work.outbox.events]
