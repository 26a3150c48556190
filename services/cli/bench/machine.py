"""On what a benchmark ran."""

import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg

from services.cli.bench.ground import Ground
from services.cli.servers.broker import connection_to, version_of


def describe(ground: Ground) -> dict[str, Any]:
    with connection_to(ground.uri) as connection:
        rabbitmq = version_of(connection)
    return {
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(_memory_kb() / 1024 / 1024, 1),
        "processor": _processor(),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "rabbitmq": rabbitmq,
        "postgresql": _postgresql(ground.plain_url),
        "nameko": version("nameko"),
        "psycopg": f"{psycopg.__version__} ({psycopg.pq.__impl__})",
        "sqlalchemy": version("SQLAlchemy"),
    }


def _memory_kb() -> int:
    first = Path("/proc/meminfo").read_text().splitlines()[0]
    return int(first.split()[1])


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _postgresql(url: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("SHOW server_version").fetchone()
    return str(row[0]) if row else "unknown"
