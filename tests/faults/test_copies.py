"""Two copies of every service, killed and frozen at random while orders flow: nothing lost, doubled or out of order.

The short campaign; FAULT_SECONDS=300 is the long one.
"""

import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from services import ANSWERING
from services.cli.folders import in_var
from services.cli.suite.world import World
from tests.databases import runs_on
from tests.faults.flow import Flow, kill_service, surroundings
from tests.faults.order import out_of_order
from tests.forked_world import ForkedWorld
from tests.small_district import write_units

SECONDS = float(os.environ.get("FAULT_SECONDS", "6"))
ORDERS_A_SECOND = 40
FROZEN_SECONDS = 5.0


@pytest.fixture(scope="module", params=runs_on())
def flow(request: pytest.FixtureRequest) -> Iterator[Flow]:
    """A suite with two copies of everything."""
    url = request.getfixturevalue("postgres").create_database("copies") if request.param == "postgresql" else ""
    wanted = {"GONGSHANG_OUTBOX": "on", "GONGSHANG_UNITS_FILE": write_units(in_var("units.csv"))}
    with surroundings(**wanted), ForkedWorld("copies", database=url, copies=2) as running:
        running.most_restarts = 1000
        yield Flow(running)


@contextmanager
def frozen(world: World, names: list[str]) -> Iterator[None]:
    """One copy of everything, by SIGSTOP; in one of the two halves is each that was active."""
    processes = [world.processes[name] for name in names]
    for process in processes:
        process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            process.send_signal(signal.SIGCONT)


@pytest.mark.timeout(SECONDS + 300)
def test_copies_are_killed_at_random_while_orders_flow(flow):
    dice, end = random.Random(20261127), time.monotonic() + SECONDS
    while time.monotonic() < end:
        flow.send(ORDERS_A_SECOND)
        name = dice.choice(flow.world.programs)
        kill_service(flow.world, name)
        time.sleep(dice.random())
        flow.world.start_services((name,))
    flow.comes_to_rest_whole()
    assert out_of_order() == []


@pytest.mark.timeout(300)
@pytest.mark.parametrize("flow", ["postgresql"], indirect=True)
def test_copies_are_frozen_and_go_on_later_while_orders_flow(flow):
    for half in (flow.world.programs[: len(ANSWERING)], flow.world.programs[len(ANSWERING) :]):
        with frozen(flow.world, half):
            flow.send(5 * ORDERS_A_SECOND)
            flow.wait_until_taken_in()
            time.sleep(FROZEN_SECONDS)
        flow.send(ORDERS_A_SECOND)
        flow.comes_to_rest_whole()
    assert out_of_order() == []
