"""`bench memory`: what each service process holds after many complaints, and that it does not grow with their number.

All processes run. The complaints come in quarters; after each all queues are drained before the look.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from itertools import islice

from services import ANSWERING, SERVICES
from services.cli.bench import machine
from services.cli.bench.complaints import write_complaints
from services.cli.bench.gauges import CpuGauge, rss_mb
from services.cli.bench.ground import Ground
from services.cli.bench.publishing import publish_complaints
from services.cli.bench.result import Result, ratio
from services.cli.bench.watching import Watch, wait_while_moving
from services.cli.proof.drain import Drain

SIZE = 100_000
QUARTERS = (25, 50, 75, 100)
LOOK_SECONDS = 2.0


def run(ground: Ground, size: int, say: Callable[[str], None]) -> Result:
    ground.start(*ANSWERING)
    memory = {"idle": sizes(ground)}
    gauge, began, drain, sent = CpuGauge(ground.pids, ground.families), time.perf_counter(), Drain(), 0
    watches = [Watch(service) for service in SERVICES]
    written = write_complaints(size, at=datetime.now(UTC), series="M")
    for percent in QUARTERS:
        sent += publish_complaints(ground.uri, islice(written, size * percent // 100 - sent))
        wait_while_moving(
            partial(drain.is_drained, sent), lambda: [one.newest() for one in watches], "the suite", LOOK_SECONDS
        )
        memory[f"{percent}_percent"] = sizes(ground)
        say(f"memory: {sent} complaints, {max(memory[f'{percent}_percent'].values())} MB in the largest process")
    seconds = time.perf_counter() - began
    last = memory["100_percent"]
    return Result(
        name="memory",
        figures={
            "complaints": sent,
            "seconds": round(seconds, 1),
            "complaints_per_second": round(sent / seconds, 1),
            "rss_mb": memory,
            "largest_rss_mb": max(last.values()),
            "cpu_seconds": gauge.take(),
        },
        ratios={f"{name}_grown_since_25_percent": ratio(last[name], memory["25_percent"][name]) for name in ANSWERING},
        machine=machine.describe(ground),
    )


def sizes(ground: Ground) -> dict[str, float]:
    return {name: rss_mb(ground.pids[name]) for name in ANSWERING}
