"""What the databases of services say about work that waits, read beside them."""

from sqlalchemy.exc import SQLAlchemyError

from services.cli.proof import records
from services.cli.suite.databases import is_made
from shared.bus.backlog import Backlog, count
from shared.clock import clock_from
from shared.settings import settings
from shared.storage.engine import READS, engine_for


def read_backlog(service: str) -> Backlog | None:
    """None when the database can't be read: away, not made yet, or not migrated."""
    engine = engine_for(service)
    if not is_made(engine):
        return None
    try:
        with engine.connect().execution_options(**READS) as connection:
            return count(connection, clock_from(settings()).now(), records.known_since())
    except SQLAlchemyError:
        return None
    finally:
        engine.dispose()


def expired_orders() -> int | None:
    """How many times an order's expiration ran out before intake read it. None when the database can't be read."""
    if not is_made(engine_for("intake")):
        return None
    try:
        return int(records.column("intake", "SELECT count(*) FROM rejections WHERE reason = 'expired'")[0])
    except SQLAlchemyError:
        return None
