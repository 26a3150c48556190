"""One way to reach the broker for everything that is not nameko's own: heartbeats, keepalive, a bounded connect.

No message that comes in can end such a connection (`frames.py`).
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import amqp
from kombu import Connection

from shared.bus.frames import Frames
from shared.errors import Unavailable
from shared.settings import settings

HEARTBEAT_SECONDS = 10
"""A process that was silent for two or three of these is taken for gone, and its queue given to another copy."""


class NoBroker(Unavailable):
    """Nothing says where a broker is; where it is our own, it may be about to start again."""


TROUBLE = (OSError, amqp.exceptions.AMQPError, NoBroker)
"""What a lost, refusing or absent broker looks like."""


@contextmanager
def broker_connection(uri: str | None = None) -> Iterator[Connection]:
    """A connected kombu connection, closed at the end whatever happened.

    It dials once: kombu by itself sleeps two seconds after a refusal and dials again, and whoever calls us has a rhythm
    of their own.
    """
    connection = Connection(
        uri or broker_uri(), heartbeat=HEARTBEAT_SECONDS, connect_timeout=5, transport_options=_options()
    )
    try:
        connection.ensure_connection(max_retries=0, reraise_as_library_errors=False)
        yield connection
        connection.release()  # says goodbye, so that the broker has read everything before
    finally:
        _drop(connection)


def broker_uri() -> str:
    """The broker that the settings name; raises NoBroker with what to do when there is none."""
    uri = settings().amqp_uri
    if uri is None:
        raise NoBroker("no broker is known: set AMQP_URI, or start the suite's own with ./gongshang up")
    return uri


def readable_address(uri: str) -> str:
    """A broker's address without its password, for logs."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.hostname}:{parts.port or 5672}{parts.path}"


def _options() -> dict[str, object]:
    keepalive = {
        socket.TCP_KEEPIDLE: 10,
        socket.TCP_KEEPINTVL: 5,
        socket.TCP_KEEPCNT: 3,
        socket.TCP_USER_TIMEOUT: 10_000,
    }
    return {"socket_settings": keepalive, "frame_handler": Frames}


def _drop(connection: Connection) -> None:
    try:
        connection.collect(socket_timeout=2)
    except TROUBLE:
        connection.collect(socket_timeout=0)
