"""From a delivered message to an event, or to the reason why it is none. Nothing here touches broker or database."""

import hashlib
import json
import re
import uuid
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any, NamedTuple

import orjson

from shared.bus.door import Returned, shown
from shared.bus.outbox.outbox import Cause
from shared.contracts import EVENTS, ContractBroken, Event
from shared.contracts.envelope import CONTENT_TYPE, Envelope, Undecodable, decode, structured
from shared.contracts.flow import OURS
from shared.errors import OwnWords
from shared.logs import get_logger
from shared.telling import told

MOST_FAULTS = 50
LONGEST_FAULT = 300
ORDER_NUMBER = re.compile(rb'"(?:order_no|subject)"\s*:\s*(?:"([^"\\]{1,200})"|(\d{1,64}))')
BROKEN = "broken:"  # so begin the event ids of messages that were refused; each has one of its own

log = get_logger()


class NotYet(OwnWords):
    """The event came before what it builds on, and is tried again. Raised by a handler before it changed anything."""


@dataclass(frozen=True)
class Delivery:
    """A message as the broker gave it. `tag` counts within one `generation` of the connection.

    With a `fault` it is not looked into. `marked_at` is when it was sent, if it is no event but a mark of our own (see
    `progress`).
    """

    generation: int
    tag: int
    body: bytes
    content_type: str | None
    message_id: str
    routing_key: str
    headers: dict[str, str]
    fault: str = ""
    marked_at: datetime | None = None
    returned: Returned | None = None
    exchange: str | None = None
    arrived_at: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True)
class Fault:
    """Why a message is no event we can take. `fields` names each faulty field, as told to the sender.

    `mark` tells one message from another: the same one again is told once.
    """

    reason: str
    fields: dict[str, Any]
    order_no: str = ""
    message_id: str = ""
    mark: str = ""


class Identity(NamedTuple):
    """Which event it is. Messages that were refused have no source, and an id that we made."""

    source: str
    event_id: str


@dataclass(frozen=True)
class Received:
    """A message read: either an event, or a fault, or neither: an event in a version that only newer code knows.

    `data_sha256` tells the data of an event from other data.
    """

    event_id: str
    wire_type: str
    subject: str
    body: bytes
    headers: dict[str, Any]
    cause: Cause
    happened_at: datetime | None = None
    event: Event | None = None
    fault: Fault | None = None
    source: str = ""
    data_sha256: str | None = None

    @property
    def identity(self) -> Identity:
        return Identity(self.source, self.event_id)


def read(delivery: Delivery, listened: set[str]) -> Received:
    """Every message becomes something: broken ones a fault with all that could be learned from them."""
    if delivery.fault:
        return _broken(delivery, "undecodable", {"message": [delivery.fault]})
    try:
        return _read(delivery, listened)
    except Exception as error:  # whatever it is, it concerns this message alone
        log.error("message_not_read", error=told(error), exc_info=error)
        return _broken(delivery, "undecodable", {"message": [f"it can't be read: {type(error).__name__}"]})


def _read(delivery: Delivery, listened: set[str]) -> Received:
    delivery = _structured(delivery)
    try:
        envelope = decode(delivery.body, delivery.content_type, delivery.headers)
    except Undecodable as undecodable:
        return _broken(delivery, "undecodable", {"message": [undecodable.reason]})
    if delivery.returned is not None:
        return _unhandled(delivery, delivery.returned, envelope)
    contract = EVENTS.get(envelope.type)
    if contract is None and _is_newer(envelope, delivery, listened):
        return _as_received(delivery, envelope, envelope.subject)
    if contract is None or envelope.type not in listened:
        return _broken(
            delivery, "unknown_type", {"type": [f"{envelope.type} is not an event this service takes."]}, envelope
        )
    try:
        event = contract.from_wire(envelope.content)
    except ContractBroken as broken:
        return _broken(delivery, "contract_broken", broken.fields, envelope)
    return replace(_as_received(delivery, envelope, event.subject), event=event)


def _as_received(delivery: Delivery, envelope: Envelope, subject: str) -> Received:
    return Received(
        event_id=envelope.id,
        wire_type=envelope.type,
        subject=subject,
        body=delivery.body,
        headers=delivery.headers,
        cause=Cause(envelope.correlation_id or envelope.id, envelope.traceparent, envelope.id),
        happened_at=envelope.time or delivery.arrived_at,
        source=envelope.source,
        data_sha256=_sha256_of(envelope.content),
    )


def _is_newer(envelope: Envelope, delivery: Delivery, listened: set[str]) -> bool:
    """Whether one of our own services said it, in a version to come of something that is listened to.

    Nobody from outside may publish to a service's exchange. Of what was kept the exchange is not asked again.
    """
    is_ours = envelope.source in OURS and delivery.exchange in (None, f"{envelope.source}.events")
    return is_ours and len(envelope.type) <= 100 and _family(envelope.type) in {_family(one) for one in listened}


def _family(wire_type: str) -> str:
    return wire_type.rpartition(".v")[0]


def _unhandled(delivery: Delivery, returned: Returned, envelope: Envelope) -> Received:
    """Nothing is done about it any more, also where the broker has it still: its sender decides."""
    if returned.why == "expired":
        words = f"Its expiration ran out at {returned.at}, before it was read. Nothing was done: send it again."
        return _broken(delivery, "expired", {"message": [words]}, envelope)
    words = f"It could not be handled, and was given up at {returned.at} ({returned.why}). Nothing was done."
    return _broken(delivery, "given_up", {"message": [words]}, envelope)


def reused(received: Received) -> Received:
    """The refusal of an event whose source and id stand for other data already."""
    named = f"{received.source}\0{received.event_id}\0{received.data_sha256}"
    mark = hashlib.sha256(named.encode()).hexdigest()
    words = f"{received.source} has sent other data under this id; another event needs another id."
    fault = Fault(
        reason="id_reused",
        fields={"id": [words]},
        order_no=str(getattr(received.event, "order_no", "")),
        message_id=received.event_id,
        mark=mark,
    )
    return replace(received, event_id=f"{BROKEN}{mark}", source="", data_sha256=None, event=None, fault=fault)


def _sha256_of(content: dict[str, Any]) -> str:
    """However it was written: the order of names and the blanks between them are not the data."""
    try:
        canonical = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # whole numbers of more than 64 bits, in fields that nobody reads
        canonical = json.dumps(content, sort_keys=True).encode()
    return hashlib.sha256(canonical).hexdigest()


def _structured(delivery: Delivery) -> Delivery:
    """What is kept can be read again without the headers in which binary mode has the attributes."""
    body, content_type = structured(delivery.body, delivery.content_type, delivery.headers)
    return delivery if body is delivery.body else replace(delivery, body=body, content_type=content_type)


def reread(body: bytes, headers: dict[str, Any] | None) -> Received:
    """Read what was kept in the inbox; it was readable when it came."""
    headers = headers or {}
    delivery = Delivery(0, 0, body, CONTENT_TYPE, "", "", headers)
    return read(delivery, set(EVENTS))


def _broken(delivery: Delivery, reason: str, fields: dict[str, Any], envelope: Envelope | None = None) -> Received:
    """Nothing of what it says is taken on trust: names and texts are made such that they can be stored and sent."""
    message_id = envelope.id if envelope else delivery.message_id
    named = f"{envelope.source if envelope else ''}\0{message_id}".encode(errors="surrogateescape")
    if delivery.returned is not None:
        named += repr(delivery.returned).encode()  # sent again, it may run out again
    mark = hashlib.sha256(named + b"\0" + delivery.body).hexdigest()
    if not message_id:
        mark = uuid.uuid4().hex  # nobody can tell it from another one with the same words: each is told
    return Received(
        event_id=f"{BROKEN}{mark}",
        wire_type=shown(envelope.type if envelope else delivery.routing_key, 100),
        subject=(envelope.subject if envelope else "")[:200],
        body=delivery.body,
        headers=delivery.headers,
        cause=Cause(),
        fault=Fault(
            reason=reason,
            fields=_writable(fields),
            order_no=_order_no(delivery, envelope),
            message_id=shown(message_id, 200),
            mark=mark,
        ),
    )


def _order_no(delivery: Delivery, envelope: Envelope | None) -> str:
    """Wherever it can be found, so that the sender knows which order is meant: also in bytes that are no JSON."""
    if envelope is not None:
        order_no = envelope.content.get("order_no")
        if isinstance(order_no, str | int) and not isinstance(order_no, bool):
            return shown(str(order_no), 64)
        return shown(envelope.subject, 64)
    found = max(ORDER_NUMBER.finditer(delivery.body), key=lambda one: b"order_no" in one[0], default=None)
    if found is None:
        return next((shown(value, 64) for name, value in delivery.headers.items() if name.endswith("subject")), "")
    return shown((found[1] or found[2]).decode(errors="replace"), 64)


def _writable(faults: Any) -> Any:
    """Names as texts, and no more than can be sent: of a list marshmallow names the members by their numbers."""
    if isinstance(faults, dict):
        return {
            shown(str(name), LONGEST_FAULT): _writable(inner) for name, inner in islice(faults.items(), MOST_FAULTS)
        }
    if isinstance(faults, list):
        return [_writable(inner) for inner in faults[:MOST_FAULTS]]
    return shown(str(faults), LONGEST_FAULT)
