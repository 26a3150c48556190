"""Calls that are set aside: those nobody can answer, and those that end the process each time they are done.

They go to the dead queue for calls, through the outbox, with the reason, and without the token they came with.
"""

import hashlib
import uuid
from contextlib import suppress
from datetime import UTC, datetime

from sqlalchemy import MetaData, delete, select
from sqlalchemy.exc import SQLAlchemyError

from shared.bus.door import shown
from shared.bus.rpc.wire import Delivered
from shared.bus.tables import bus_tables
from shared.bus.topology import DEAD_CALLS
from shared.bus.work import Begin
from shared.logs import get_logger

log = get_logger()
_returned = bus_tables(MetaData()).returned_calls


class Aside:
    """What one service sets aside, and how often a call came back that it had begun."""

    def __init__(self, name: str, begin: Begin) -> None:
        self.name = name
        self._begin = begin

    def put(self, call: Delivered, reason: str) -> None:
        """The same call again is put aside again: its caller sent it again, or this process died in between."""
        with self._begin() as work:
            work.outbox.add_raw(
                queue=DEAD_CALLS,
                body=call.body,
                headers={"reason": shown(reason, 2000), "type": shown(f"{self.name}.{call.method}", 200)},
                event_id=str(uuid.uuid4()),
                at=datetime.now(UTC),
            )
        log.warning("rpc_set_aside", rpc=call.method, reason=reason)

    def begin_again(self, call: Delivered) -> int:
        """Counts before it is done, so that only the one that ends the process is counted, and not who waits behind."""
        mark = _mark(call)
        with self._begin() as work:
            times = work.connection.scalar(select(_returned.c.times).where(_returned.c.mark == mark)) or 0
            row = {"mark": mark, "times": times + 1, "begun_at": datetime.now(UTC)}
            work.writes.insert(_returned, [row], replace="mark")
        return int(times) + 1

    def forget(self, call: Delivered) -> None:
        """It ended well. Where that can't be noted it matters to nobody: an answered call does not come back."""
        with suppress(SQLAlchemyError, OSError), self._begin() as work:
            work.connection.execute(delete(_returned).where(_returned.c.mark == _mark(call)))


def _mark(call: Delivered) -> str:
    said = "\0".join([call.method, call.reply_to, call.correlation_id]).encode(errors="surrogateescape")
    return hashlib.sha256(said + b"\0" + call.body).hexdigest()
