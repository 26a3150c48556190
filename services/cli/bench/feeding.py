"""Keeps intake's queue from running empty, for as long as it lives: the load under which something else is measured."""

import json
import sys
import time
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from services.cli.bench.complaints import write_complaints
from services.cli.bench.publishing import COMPLAINT_FILED, EXCHANGE, Publishing, as_message
from services.cli.servers.broker import connection_to
from shared.bus import topology
from shared.bus.queue_reading import read_queue

ENOUGH = 4_000
AT_ONCE = 500
LOOK_SECONDS = 0.1


def main(given: dict[str, Any]) -> None:
    written = write_complaints(10**7, at=datetime.now(UTC), series="L")
    with connection_to(given["uri"]) as connection:
        publishing = Publishing(connection)
        while True:
            waiting = read_queue(connection, topology.inbox_of("intake"))
            if waiting is not None and waiting.messages >= ENOUGH:
                time.sleep(LOOK_SECONDS)
                continue
            some = islice(written, AT_ONCE)
            publishing.publish((EXCHANGE, COMPLAINT_FILED, as_message(one)) for one in some)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
