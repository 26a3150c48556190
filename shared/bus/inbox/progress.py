"""How far a service has read its inbox: until which instant everything that the queue held is committed.

The proof is a mark: a message without content that a process of the service sends through its own queue. What was in
the queue before it has been handled and committed once it comes back, whichever copy reads it; a broker's count of
waiting messages proves nothing (of a busy quorum queue it may be 0). The database tells all copies.
"""

from datetime import datetime
from typing import Any

import amqp
from sqlalchemy import MetaData, ScalarSelect, select

from shared.bus.door import headers_of
from shared.bus.tables import bus_tables
from shared.bus.topology import inbox_of
from shared.bus.work import Begin

HEADER = "gongshang_mark"
"""Carries the instant at which the mark was sent. Only the services' own user may publish past all exchanges."""

_progress = bus_tables(MetaData()).inbox_progress


def send_mark(channel: Any, service: str, now: datetime) -> None:
    message = amqp.Message(b"", delivery_mode=2, application_headers={HEADER: now.isoformat()})
    channel.basic_publish(message, exchange="", routing_key=inbox_of(service))


def sent_at(message: Any) -> datetime | None:
    """When a delivered message was sent, if it is a mark."""
    headers = headers_of(message)
    if message.delivery_info.get("exchange") or HEADER not in headers:
        return None
    try:
        return datetime.fromisoformat(headers[HEADER])
    except (ValueError, TypeError):
        return None


def note(begin: Begin, service: str, instant: datetime) -> None:
    """Everything that was in the queue at that instant is committed."""
    with begin() as work:
        row = {"queue": inbox_of(service), "committed_until": instant}
        work.writes.insert(_progress, [row], replace="queue")


def committed_until(service: str, now: datetime) -> ScalarSelect[datetime]:
    """To be asked within another question. Nothing where it lies ahead: another clock was used then."""
    wanted = select(_progress.c.committed_until)
    return wanted.where(_progress.c.queue == inbox_of(service), _progress.c.committed_until <= now).scalar_subquery()
