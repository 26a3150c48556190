"""The whole suite under fire: services, broker and database are killed while orders flow; nothing is lost or doubled.

The short campaign; run it longer with FAULT_ORDERS=20000.
"""

import json
import signal
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from services import ANSWERING
from services.cli.folders import in_var
from shared.bus.connection import broker_connection
from tests.databases import runs_on
from tests.faults.flow import ORDERS, PATIENCE_SECONDS, Flow, kill_service, surroundings
from tests.forked_world import ForkedWorld
from tests.small_district import write_units


@pytest.fixture(scope="module")
def flow(request: pytest.FixtureRequest) -> Iterator["Flow"]:
    """Orders into a suite of its own; it lives through one trouble after the other, as a suite in use does."""
    url = request.getfixturevalue("postgres").create_database("faults") if request.param == "postgresql" else ""
    units = write_units(in_var("units.csv"))
    with surroundings(GONGSHANG_UNITS_FILE=units), ForkedWorld("faults", database=url) as running:
        yield Flow(running)


@pytest.mark.parametrize("flow", runs_on("sqlite"), indirect=True)
def test_every_service_is_killed_once_while_orders_flow(flow):
    flow.send(ORDERS)
    for name in ANSWERING:
        flow.wait_for(ORDERS // 12)
        kill_service(flow.world, name)
        flow.world.start_services((name,))
    flow.comes_to_rest_whole()


@pytest.mark.parametrize("flow", runs_on("postgresql"), indirect=True)
def test_the_broker_is_killed_while_orders_flow(flow):
    flow.send(ORDERS // 2)
    flow.wait_for(ORDERS // 10)
    broker: Any = flow.world._broker
    broker.kill()
    broker.start()
    flow.send(ORDERS // 4)
    flow.comes_to_rest_whole()


@pytest.mark.parametrize("flow", ["postgresql"], indirect=True)
def test_the_database_is_killed_while_orders_flow(flow, postgres):
    flow.send(ORDERS // 2)
    flow.wait_for(ORDERS // 10)
    postgres.kill()
    postgres.start()
    flow.comes_to_rest_whole()


@pytest.mark.parametrize("flow", ["sqlite"], indirect=True)
def test_services_may_start_before_the_broker_and_wait_for_it(flow):
    broker: Any = flow.world._broker
    for name in ANSWERING:
        kill_service(flow.world, name)
    broker.kill()
    flow.world.start_services(ANSWERING)
    broker.start()
    flow.world.wait_ready()
    flow.send(50)
    flow.comes_to_rest_whole()


KILLS = 3
FATES = {"complaint_accepted.v1", "complaint_answered.v1", "complaint_urged.v1", "complaint_rejected.v1"}


def orders_the_hotline_heard_of(uri: str) -> set[str]:
    """Whatever has come to the hotline's own queue: nothing of ours vouches for it."""
    with broker_connection(uri) as connection:
        channel, heard = connection.channel(), []
        channel.basic_consume("hotline.replies", callback=heard.append, no_ack=True)
        with suppress(TimeoutError):
            while True:
                connection.drain_events(timeout=3)
    replies = [json.loads(message.body) for message in heard]
    return {reply["data"]["order_no"] for reply in replies if reply["type"] in FATES}


@pytest.mark.parametrize("flow", ["sqlite"], indirect=True)
@pytest.mark.parametrize("outbox", ["on", "off"])
def test_the_hotline_hears_of_every_order_with_the_outbox_and_not_without(flow, outbox):
    """The negative control: without the outbox the same trouble must be seen as loss, or nothing here is proven."""
    kill_service(flow.world, "intake")
    earlier = set(flow.sent.values())
    with surroundings(GONGSHANG_OUTBOX=outbox):
        flow.world.start_services(("intake",))
        for _ in range(KILLS):
            flow.send(ORDERS // (KILLS + 1))
            flow.wait_for(ORDERS // 10)
            kill_service(flow.world, "intake")
            flow.world.start_services(("intake",))
        flow.send(ORDERS // (KILLS + 1))
        flow.wait_until_taken_in()
        intake = flow.world.processes["intake"]
        intake.send_signal(signal.SIGTERM)  # a graceful stop publishes what is in hand
        intake.wait(PATIENCE_SECONDS)
    if outbox == "on":
        flow.world.start_services(("intake",))
        flow.comes_to_rest_whole()
    lost = set(flow.sent.values()) - earlier - orders_the_hotline_heard_of(flow.world.uri)
    assert bool(lost) == (outbox == "off")
    assert len(lost) < ORDERS
