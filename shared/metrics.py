"""What each process counts for Prometheus, and the small server that shows it at /metrics, and its health at /healthz.

Label values must come from closed sets (services, event types we know, methods): one label per complaint would eat
the memory of the process.
"""

import json
import threading
from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, make_wsgi_app

_QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

EVENTS_IN = Counter("gongshang_events_in", "Events handled and committed.", ["service", "type"])
EVENTS_OUT = Counter("gongshang_events_out", "Events published and confirmed by the broker.", ["service", "type"])
INBOX_LAG_SECONDS = Gauge("gongshang_inbox_lag_seconds", "Age of the last event when it was handled.", ["service"])
OUTBOX_LAG_SECONDS = Gauge("gongshang_outbox_lag_seconds", "Age of the oldest event not yet published.", ["service"])
OLDEST_WAITING_SECONDS = Gauge(
    "gongshang_oldest_waiting_seconds", "Age of the oldest event that waits after a failure.", ["service"]
)
HANDLER_SECONDS = Histogram(
    "gongshang_handler_seconds", "Time to handle one event.", ["service", "type"], buckets=_QUICK
)
RPC_SECONDS = Histogram("gongshang_rpc_seconds", "Time to answer one call.", ["service", "method"], buckets=_QUICK)
WEB_SECONDS = Histogram(
    "gongshang_web_seconds", "Time to answer one request of a browser or program.", ["route", "status"], buckets=_QUICK
)
STUCK_EVENTS = Gauge("gongshang_stuck_events", "Events that wait until an operator looks at them.", ["service"])

OTHER = "other"
"""The label of whatever a sender made up."""

HealthCheck = Callable[[], str | None]


class _Server(ThreadingMixIn, WSGIServer):
    """Answers each request in a thread of its own, green when monkey-patched."""

    daemon_threads = True


class _QuietRequest(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """A scrape every few seconds is not worth a line."""


class MetricsServer:
    """Runs until closed."""

    def __init__(self, server: WSGIServer) -> None:
        self._server = server
        self._thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._server.server_port)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)


def serve(
    port: int,
    address: str = "127.0.0.1",
    health: HealthCheck = lambda: None,
    registry: CollectorRegistry = REGISTRY,
) -> MetricsServer:
    """Serves metrics and health. `health` gives None when all is well, else what is wrong, in a sentence."""
    server = make_server(address, port, _app(health, registry), server_class=_Server, handler_class=_QuietRequest)
    return MetricsServer(server)


def _app(health: HealthCheck, registry: CollectorRegistry) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    metrics = make_wsgi_app(registry)

    def app(request: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = request["PATH_INFO"]
        if path == "/metrics":
            found: Iterable[bytes] = metrics(request, start_response)
            return found
        if path != "/healthz":
            return _answer(start_response, "404 Not Found", {"error": "there is /metrics and /healthz"})
        trouble = health()
        status = "503 Service Unavailable" if trouble else "200 OK"
        return _answer(start_response, status, {"ok": trouble is None, "trouble": trouble})

    return app


def _answer(start_response: Any, status: str, content: dict[str, Any]) -> Iterable[bytes]:
    body = json.dumps(content, ensure_ascii=False).encode()
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
