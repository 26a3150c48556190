"""Exchanges, queues and bindings before any service starts: a file for our own broker, declared on a given one.

`python -m services.cli.servers.topology_file FILE` writes it for a broker in a container, with the user of AMQP_URI
in it.
"""

import json
import sys
from pathlib import Path
from typing import Any

import click
from kombu.utils.url import parse_url

from services.cli.output import say
from services.cli.servers.broker_users import with_user
from services.cli.servers.neighbours import whole_definitions
from services.cli.servers.unavailable import NodeUnavailable
from shared.bus import topology
from shared.bus.connection import broker_connection
from shared.settings import settings


def write_topology(file: Path, definitions: dict[str, Any] | None = None) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(definitions or whole_definitions(), ensure_ascii=False, indent=2)
    file.write_text(text, encoding="utf-8")


def declare_topology(uri: str, streets: tuple[str, ...] = ()) -> list[str]:
    """Also on our own broker: names the queues that exist with other settings, with which all works, less safely."""
    try:
        with broker_connection(uri) as connection:
            topology.declare(connection, streets)
        return []
    except topology.OtherArguments as others:
        say(str(others))
        return others.queues
    except topology.TopologyFault as fault:
        raise NodeUnavailable(str(fault)) from fault


def write_for_container(file: Path) -> None:
    """Services and broker are given the same AMQP_URI, so the user in it is the one the broker must know."""
    given = settings().amqp_uri_given
    if given is None:
        raise click.UsageError("AMQP_URI must say which user the broker shall have.")
    parts = parse_url(given)
    write_topology(file, with_user(whole_definitions(), parts["userid"], parts["password"]))


if __name__ == "__main__":
    write_for_container(Path(sys.argv[1]))
