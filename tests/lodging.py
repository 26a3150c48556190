"""A virtual host of its own on a broker that runs: there at once, where a node of its own takes seconds to start."""

import itertools

import requests

from services.cli.servers.broker import BrokerNode, GivenBroker
from services.cli.servers.ports import LOOPBACK

ALL = {"configure": ".*", "write": ".*", "read": ".*"}
_numbers = itertools.count(1)


def lodge(broker: BrokerNode | GivenBroker) -> str:
    """The address of an empty one; none where the broker is not ours to make one on."""
    if not isinstance(broker, BrokerNode):
        return ""
    own, name = broker.identity, f"lodger-{next(_numbers)}"
    management = f"http://{LOOPBACK}:{own.management_port}/api"
    for path, said in ((f"vhosts/{name}", {}), (f"permissions/{name}/{own.user}", ALL)):
        made = requests.put(f"{management}/{path}", json=said, auth=(own.user, own.password), timeout=15)
        made.raise_for_status()
    return broker.uri + name
