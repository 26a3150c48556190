"""How services talk: inbox, outbox and its relay, timers, RPC and topology, on nameko's extension interface.

Handlers run inside a transaction that the bus opens; they never publish.
"""

import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
