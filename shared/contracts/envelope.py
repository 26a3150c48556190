"""An event on the wire: CloudEvents 1.0, structured JSON, with AMQP headers beside it.

`encode` and `decode` know nothing of contracts; `shared.contracts` finds the contract for a type. `structured` makes of
a message in binary mode, whose attributes are AMQP headers, the same in structured mode.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from shared.contracts.instants import NoInstant, read_instant
from shared.contracts.texts import unstorable_in

CONTENT_TYPE = "application/cloudevents+json"
JSON = "application/json"
LONGEST_NAME = 200
LONGEST_NAME_BYTES = 255
"""What AMQP allows for the names and ids in a message's properties."""

BINARY_PREFIXES = ("cloudEvents_", "cloudEvents:", "ce-")
_MARKS = {f"{prefix}specversion": prefix for prefix in BINARY_PREFIXES}
"""By which the headers begin that have the attributes in binary mode."""

_ATTRIBUTES = ("specversion", "id", "source", "type", "time", "subject")


class Undecodable(Exception):
    """Bytes that are no CloudEvent; `reason` says what was wrong, for the sender to read."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """An event with its content as plain JSON values, or as a contract's fields.

    Numbers are finite, whole ones have at most 64 bits: other programs read no more. `time` is when it happened, aware;
    None where the sender left it out, and then it counts from its arrival.
    """

    id: str
    type: str
    source: str
    subject: str
    time: datetime | None
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
            **({"time": envelope.time.isoformat()} if envelope.time else {}),
            **subject,
            "datacontenttype": "application/json",
            "data": envelope.content,
        }
    )


def structured(body: bytes, content_type: str | None, headers: Mapping[str, str]) -> tuple[bytes, str | None]:
    """Body and content type in structured mode; those of a message that is in it already, or in none, as they are."""
    prefix = next((_MARKS[one] for one in _MARKS if one in headers), None)
    if prefix is None or _kind(content_type) == CONTENT_TYPE:
        return body, content_type
    told: dict[str, Any] = {name: headers[prefix + name] for name in _ATTRIBUTES if prefix + name in headers}
    told["datacontenttype"] = content_type or JSON
    try:
        told["data"] = json.loads(body.decode())
    except (ValueError, RecursionError):
        told["data_base64"] = base64.b64encode(body).decode()
    return json.dumps(told).encode(), CONTENT_TYPE


def decode(body: bytes, content_type: str | None, headers: Mapping[str, Any] | None = None) -> Envelope:
    """Read a message body in structured mode; raises Undecodable with what a sender must mend."""
    if _kind(content_type) not in (CONTENT_TYPE, JSON):
        raise Undecodable(f"content_type must be {CONTENT_TYPE}, not {content_type!r}")
    wire = _read_json(body, "the body")
    if not isinstance(wire, dict):
        raise Undecodable("the body must be a JSON object, a CloudEvent in structured mode")
    wire = {name: value for name, value in wire.items() if value is not None}
    headers = dict(headers or {})
    return Envelope(
        id=_name_in(wire, "id"),
        type=_name_in(wire, "type"),
        source=_name_in(wire, "source").strip("/"),
        subject=_subject_in(wire),
        time=_time_in(wire),
        content=_content_of(wire),
        correlation_id=str(headers.get("correlation_id") or ""),
        traceparent=str(headers.get("traceparent") or ""),
        headers=headers,
    )


def _kind(content_type: str | None) -> str:
    return (content_type or "").partition(";")[0].strip().lower()


def _read_json(body: bytes, what: str) -> Any:
    try:
        text = bytes(body).decode()
        wire = _JSON.decode(text)
    except (ValueError, RecursionError) as error:  # also numbers of thousands of digits, and endless nesting
        raise Undecodable(f"{what} must be UTF-8 JSON: {error}") from None
    place = unstorable_in(wire) if "\\u" in text else None
    if place is not None:
        raise Undecodable(f"{what} must not contain NUL characters or halves of surrogate pairs: see `{place}`")
    return wire


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no number")


_JSON = json.JSONDecoder(parse_constant=_no_number)


def _name_in(wire: dict[str, Any], name: str) -> str:
    value = wire.get(name)
    if isinstance(value, str) and 0 < len(value) <= LONGEST_NAME and len(value.encode()) <= LONGEST_NAME_BYTES:
        return value
    raise Undecodable(
        f"`{name}` must be a text of 1 to {LONGEST_NAME} characters, in UTF-8 at most {LONGEST_NAME_BYTES} bytes"
    )


def _subject_in(wire: dict[str, Any]) -> str:
    subject = wire.get("subject", "")
    if not isinstance(subject, str) or len(subject) > LONGEST_NAME:
        raise Undecodable(f"`subject` must be a text of at most {LONGEST_NAME} characters, or left out")
    return subject


def _time_in(wire: dict[str, Any]) -> datetime | None:
    if "time" not in wire:
        return None
    try:
        return read_instant(wire["time"])
    except NoInstant as error:
        raise Undecodable(f"`time` {error}, or left out") from None


def _content_of(wire: dict[str, Any]) -> dict[str, Any]:
    if wire.get("specversion") != "1.0":
        raise Undecodable("`specversion` must be 1.0")
    if not _is_json(wire.get("datacontenttype", JSON)):
        raise Undecodable(f"`datacontenttype` must be {JSON}, or left out")
    content = wire.get("data") if "data_base64" not in wire else _decoded(wire)
    if not isinstance(content, dict):
        raise Undecodable("`data` must be a JSON object")
    return content


def _is_json(told: Any) -> bool:
    kind = _kind(told) if isinstance(told, str) else ""
    return kind == JSON or kind.endswith("+json")


def _decoded(wire: dict[str, Any]) -> Any:
    if "data" in wire:
        raise Undecodable("there must be `data` or `data_base64`, not both")
    try:
        body = base64.b64decode(wire["data_base64"], validate=True)
    except (ValueError, TypeError):
        raise Undecodable("`data_base64` must be a text in Base64") from None
    return _read_json(body, "`data_base64`")
