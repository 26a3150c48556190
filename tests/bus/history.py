"""A service's tables as they are after a long time: rows of the inbox, the outbox, timers and replies, of any age."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from shared.bus.log.reading import events_of
from tests.bus import toy

NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)
KNOWN_FOR = timedelta(days=30)


def ago(**length: float) -> datetime:
    return NOW - timedelta(**length)


def an_outbox_row(number: int, sent_at: datetime | None, **changed: Any) -> dict[str, Any]:
    return {
        "event_id": f"e{number}",
        "exchange": "deliberation.events",
        "routing_key": "session_opened.v1",
        "subject": f"I-{number % 7}",
        "body": b'{"id":"e%d","data":{"title":"\xe6\xa5\xbc\xe9\x81\x93"}}' % number,
        "headers": {"subject": f"I-{number % 7}", "correlation_id": f"c{number}"},
        "created_at": ago(days=100),
        "sent_at": sent_at,
    } | changed


def an_inbox_row(number: int, handled_at: datetime | None, status: str = "handled", **changed: Any) -> dict[str, Any]:
    return {
        "event_id": f"e{number}",
        "type": "session_scheduled.v1",
        "subject": f"I-{number % 7}",
        "status": status,
        "received_at": handled_at or ago(days=100),
        "handled_at": handled_at,
        "attempts": 0,
        "next_attempt_at": None,
        "error": None,
        "body": None,
        "headers": None,
    } | changed


def a_timer(number: int, fired_at: datetime | None) -> dict[str, Any]:
    return {
        "kind": "open",
        "ref": f"S{number}",
        "due_at": ago(days=100),
        "fired_at": fired_at,
        "attempts": 0,
        "next_attempt_at": None,
        "error": None,
        "parked_at": None,
    }


def a_reply(number: int, created_at: datetime) -> dict[str, Any]:
    key = {"caller": "clerk-1", "method": "open_by_hand", "idempotency_key": f"k{number}"}
    return key | {"request_sha256": "0" * 64, "reply": {}, "created_at": created_at}


def fill(engine: Engine, table: Any, rows: list[dict[str, Any]]) -> None:
    with engine.begin() as connection:
        connection.execute(table.insert(), rows)


def announce(engine: Engine, how_many: int, sent_at: datetime | None, first: int = 1) -> None:
    """So many events, numbered on."""
    fill(engine, toy.bus.outbox, [an_outbox_row(number, sent_at) for number in range(first, first + how_many)])


def logged(engine: Engine) -> list[tuple[int, str, bytes]]:
    """What the log and the outbox say together, in order."""
    return [(one.position, one.event_id, one.body) for one in events_of(engine)]
