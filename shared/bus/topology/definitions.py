"""The topology as RabbitMQ definitions, with the policies that AMQP can't bring: loaded when our own broker starts, and
what a broker is held against.
"""

import re
from datetime import timedelta
from typing import Any

from shared.bus import topology

VHOST = "/"


def definitions(streets: tuple[str, ...] = (), *, dead_kept: timedelta) -> dict[str, Any]:
    """The whole document, without users; with the queues of notices of these streets."""
    return {
        "vhosts": [{"name": VHOST}],
        "policies": [_dead_policy(dead_kept)],
        "exchanges": [_exchange(one) for one in topology.exchanges()],
        "queues": [_queue(one) for one in topology.queues(streets)],
        "bindings": [_binding(one) for one in topology.bindings(streets)],
    }


def _dead_policy(kept: timedelta) -> dict[str, Any]:
    """What nobody could read may hold a resident's words: it is not kept for ever."""
    dead = "|".join(re.escape(queue) for queue in topology.dead_queues())
    return {
        "vhost": VHOST,
        "name": "gongshang-dead",
        "pattern": f"^({dead})$",
        "apply-to": "queues",
        "priority": 1,
        "definition": {"message-ttl": int(kept.total_seconds() * 1000)},
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
