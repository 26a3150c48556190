"""Asks the service in this container how it is, through its metrics port. Exit code 0: well, 1: not."""

import http.client
import sys

from shared.settings import settings

EVERYWHERE = ("0.0.0.0", "::")


def is_well(port: int) -> bool:
    """At the address where the port listens; one that means all of them is no address to ask at."""
    listens_at = settings().metrics_address
    address = "127.0.0.1" if listens_at in EVERYWHERE else listens_at
    connection = http.client.HTTPConnection(address, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if is_well(settings().metrics_port) else 1)
