"""Ports of a node's own, picked free once.

They lie below the range the kernel hands to outgoing connections, so that nobody takes them while the node is down.
"""

import random
import socket
from contextlib import suppress

from services.cli.servers.processes import wait_until

LOOPBACK = "127.0.0.1"
LOWEST, HIGHEST = 20000, 32000


def is_port_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def becomes_free(port: int, timeout: float = 5.0) -> bool:
    """A server killed a moment ago still holds its port while the kernel clears it away."""
    return wait_until(lambda: is_port_free(port), timeout)


def is_listening(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((LOOPBACK, port)) == 0


def is_epmd(port: int) -> bool:
    """Whether Erlang's port mapper answers there: asked for names, it says its own port first."""
    with suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=1) as line:
        line.sendall(b"\x00\x01n")
        return line.recv(4) == port.to_bytes(4, "big")
    return False


def pick_free_ports(count: int) -> list[int]:
    """Distinct free ports, at random, so that two checkouts started together hardly ever meet."""
    candidates = random.sample(range(LOWEST, HIGHEST), 400)
    free = [port for port in candidates if is_port_free(port)]
    return free[:count]
