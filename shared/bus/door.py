"""What is asked of a message before anybody looks into it, event or call: plain bytes of UTF-8, and headers we know.

Nothing is ever decompressed: a few kilobytes may stand for gigabytes.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from shared.bus.frames import Incoming
from shared.contracts.envelope import BINARY_PREFIXES

PLAIN_ENCODINGS = frozenset(["", "utf-8", "utf8", "us-ascii", "ascii", "identity"])
KNOWN_HEADERS = {"correlation_id": 200, "traceparent": 100}
LONGEST_ATTRIBUTE = 1000
MOST_ATTRIBUTES = 50


class Returned(NamedTuple):
    """Why the broker took a message out of a queue before anybody had handled it, and when."""

    why: str
    at: str


def fault_of(message: Incoming) -> str:
    """Why a message is not looked into, in words for its sender; empty where it is."""
    faults = [message.fault] if message.fault else []
    encoding = message.properties.get("content_encoding", "")
    if encoding.strip().lower() not in PLAIN_ENCODINGS:
        faults.append(f"content_encoding must be utf-8, not {shown(encoding, 50)}")
    if headers_of(message).get("compression"):
        faults.append("the header compression is not taken: send the body as it is")
    return "; ".join(faults)


def headers_of(message: Incoming) -> Mapping[Any, Any]:
    """As they came: whatever AMQP can carry, under any name."""
    return message.properties.get("application_headers") or {}


def why_returned(message: Incoming) -> Returned:
    """Why the broker took the message out of the queue where it was. It lists the last time first."""
    deaths = headers_of(message).get("x-death")
    last = deaths[0] if isinstance(deaths, list) and deaths and isinstance(deaths[0], dict) else {}
    at = _in_words(last.get("time"))
    return Returned(str(last.get("reason", "")), at if isinstance(at, str) else "")


def known_headers(headers: Mapping[Any, Any]) -> dict[str, str]:
    """Those that mean something to us, as texts that every database and broker takes. No other is kept or sent on."""
    known = {name: headers[name] for name, longest in KNOWN_HEADERS.items() if _is_short(headers.get(name), longest)}
    attributes = [name for name in headers if isinstance(name, str) and name.startswith(BINARY_PREFIXES)]
    for name in attributes[:MOST_ATTRIBUTES]:
        value = _in_words(headers[name])
        if _is_short(name, LONGEST_ATTRIBUTE) and _is_short(value, LONGEST_ATTRIBUTE):
            known[name] = value
    return known


def shown(text: str, longest: int) -> str:
    """A text of a stranger's that can be stored and sent anywhere, cut to so many characters."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text[:longest])


def _in_words(value: Any) -> Any:
    """A time may come as AMQP's own kind of value, which is one of UTC."""
    return f"{value.isoformat()}Z" if isinstance(value, datetime) else value


def _is_short(value: Any, longest: int) -> bool:
    return isinstance(value, str) and 0 < len(value) <= longest and value.isprintable()
