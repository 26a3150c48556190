"""Queues, exchanges and bindings are what the contracts say, on the broker and in the services."""

import importlib
import re
from datetime import timedelta

import amqp
import pytest

from services import SERVICES
from shared.bus import connection as broker_module
from shared.bus import topology
from shared.bus.inbox.entrypoint import Subscribe
from shared.bus.topology import HOTLINE_QUEUE, RPC_EXCHANGE, street_queue
from shared.bus.topology.access import rights_of, street_user
from shared.bus.topology.definitions import definitions as broker_definitions
from shared.contracts.flow import LISTENERS


def subscriptions(name):
    module = importlib.import_module(f"services.{name}.service")
    methods = [method for one in vars(module).values() if isinstance(one, type) for method in vars(one).values()]
    entrypoints = [entry for method in methods for entry in getattr(method, "nameko_entrypoints", ())]
    return {entry.contract for entry in entrypoints if isinstance(entry, Subscribe)}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_subscribes_to_exactly_what_its_queue_is_bound_to(service):
    assert subscriptions(service) == set(LISTENERS.get(service, ()))


def allowed(pattern, *names):
    return [name for name in names if re.search(pattern, name)]


def test_the_hotline_publishes_its_orders_and_reads_its_replies_and_nothing_else():
    rights = rights_of("hotline")
    names = ("hotline.events", "intake.events", RPC_EXCHANGE, HOTLINE_QUEUE, "intake.inbox", "amq.gen-1")

    assert allowed(rights.configure, *names) == []
    assert allowed(rights.write, *names) == ["hotline.events"]
    assert allowed(rights.read, *names) == [HOTLINE_QUEUE]
    assert allowed(rights.calls, "escalation.escalate", "intake.get_complaint") == []


def test_a_street_calls_escalation_alone_and_reads_its_own_notices_alone():
    rights, own, other = rights_of(street_user("110105017")), street_queue("110105017"), street_queue("110105018")
    names = ("hotline.events", RPC_EXCHANGE, HOTLINE_QUEUE, own, other, "amq.gen-1")

    assert allowed(rights.configure, *names) == allowed(rights.binds, *names) == ["amq.gen-1"]
    assert allowed(rights.write, *names) == [RPC_EXCHANGE, "amq.gen-1"]
    assert allowed(rights.read, *names) == [RPC_EXCHANGE, own, "amq.gen-1"]
    assert allowed(rights.calls, "escalation.escalate", "supervision.get_case") == ["escalation.escalate"]


def test_every_service_has_its_listeners():
    assert set(SERVICES) - {"directory"} == set(LISTENERS)


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


def test_a_service_works_on_with_a_queue_of_other_settings(broker):
    with broker_module.broker_connection(broker.uri) as connection:
        channel = connection.channel()
        channel.queue_delete("councils.dead")
        channel.queue_declare("councils.dead", durable=True, auto_delete=False)
        topology.prepare(connection)
        assert topology.missing(connection) == []
        channel.queue_delete("councils.dead")
        topology.declare(connection)


def test_without_any_policy_what_comes_back_too_often_lies_in_the_dead_queue(broker):
    street = "110105018"
    with broker_module.broker_connection(broker.uri) as connection:
        topology.declare(connection, streets=(street,))
        channel, taken = connection.channel(), []
        channel.queue_purge("neighbours.dead")
        channel.basic_qos(0, 1, False)
        channel.basic_consume(street_queue(street), callback=lambda one: channel.basic_reject(one.delivery_tag, True))
        channel.basic_consume("neighbours.dead", callback=taken.append, no_ack=True)
        channel.basic_publish(amqp.Message(b"ends its reader each time", delivery_mode=2), "", street_queue(street))
        while not taken:
            connection.drain_events(timeout=20)

        channel.close()
        connection.channel().queue_delete(street_queue(street))
    assert taken[0].headers["x-first-death-queue"] == street_queue(street)


def test_the_definitions_hold_everything_that_is_declared():
    document = broker_definitions(dead_kept=timedelta(days=30))
    assert {one["name"] for one in document["queues"]} == {queue.name for queue in topology.queues()}
    kept = [(one["durable"], one["auto_delete"]) for one in (*document["queues"], *document["exchanges"])]
    assert set(kept) == {(True, False)}
    assert not any(exchange["internal"] for exchange in document["exchanges"])
    assert len(document["bindings"]) == len(topology.bindings())
    assert [policy["definition"] for policy in document["policies"]] == [{"message-ttl": 30 * 24 * 3600 * 1000}]


@pytest.mark.parametrize("queue", [queue for queue in topology.queues(("110105017",)) if not queue.is_dead], ids=str)
def test_what_keeps_messages_safe_is_an_argument_of_every_queue_that_somebody_reads(queue):
    assert queue.arguments["x-queue-type"] == "quorum"
    assert queue.arguments["x-delivery-limit"] >= 1000
    assert queue.arguments["x-dead-letter-strategy"] == "at-least-once"
    assert queue.arguments["x-overflow"] == "reject-publish"


@pytest.mark.parametrize("queue", [queue for queue in topology.queues(("110105017",)) if not queue.is_dead], ids=str)
def test_what_comes_back_too_often_has_a_dead_queue_to_go_to(queue):
    key = queue.arguments["x-dead-letter-routing-key"]
    found = [
        one.destination for one in topology.bindings(("110105017",)) if (one.source, one.routing_key) == ("dead", key)
    ]

    assert len(found) == 1
    is_dead = topology.Queue(found[0], is_dead=True) in topology.queues()
    assert is_dead or found == [topology.RETURNED_QUEUE]  # which is read, and one of the cases here itself
