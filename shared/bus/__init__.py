"""How services talk: inbox, outbox and its relay, timers, RPC and topology, on nameko's extension interface.

A service module needs only these names. Handlers run inside a transaction that the bus opens; they never publish.
"""

import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

from shared.bus.inbox.entrypoint import subscribe
from shared.bus.inbox.reading import Fault, NotYet
from shared.bus.moment import Moment
from shared.bus.rpc.entrypoint import rpc
from shared.bus.rpc.messages import reply, request
from shared.bus.timers.entrypoint import timer
from shared.bus.timers.timers import Due
from shared.bus.work import Store, UnitOfWork
from shared.contracts.base import Subject

__all__ = [
    "Due",
    "Fault",
    "Moment",
    "NotYet",
    "Store",
    "Subject",
    "UnitOfWork",
    "reply",
    "request",
    "rpc",
    "subscribe",
    "timer",
]
