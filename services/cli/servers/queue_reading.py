"""A line to any broker, by plain AMQP, on which queues are read."""

from collections.abc import Iterator
from contextlib import contextmanager

import amqp

from services.cli.servers.broker import connect


@contextmanager
def connection_to(uri: str) -> Iterator[amqp.Connection]:
    connection = connect(uri)
    try:
        yield connection
    finally:
        connection.close()


def broker_version(connection: amqp.Connection) -> str:
    return str(connection.server_properties.get("version", "unknown"))
