"""From a delivered message to an event, or to the reason why it is none. Nothing here touches broker or database."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.bus.outbox.outbox import Cause
from shared.contracts import EVENTS, ContractBroken, Event
from shared.contracts.envelope import Envelope, Undecodable, decode


class NotYet(Exception):
    """The event came before what it builds on, and is tried again. Raised by a handler before it changed anything."""


@dataclass(frozen=True)
class Delivery:
    """A message as the broker gave it. `tag` counts within one `generation` of the connection.

    `marked_at` is when it was sent, if it is no event but a mark of our own (see `progress`).
    """

    generation: int
    tag: int
    body: bytes
    content_type: str | None
    message_id: str
    routing_key: str
    headers: dict[str, Any]
    marked_at: datetime | None = None


@dataclass(frozen=True)
class Fault:
    """Why a message is no event we can take. `fields` names each faulty field, as told to the sender."""

    reason: str
    fields: dict[str, Any]
    order_no: str = ""
    message_id: str = ""


@dataclass(frozen=True)
class Received:
    """A message read: either an event, or a fault."""

    event_id: str
    wire_type: str
    subject: str
    body: bytes
    headers: dict[str, Any]
    cause: Cause
    happened_at: datetime | None = None
    event: Event | None = None
    fault: Fault | None = None


def read(delivery: Delivery, listened: set[str]) -> Received:
    """Every message becomes something: broken ones a fault with all that could be learned from them."""
    try:
        envelope = decode(delivery.body, delivery.content_type, delivery.headers)
    except Undecodable as undecodable:
        return _broken(delivery, "undecodable", {"message": [undecodable.reason]})
    contract = EVENTS.get(envelope.type)
    if contract is None or envelope.type not in listened:
        return _broken(
            delivery, "unknown_type", {"type": [f"{envelope.type} is not an event this service takes."]}, envelope
        )
    try:
        event = contract.from_wire(envelope.content)
    except ContractBroken as broken:
        return _broken(delivery, "contract_broken", broken.fields, envelope)
    return Received(
        event_id=envelope.id,
        wire_type=envelope.type,
        subject=event.subject,
        body=delivery.body,
        headers=delivery.headers,
        cause=Cause(envelope.correlation_id or envelope.id, envelope.traceparent),
        happened_at=envelope.time,
        event=event,
    )


def reread(body: bytes, headers: dict[str, Any] | None) -> Received:
    """Read what was kept in the inbox; it was readable when it came."""
    headers = headers or {}
    delivery = Delivery(0, 0, body, "application/cloudevents+json", "", "", headers)
    return read(delivery, set(EVENTS))


def _broken(delivery: Delivery, reason: str, fields: dict[str, Any], envelope: Envelope | None = None) -> Received:
    mark = hashlib.sha256(delivery.message_id.encode() + b"\0" + delivery.body).hexdigest()
    order_no = envelope.content.get("order_no") if envelope else None
    return Received(
        event_id=f"broken:{mark}",
        wire_type=(envelope.type if envelope else delivery.routing_key)[:100],
        subject=(envelope.subject if envelope else "")[:200],
        body=delivery.body,
        headers=delivery.headers,
        cause=Cause(),
        fault=Fault(
            reason=reason,
            fields=fields,
            order_no=order_no[:64] if isinstance(order_no, str) else "",
            message_id=(envelope.id if envelope else delivery.message_id)[:200],
        ),
    )
