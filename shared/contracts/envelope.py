"""An event on the wire: CloudEvents 1.0, structured JSON, with AMQP headers beside it.

`encode` and `decode` know nothing of contracts; `shared.contracts` finds the contract for a type.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson

CONTENT_TYPE = "application/cloudevents+json"
ACCEPTED_CONTENT_TYPES = (CONTENT_TYPE, "application/json")


class Undecodable(Exception):
    """Bytes that are no CloudEvent; `reason` says what was wrong, for the sender to read."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """An event with its content as plain JSON values, or as a contract's fields.

    Numbers are finite, whole ones have at most 64 bits: other programs read no more. `time` is when it happened, aware.
    """

    id: str
    type: str
    source: str
    subject: str
    time: datetime
    content: dict[str, Any]
    correlation_id: str = ""
    traceparent: str = ""
    headers: dict[str, Any] = field(default_factory=dict)


def encode(envelope: Envelope) -> bytes:
    """The message body. CloudEvents has no empty attributes: without a subject there is none."""
    subject = {"subject": envelope.subject} if envelope.subject else {}
    return orjson.dumps(
        {
            "specversion": "1.0",
            "id": envelope.id,
            "source": f"/{envelope.source}",
            "type": envelope.type,
            "time": envelope.time.isoformat(),
            **subject,
            "datacontenttype": "application/json",
            "data": envelope.content,
        }
    )


def decode(body: bytes, content_type: str | None, headers: Mapping[str, Any] | None = None) -> Envelope:
    """Read a message body; raises Undecodable with what a sender must mend."""
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind not in ACCEPTED_CONTENT_TYPES:
        raise Undecodable(f"content_type must be {CONTENT_TYPE}, not {content_type!r}")
    wire = _read_json(body)
    if not isinstance(wire, dict):
        raise Undecodable("the body must be a JSON object, a CloudEvent in structured mode")
    headers = dict(headers or {})
    return Envelope(
        id=_text_of(wire, "id"),
        type=_text_of(wire, "type"),
        source=_text_of(wire, "source").strip("/"),
        subject=str(wire.get("subject") or ""),
        time=_instant_of(wire),
        content=_content_of(wire),
        correlation_id=str(headers.get("correlation_id") or ""),
        traceparent=str(headers.get("traceparent") or ""),
        headers=headers,
    )


def _read_json(body: bytes) -> Any:
    try:
        text = bytes(body).decode()
        wire = json.loads(text)
        storable = "\\u" not in text or _is_storable(wire)
    except (ValueError, RecursionError) as error:  # also numbers of thousands of digits, and endless nesting
        raise Undecodable(f"the body must be UTF-8 JSON: {error}") from None
    if not storable:
        raise Undecodable("the body must not contain NUL characters or halves of surrogate pairs")
    return wire


def _is_storable(value: Any) -> bool:
    """JSON can escape characters that neither UTF-8 nor a database takes."""
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)
    if isinstance(value, dict):
        return all(_is_storable(name) and _is_storable(inner) for name, inner in value.items())
    return not isinstance(value, list) or all(_is_storable(member) for member in value)


def _text_of(wire: dict[str, Any], name: str) -> str:
    value = wire.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 200:
        raise Undecodable(f"`{name}` must be a text of 1 to 200 characters")
    return value


def _instant_of(wire: dict[str, Any]) -> datetime:
    try:
        instant = datetime.fromisoformat(str(wire.get("time")))
        instant.astimezone(UTC)  # which the ends of the calendar may not have
    except (ValueError, OverflowError):
        instant = None
    if instant is None or instant.tzinfo is None:
        raise Undecodable("`time` must be an ISO 8601 instant with its offset, like 2026-03-02T09:00:00+08:00")
    return instant


def _content_of(wire: dict[str, Any]) -> dict[str, Any]:
    if wire.get("specversion") != "1.0":
        raise Undecodable("`specversion` must be 1.0")
    content = wire.get("data")
    if not isinstance(content, dict):
        raise Undecodable("`data` must be a JSON object")
    return content
