"""The private broker as one process in the foreground, which is what a supervisor can watch and restart."""

import signal
import sys
import threading

from services.cli.folders import topology_file
from services.cli.output import say
from services.cli.servers.broker import BrokerNode
from services.cli.servers.unavailable import NodeUnavailable
from shared.tied import tie_to_parent

LOOK_EVERY_SECONDS = 1.0


def run(node: BrokerNode) -> int:
    """Until told to stop (0), or until the broker ends by itself (1)."""
    told_to_stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told_to_stop.set())
    try:
        node.start()
    except NodeUnavailable as trouble:
        say(trouble.format_message())
        node.stop()
        return 1
    while node.is_running() and not told_to_stop.wait(LOOK_EVERY_SECONDS):
        pass
    node.stop()
    return 0 if told_to_stop.is_set() else 1


if __name__ == "__main__":
    tie_to_parent()
    sys.exit(run(BrokerNode(definitions=topology_file())))
