"""How far the board is behind: what the services announced last, and it has not taken in so far."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from services import SERVICES
from services.cli.suite.databases import is_made
from shared.bus.inbox import rows as inbox_rows
from shared.bus.inbox.reading import Identity
from shared.bus.log.rows import IS_EVENT, outbox
from shared.contracts.flow import LISTENERS
from shared.storage.engine import READS, engine_for
from shared.storage.many import is_any

BOARD = "board"
LATEST = 1000
"""So many of each service are looked at: who is further behind is behind by at least that."""
TYPES = [contract.wire_type for contract in LISTENERS[BOARD]]


@dataclass(frozen=True)
class Behind:
    """So many events are on their way to the board, the oldest since then."""

    events: int
    since: datetime | None

    def length(self, now: datetime) -> timedelta:
        return timedelta(0) if self.since is None else max(now - self.since, timedelta(0))


def board_behind() -> Behind | None:
    """None where a database can't be read."""
    try:
        return _behind()
    except SQLAlchemyError:
        return None


def _behind() -> Behind | None:
    board = engine_for(BOARD)
    if not is_made(board):
        return None
    told = dict(one for name in SERVICES if name != BOARD for one in _latest(name, engine_for(name)))
    with board.connect().execution_options(**READS) as connection:
        known = inbox_rows.known(connection, [identity.event_id for identity in told])
    late = [at for identity, at in told.items() if identity not in known]
    return Behind(len(late), min(late, default=None))


def _latest(service: str, engine: Engine) -> Iterator[tuple[Identity, datetime]]:
    if not is_made(engine):
        return
    query = select(outbox.c.event_id, outbox.c.created_at).where(IS_EVENT, is_any(outbox.c.routing_key, TYPES))
    with engine.connect().execution_options(**READS) as connection:
        for row in connection.execute(query.order_by(outbox.c.position.desc()).limit(LATEST)):
            yield Identity(service, row.event_id), row.created_at
