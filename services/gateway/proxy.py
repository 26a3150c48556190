"""What a proxy in front says of the browser counts only if the proxy is one that the settings name."""

from collections.abc import Iterable, Sequence
from ipaddress import ip_address
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.middleware.proxy_fix import ProxyFix

from shared.settings import Network

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED")


class Proxied:
    """Takes X-Forwarded-For, -Proto and -Host of one proxy over; from anybody else they are taken away."""

    def __init__(self, app: WSGIApplication, proxies: Sequence[Network]) -> None:
        self._app = app
        self._proxies = proxies
        self._behind_proxy = ProxyFix(app, x_for=1, x_proto=1, x_host=1)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if self._is_proxy(environ.get("REMOTE_ADDR", "")):
            return self._behind_proxy(environ, start_response)
        for name in FORWARDED:
            environ.pop(name, None)
        return self._app(environ, start_response)

    def _is_proxy(self, address: str) -> bool:
        try:
            return any(ip_address(address) in network for network in self._proxies)
        except ValueError:
            return False
