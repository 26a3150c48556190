"""`bench intake`: durable complaints per second, from a full queue to committed with their events published.

Beside it, in the same run: the same rows by bare amqp and psycopg, and the same use case as a plain nameko handler.
"""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text

from services.cli.bench import machine, plain_queue
from services.cli.bench.complaints import write_complaints
from services.cli.bench.gauges import CpuGauge, rss_mb
from services.cli.bench.ground import Ground
from services.cli.bench.publishing import as_message, publish_complaints, publishing_to
from services.cli.bench.result import Result, ratio
from services.cli.bench.watching import LOOK_SECONDS, Watch, wait_while_moving
from services.cli.servers.broker import connection_to
from shared.storage.engine import engine_for, make_engine
from shared.storage.migrate import migrate

SIZE = 20_000
RAW_QUEUE = "bench.raw"
PLAIN_PART = 10
SAMPLED_AT = (25, 50, 75, 100)


def run(ground: Ground, size: int, say: Callable[[str], None]) -> Result:
    say(f"intake: {size} complaints into the queue ...")
    publish_complaints(ground.uri, complaints(size))
    say("intake: the service takes them in ...")
    figures = take_in(ground, size)
    ground.purge()
    say("intake: the same rows by bare amqp and psycopg ...")
    raw = run_raw(ground, size)
    ground.purge()
    say("intake: the same use case as a plain nameko service ...")
    plain = run_plain(ground, max(1, size // PLAIN_PART))
    rate = figures["complaints_per_second"]
    return Result(
        name="intake",
        figures=figures,
        baselines={"raw": raw, "plain_nameko": plain},
        ratios={
            "to_raw": ratio(rate, raw["complaints_per_second"]),
            "to_plain_nameko": ratio(rate, plain["complaints_per_second"]),
        },
        machine=machine.describe(ground),
    )


def complaints(size: int) -> Iterator[dict[str, Any]]:
    return write_complaints(size, at=datetime.now(UTC))


def take_in(ground: Ground, size: int) -> dict[str, Any]:
    """Start the service on the full queue. Counts from the first commit seen, and not what was in that."""
    watch = Watch("intake")
    memory: dict[str, float] = {}
    ground.start("intake")
    pid = ground.pids["intake"]
    wait_while_moving(lambda: watch.newest() > 0, lambda: None, "intake", interval=LOOK_SECONDS / 10)
    began, first, gauge = time.perf_counter(), watch.newest(), CpuGauge(ground.pids, ground.families)

    def sample() -> int:
        newest = watch.newest()
        for percent in SAMPLED_AT:
            if newest * 100 >= size * percent:
                memory.setdefault(f"{percent}_percent", rss_mb(pid))
        return newest

    wait_while_moving(lambda: watch.is_through(size), sample, "intake")
    seconds = time.perf_counter() - began
    sample()
    announced = watch.announced()
    return {
        "complaints_per_second": round((size - first) / seconds, 1),
        "complaints": size,
        "seconds": round(seconds, 2),
        "events_published": announced,
        "events_per_second": round(announced * (size - first) / size / seconds, 1),
        "issues_raised": issue_count(),
        "rss_mb": rss_mb(pid),
        "rss_mb_at": memory,
        "cpu_seconds": gauge.take(),
    }


def issue_count() -> int:
    with engine_for("intake").connect() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM issues")) or 0)


def run_raw(ground: Ground, size: int) -> dict[str, Any]:
    ground.stop("intake")
    with connection_to(ground.uri) as connection:
        connection.channel().queue_declare(
            RAW_QUEUE, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"}
        )
    with publishing_to(ground.uri) as publishing:
        publishing.publish(("", RAW_QUEUE, as_message(one)) for one in complaints(size))
    return ground.run_program(
        "services.cli.bench.raw_intake", database=ground.plain_url, uri=ground.uri, queue=RAW_QUEUE, count=size
    )


def run_plain(ground: Ground, size: int) -> dict[str, Any]:
    database = ground.create_database("plain")
    engine = make_engine("intake", database)
    migrate("intake", engine)
    ground.copies.fill_database("intake", engine)
    engine.dispose()
    with connection_to(ground.uri) as connection:
        plain_queue.declare(connection)
    with publishing_to(ground.uri) as publishing:
        filed = (as_message(one, content_type="application/json") for one in complaints(size))
        publishing.publish(("", plain_queue.QUEUE, message) for message in filed)
    return ground.run_program("services.cli.bench.plain_intake", database=database, uri=ground.uri, count=size)
