"""What neighbours may do on the broker. The services' own user may do everything; neighbours only what they came for.

The patterns are RabbitMQ's: of names for configure, write and read, and of routing keys for topic exchanges. Declaring
needs configure; publishing needs write on the exchange; binding needs write on the queue and read on the exchange.
"""

import re
from dataclasses import dataclass

from shared.bus.topology import HOTLINE_QUEUE, RPC_EXCHANGE, street_queue

HOTLINE = "hotline"
STREET = "street."
NOTHING = "^$"
OWN_QUEUES = r"amq\.gen-.*"
"""Queues that the broker names itself; nobody can guess the name of another's."""


@dataclass(frozen=True)
class Rights:
    """Of one user. `calls` and `binds` are the routing keys it may use on the exchange for RPC."""

    configure: str
    write: str
    read: str
    calls: str = NOTHING
    binds: str = NOTHING


def street_user(code: str) -> str:
    return f"{STREET}{code}"


def rights_of(user: str) -> Rights:
    """The hotline publishes orders and reads replies; a street calls `escalation` and reads its own notices."""
    if user == HOTLINE:
        return Rights(configure=NOTHING, write=_only(f"{HOTLINE}.events"), read=_only(HOTLINE_QUEUE))
    notices = street_queue(user.removeprefix(STREET))
    return Rights(
        configure=f"^{OWN_QUEUES}$",
        write=f"^({RPC_EXCHANGE}|{OWN_QUEUES})$",
        read=f"^({RPC_EXCHANGE}|{OWN_QUEUES}|{re.escape(notices)})$",
        calls=r"^escalation\.",
        binds=f"^{OWN_QUEUES}$",
    )


def _only(name: str) -> str:
    return f"^{re.escape(name)}$"
