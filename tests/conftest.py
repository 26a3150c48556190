"""What every test may lean on: a working area of this run's own, and a real broker and PostgreSQL when asked for.

The environment of whoever runs the tests is left out on purpose: a test must never find a real broker or database.
`GONGSHANG_TEST_AMQP_URI` and `GONGSHANG_TEST_POSTGRES` name servers that tests may use, and empty, instead of ours.
"""

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings
from xdist.scheduler import LoadFileScheduling

from services.cli.servers.broker import BrokerNode, GivenBroker
from services.cli.servers.postgres import PostgresNode, PostgresServer, find_postgres
from services.cli.servers.processes import command_line
from shared.settings import settings
from tests.databases import KINDS, drop_kept, lent

hypothesis_settings.register_profile("suite", deadline=None)  # how long one example takes says what else runs here
hypothesis_settings.load_profile("suite")
KEPT = ("GONGSHANG_TEST_AMQP_URI", "GONGSHANG_TEST_POSTGRES", "GONGSHANG_RABBITMQ_ROOT")
SHARED = ("tests/district/", "tests/gateway/live/")
SLOW_FIRST = (
    *("tests/scenarios/test_demo.py", *SHARED, "tests/supervision/test_away.py"),
    *(
        "tests/strangers/",
        "tests/bench/",
        "tests/launcher/",
        "tests/faults/test_copies.py",
        "tests/bus/",
        "tests/faults/test_suite.py",
    ),
)
"""So that no worker begins a minute's work when the others have nothing left."""


class ByDistrict(LoadFileScheduling):  # type: ignore[misc]
    """By files, but what shares one district is one worker's, or each of them would start that district."""

    def _split_scope(self, nodeid: str) -> str:
        shared = next((folder for folder in SHARED if nodeid.startswith(folder)), None)
        return shared or str(super()._split_scope(nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling | None:
    return ByDistrict(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_configure(config: pytest.Config) -> None:
    area = settings().var_folder / "test" / f"run-{os.getpid()}"
    for name in [name for name in os.environ if name.startswith("GONGSHANG_") or name == "AMQP_URI"]:
        if name not in KEPT:
            del os.environ[name]
    os.environ["GONGSHANG_VAR"] = str(area)
    settings.cache_clear()
    area.mkdir(parents=True, exist_ok=True)
    clear_what_killed_runs_left(area.parent)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        found = (number for number, start in enumerate(SLOW_FIRST) if item.nodeid.startswith(start))
        return next(found, len(SLOW_FIRST))

    items.sort(key=place)


def pytest_collection_finish() -> None:
    """All that is loaded by now stays to the end: to look through it again and again took an eighth of the time."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(settings().var_folder, ignore_errors=True)


def clear_what_killed_runs_left(runs: Path) -> None:
    for run in runs.glob("run-*"):
        if command_line(int(run.name.removeprefix("run-"))):
            continue
        for folder in run.glob("**/node.json"):
            node = PostgresNode(folder.parent) if folder.parent.name == "postgres" else BrokerNode(folder.parent)
            node.stop()
        shutil.rmtree(run, ignore_errors=True)


@pytest.fixture(scope="session")
def working_area() -> Path:
    """The var folder of this run, gone when the run is over."""
    return settings().var_folder


@pytest.fixture(scope="session")
def broker() -> Iterator[BrokerNode | GivenBroker]:
    """A broker that runs. A test that kills it starts it again. Its queues outlive the test: use names of your own."""
    given = os.environ.get("GONGSHANG_TEST_AMQP_URI")
    node = GivenBroker(given) if given else BrokerNode()
    node.start()
    yield node
    node.discard()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server that runs: `postgres.create_database(name)` gives the URL of an empty database.

    What it has told to be written outlives its own end and that of its processes, not the machine's.
    """
    server = find_postgres(outlives_power_cut=False)
    server.start()
    yield server
    drop_kept()
    server.stop()


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """A place for empty databases of all services, once on each kind, as GONGSHANG_DATABASE names it.

    Settings and engines made inside the test lie there; everything is gone after it.
    """
    with lent(request) as url:
        yield url
