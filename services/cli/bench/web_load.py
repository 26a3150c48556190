"""Looks at pages as browsers do, over lines that stay open: a program of `bench web`'s own.

Given `{address, paths, lines, seconds, keeps, cookie}`, it prints `{seconds, cpu_seconds, bytes, spent, trouble}`:
`bytes` of all bodies, `spent` the seconds of each look, `trouble` empty or the first answer that is no page. With
`keeps` a line remembers the tags of what it was shown and asks whether it is still so; `cookie` is empty or that of
somebody who is signed in.
"""

import http.client
import json
import sys
import threading
import time
from collections.abc import Sequence
from http import HTTPStatus
from itertools import cycle
from urllib.parse import urlsplit

PATIENCE_SECONDS = 30
AT_LEAST = 5
"""So often a line looks however long it takes."""


class Line(threading.Thread):
    """One browser. It ends with the first answer that is no page."""

    def __init__(self, address: str, paths: Sequence[str], until: float, *, keeps: bool, cookie: str) -> None:
        super().__init__(daemon=True)
        self._address, self._paths, self._until, self._keeps = address, paths, until, keeps
        self._headers = {"Cookie": cookie} if cookie else {}
        self.spent: list[float] = []
        self.bytes = 0
        self.trouble = ""

    def run(self) -> None:
        where = urlsplit(self._address)
        line = http.client.HTTPConnection(where.hostname or "", where.port, timeout=PATIENCE_SECONDS)
        tags: dict[str, str] = {}
        for path in cycle(self._paths):
            began = time.monotonic()
            if self.trouble or (began >= self._until and len(self.spent) >= AT_LEAST):
                return
            line.request("GET", path, headers=self._headers | ({"If-None-Match": tags[path]} if path in tags else {}))
            answer = line.getresponse()
            self.bytes += len(answer.read())
            self.spent.append(time.monotonic() - began)
            if answer.status not in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
                self.trouble = f"{path} is answered with {answer.status}"
            if self._keeps:
                tags[path] = answer.headers["ETag"]


def main() -> int:
    given = json.loads(sys.argv[1])
    paths, number = given["paths"], given["lines"]
    began = time.monotonic()
    until = began + given["seconds"]
    lines = [
        Line(given["address"], paths[one::number] or paths, until, keeps=given["keeps"], cookie=given["cookie"])
        for one in range(number)
    ]
    for line in lines:
        line.start()
    for line in lines:
        line.join()
    found = {
        "seconds": time.monotonic() - began,
        "cpu_seconds": time.process_time(),
        "bytes": sum(line.bytes for line in lines),
        "spent": [seconds for line in lines for seconds in line.spent],
        "trouble": next((line.trouble for line in lines if line.trouble), ""),
    }
    sys.stdout.write(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
