"""The topology as RabbitMQ definitions, with the policies that AMQP can't bring; loaded when the broker starts."""

from typing import Any

from shared.bus import topology

VHOST = "/"
INBOX_POLICY = {
    "dead-letter-exchange": topology.DEAD_LETTER_EXCHANGE,
    "dead-letter-strategy": "at-least-once",
    "overflow": "reject-publish",
    "delivery-limit": 1000,  # attempts are counted in the inbox table; this ends only what kills the process each time
}


def definitions(streets: tuple[str, ...] = ()) -> dict[str, Any]:
    """The whole document, without users; with the queues of notices of these streets."""
    return {
        "vhosts": [{"name": VHOST}],
        "policies": [_inbox_policy(service) for service in topology.SERVICES],
        "exchanges": [_exchange(one) for one in topology.exchanges()],
        "queues": [_queue(one) for one in topology.queues(streets)],
        "bindings": [_binding(one) for one in topology.bindings(streets)],
    }


def _inbox_policy(service: str) -> dict[str, Any]:
    """One for each service, because the dead letter's routing key is the queue's name."""
    inbox = topology.inbox_of(service)
    return {
        "vhost": VHOST,
        "name": f"{service}-inbox",
        "pattern": f"^{service}\\.inbox",
        "apply-to": "queues",
        "priority": 1,
        "definition": INBOX_POLICY | {"dead-letter-routing-key": inbox},
    }


def _exchange(one: topology.Exchange) -> dict[str, Any]:
    kept = {"durable": True, "auto_delete": False, "internal": False, "arguments": {}}
    return {"name": one.name, "vhost": VHOST, "type": one.kind} | kept


def _queue(one: topology.Queue) -> dict[str, Any]:
    return {"name": one.name, "vhost": VHOST, "durable": True, "auto_delete": False, "arguments": one.arguments}


def _binding(one: topology.Binding) -> dict[str, Any]:
    return {
        "source": one.source,
        "vhost": VHOST,
        "destination": one.destination,
        "destination_type": "exchange" if one.to_exchange else "queue",
        "routing_key": one.routing_key,
        "arguments": one.arguments,
    }
