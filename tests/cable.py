"""A cable to the broker that can be cut and mended: connections through it end at once, and are refused until then."""

import contextlib
import socket
import threading
from urllib.parse import urlsplit


class Cable:
    """`with Cable(broker.uri) as cable:` `cable.uri` goes through it."""

    def __init__(self, uri: str) -> None:
        parts = urlsplit(uri)
        self._far = (parts.hostname, parts.port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        host = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.uri = uri.replace(f"{parts.hostname}:{parts.port}", host)
        self._ends: list[socket.socket] = []
        self._is_cut = False
        self.tries = 0

    def __enter__(self) -> "Cable":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        self.cut()

    def cut(self) -> None:
        self._is_cut = True
        for end in self._ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._ends.clear()

    def mend(self) -> None:
        self._is_cut = False

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                self.tries += 1
                if self._is_cut:
                    near.close()
                    continue
                far = socket.create_connection(self._far)
                self._ends += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=_pass_on, args=(one, other), daemon=True).start()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while some := one.recv(65536):
            other.sendall(some)
    with contextlib.suppress(OSError):
        other.shutdown(socket.SHUT_RDWR)
