"""Asks the service in this container how it is, through its metrics port. Exit code 0: well, 1: not."""

import http.client
import json
import sys

from shared.settings import settings

EVERYWHERE = ("0.0.0.0", "::")


def is_well(port: int) -> bool:
    return trouble_at(port) is None


def trouble_at(port: int) -> str | None:
    """What keeps it from its work, in its own words and in one line; None when all is well.

    Asked at the address where the port listens; one that means all of them is no address to ask at.
    """
    listens_at = settings().metrics_address
    address = "127.0.0.1" if listens_at in EVERYWHERE else listens_at
    connection = http.client.HTTPConnection(address, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        reply = connection.getresponse()
        return (
            None if reply.status == http.HTTPStatus.OK else str(json.loads(reply.read())["trouble"]).partition("\n")[0]
        )
    except (OSError, http.client.HTTPException, ValueError):
        return "it does not answer"
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if is_well(settings().metrics_port) else 1)
