"""How far the board is behind while intake takes in complaints as fast as it can: a part of `bench web`."""

import time
from datetime import UTC, datetime
from statistics import median
from typing import Any

from sqlalchemy import MetaData, delete, select

from services.cli.bench.complaints import write_complaints
from services.cli.bench.ground import Ground
from services.cli.bench.publishing import publish_complaints
from services.cli.bench.watching import Watch, wait_while_moving
from shared.bus.tables import bus_tables
from shared.contracts.flow import LISTENERS
from shared.storage.engine import engine_for
from shared.storage.many import is_any

BOARD, INTAKE = "board", "intake"
TYPES = [contract.wire_type for contract in LISTENERS[BOARD]]
LOOK_SECONDS = 0.2
_bus = bus_tables(MetaData())


def measure_behind(ground: Ground, complaints: int) -> dict[str, Any]:
    """From a full queue; it is behind by the age of what it has to take in next."""
    publish_complaints(ground.uri, write_complaints(complaints, at=datetime.now(UTC), series="B"))
    ground.start(BOARD)
    taken, heard = Watch(INTAKE), Watch(BOARD)
    before, seconds = heard.count(), []
    ground.start(INTAKE)
    began = time.perf_counter()

    def is_through() -> bool:
        seconds.append(_behind(heard.count() - before))
        return taken.is_through(complaints) and seconds[-1] == 0

    wait_while_moving(is_through, heard.newest, BOARD, interval=LOOK_SECONDS)
    spent = time.perf_counter() - began
    for name in (INTAKE, BOARD):
        ground.stop(name)
    with engine_for(INTAKE).begin() as connection:
        connection.execute(delete(_bus.outbox))  # or a board that is made anew would read it
    return {
        "complaints_per_second": round(complaints / spent, 1),
        "p50_seconds": round(median(seconds), 2),
        "most_seconds": round(max(seconds), 2),
    }


def _behind(heard: int) -> float:
    """Seconds since intake announced what comes after so many; they come in their order."""
    outbox = _bus.outbox.c
    told = select(outbox.created_at).where(is_any(outbox.routing_key, TYPES)).order_by(outbox.position)
    with engine_for(INTAKE).connect() as connection:
        at: datetime | None = connection.scalar(told.offset(heard).limit(1))
    return 0.0 if at is None else max(0.0, (datetime.now(UTC) - at).total_seconds())
