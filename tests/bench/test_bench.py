"""`gongshang bench`, run for real but short: one JSON object of the promised shape. Never how fast anything is."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from click.testing import CliRunner

from services.cli.bench.ground import Ground
from services.cli.commands.bench import command
from services.cli.folders import ROOT
from services.cli.servers.broker import BrokerNode, GivenBroker
from services.cli.servers.postgres import PostgresServer
from shared.settings import settings
from tests.faults.flow import surroundings
from tests.forked_world import ForkedWorld
from tests.lodging import lodge
from tests.small_district import write_units

pytestmark = pytest.mark.timeout(300)
Bench = Callable[..., dict[str, Any]]


class ForkedGround(ForkedWorld, Ground):
    """Its services are forks, as those of the suites that tests start, and it lodges on the broker of the tests."""

    node: BrokerNode | GivenBroker

    def _start_broker(self) -> None:
        address = lodge(self.node)
        if address:
            os.environ["AMQP_URI"] = address
            settings.cache_clear()
            self._broker = GivenBroker(address)
        super()._start_broker()

    @property
    def broker_pid(self) -> int:
        return (self.node.server_pid or 0) if isinstance(self.node, BrokerNode) else super().broker_pid


@pytest.fixture
def bench(
    monkeypatch: pytest.MonkeyPatch, postgres: PostgresServer, broker: BrokerNode | GivenBroker
) -> Iterator[Bench]:
    """The command in this process, on the tests' own servers."""

    def run(*words: str) -> dict[str, Any]:
        ran = CliRunner().invoke(command, [*words, "--json"], catch_exceptions=False)
        assert ran.exit_code == 0, ran.stderr
        return printed(ran.stdout)

    monkeypatch.setattr("services.cli.commands.bench.Ground", ForkedGround)
    monkeypatch.setattr(ForkedGround, "node", broker, raising=False)
    small = write_units(settings().var_folder / "bench.csv")
    with surroundings(GONGSHANG_UNITS_FILE=small, GONGSHANG_TEST_POSTGRES=postgres.url()):
        yield run


def bench_program(*words: str) -> dict[str, Any]:
    """The program as a user starts it, with servers and services from nothing."""
    area = settings().var_folder / "bench"
    small = write_units(area / "units.csv")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "GONGSHANG_VAR": str(area), "GONGSHANG_UNITS_FILE": small}
    ran = subprocess.run(
        [sys.executable, "-P", "-m", "services.cli.main", "bench", *words, "--json"],
        env=environment, capture_output=True, text=True, check=False, timeout=280,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return printed(ran.stdout)


def printed(output: str) -> dict[str, Any]:
    """What stands on standard output, which must be one JSON object and nothing else."""
    found: dict[str, Any] = json.loads(output)
    assert set(found) == {"name", "figures", "baselines", "ratios", "machine"}
    assert found["machine"].keys() >= {"cores", "memory_gb", "python", "rabbitmq", "postgresql"}
    return found


def test_intake_is_measured_beside_bare_libraries_and_plain_nameko():
    found = bench_program("intake", "--size", "600")

    assert found["name"] == "intake"
    assert found["figures"]["complaints"] == 600
    assert found["figures"]["events_published"] >= 600
    assert found["figures"]["complaints_per_second"] > 0
    assert found["figures"]["rss_mb"] > 0
    assert set(found["baselines"]) == {"raw", "plain_nameko"}
    assert found["baselines"]["plain_nameko"]["failed"] == 0
    assert set(found["ratios"]) == {"to_raw", "to_plain_nameko"}


def test_calls_are_measured_idle_and_loaded_beside_a_bare_echo(bench: Bench):
    found = bench("rpc", "--size", "100")

    assert found["name"] == "rpc"
    for state in ("idle", "loaded"):
        assert found["figures"][state].keys() >= {"preview", "escalate", "8_callers"}
        assert found["figures"][state]["escalate"].keys() >= {"p50_ms", "p99_ms"}
    assert found["figures"]["commands_per_second"] > 0
    assert found["figures"]["cpu_ms_per_command"] > 0
    assert set(found["baselines"]) == {"echo_idle", "echo_loaded", "echo_many"}
    assert found["ratios"].keys() >= {"preview_p99_to_echo", "escalate_p99_to_echo", "commands_to_echo"}


@pytest.mark.parametrize("full", [[], ["--full"]], ids=["walk", "full"])
def test_a_whole_life_is_measured_by_phases(bench: Bench, full):
    found = bench("lifecycle", "--size", "12", *full)

    assert found["name"] == "lifecycle"
    assert found["figures"]["cases_closed"] == 12
    assert found["figures"]["calls_refused"] == {}
    assert list(found["figures"]["phases"]) == ["taken_in", "handled", "asked_and_closed"]
    assert found["figures"]["busiest"] in found["figures"]["cpu_seconds"]


def test_memory_is_looked_at_after_every_quarter(bench: Bench):
    found = bench("memory", "--size", "40")

    assert found["name"] == "memory"
    assert list(found["figures"]["rss_mb"]) == ["idle", "25_percent", "50_percent", "75_percent", "100_percent"]
    assert found["figures"]["largest_rss_mb"] > 0


def test_the_directory_is_measured_at_two_sizes(bench: Bench):
    found = bench("directory", "--size", "20")

    assert found["name"] == "directory"
    assert [found["figures"][name]["rows"] for name in ("1x", "10x")] == [40, 400]
    assert found["ratios"].keys() == {"import_10x_to_1x", "copies_10x_to_1x", "lookup_10x_to_1x"}


def test_an_unknown_benchmark_is_refused_in_words():
    ran = subprocess.run(
        [sys.executable, "-P", "-m", "services.cli.main", "bench", "everything"],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 2
    assert "lifecycle" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_what_people_look_at_is_measured_by_looks_and_pages_and_as_events_are_taken_in_live_and_anew(bench: Bench):
    found = bench("web", "--size", "20")

    figures = found["figures"]
    assert (figures["issues"], figures["board"].keys() >= {"front", "issue", "issues", "search_words", "wall"}) == (
        20,
        True,
    )
    assert figures["under_full_intake"]["most_seconds"] >= figures["under_full_intake"]["p50_seconds"] >= 0
    assert figures["intake"]["events"] == figures["rebuild"]["taken"] > 100
    assert min(figures[name]["events_per_second"] for name in ("intake", "rebuild")) > 0

    assert figures["pages"].keys() == {"board", "issue", "issues", "issues_of_a_unit", "search", "wall"}
    assert all(0 < page["kilobytes"] <= 200 for page in figures["pages"].values())
    assert 0 < figures["issues_at_once_with_etag"]["kilobytes"] < figures["issues_at_once"]["kilobytes"]
    browser = figures["browser"]
    assert "not_measured" in browser or (browser["first_paint_ms"] > 0 and browser["scripts_kilobytes"] <= 60)
