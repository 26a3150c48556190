"""Queues, exchanges and bindings are what the contracts say, on the broker and in the services."""

import importlib

import pytest

from services import SERVICES
from shared.bus import connection as broker_module
from shared.bus import topology
from shared.bus.inbox.entrypoint import Subscribe
from shared.bus.topology.definitions import definitions as broker_definitions
from shared.contracts.flow import LISTENERS


def subscriptions(name):
    module = importlib.import_module(f"services.{name}.service")
    methods = [method for one in vars(module).values() if isinstance(one, type) for method in vars(one).values()]
    entrypoints = [entry for method in methods for entry in getattr(method, "nameko_entrypoints", ())]
    return {entry.contract for entry in entrypoints if isinstance(entry, Subscribe)}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_subscribes_to_exactly_what_its_queue_is_bound_to(service):
    assert subscriptions(service) == set(LISTENERS[service])


def test_every_service_has_its_listeners():
    assert set(SERVICES) == set(LISTENERS)


def test_declaring_twice_changes_nothing_and_nothing_is_missing(broker):
    with broker_module.broker_connection(broker.uri) as connection:
        topology.declare(connection, streets=("110105017",))
        topology.declare(connection, streets=("110105017",))
        assert topology.missing(connection) == []


def test_a_queue_with_other_settings_is_refused_with_what_to_do(broker):
    with broker_module.broker_connection(broker.uri) as connection:
        channel = connection.channel()
        channel.queue_delete("evaluation.dead")
        channel.queue_declare("evaluation.dead", durable=True, auto_delete=False)
        with pytest.raises(topology.TopologyFault, match=r"queue evaluation\.dead exists with other settings"):
            topology.declare(connection)
        connection.channel().queue_delete("evaluation.dead")
        topology.declare(connection)


def test_the_definitions_hold_everything_that_is_declared():
    document = broker_definitions()
    assert {one["name"] for one in document["queues"]} == {queue.name for queue in topology.queues()}
    assert len(document["bindings"]) == len(topology.bindings())
    assert all(policy["definition"]["dead-letter-strategy"] == "at-least-once" for policy in document["policies"])
