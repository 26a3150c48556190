"""How services talk: inbox, outbox and its relay, timers, RPC and topology, on nameko's extension interface.

A service module needs only these names. Handlers run inside a transaction that the bus opens; they never publish.
"""

import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

from shared.bus.entrypoints import NotYet, subscribe, timer
from shared.bus.messages import reply, request
from shared.bus.providers import SuiteClock, SuitePolicy
from shared.bus.rpc import rpc
from shared.bus.work import UnitOfWork

__all__ = ["NotYet", "SuiteClock", "SuitePolicy", "UnitOfWork", "reply", "request", "rpc", "subscribe", "timer"]
