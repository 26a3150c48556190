"""Asks the service in this container how it is, through its metrics port. Exit code 0: well, 1: not."""

import http.client
import sys

from shared.settings import settings


def is_well(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if is_well(settings().metrics_port) else 1)
