"""The broker's management API: what plain AMQP can't tell or change, such as policies, users and bindings of others."""

from typing import Any
from urllib.parse import quote, unquote, urlsplit

import requests

from services.cli.servers.broker import BrokerNode, GivenBroker
from services.cli.servers.broker_files import has_management
from services.cli.servers.ports import LOOPBACK
from services.cli.servers.unavailable import NodeUnavailable
from shared.settings import settings

SECONDS = 15
WHOLE = "definitions"


class Management:
    """One virtual host, seen and changed as one user. Raises NodeUnavailable with what to do about it."""

    def __init__(self, address: str, user: str, password: str, vhost: str = "/") -> None:
        self._root = f"{address.rstrip('/')}/api/"
        self._vhost = vhost
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.auth = (user, password)

    def definitions(self) -> dict[str, Any]:
        """Of this virtual host. Without the sections on users where the user is no administrator."""
        found = self._ask("GET", WHOLE, refusal_is_fine=True)
        if found is None:
            return dict(self._ask("GET", f"{WHOLE}/{quote(self._vhost, safe='')}"))
        return {section: self._ours(entries) for section, entries in found.items() if isinstance(entries, list)}

    def load(self, definitions: dict[str, Any]) -> None:
        """Make what is not there, and change policies, users and permissions to what they say. Nothing is removed."""
        here = {
            section: [one | {"vhost": self._vhost} if "vhost" in one else one for one in entries]
            for section, entries in definitions.items()
            if section != "vhosts"
        }
        self._ask("POST", WHOLE, json=here)

    def delete_user(self, name: str) -> None:
        """Also its permissions, and whoever is let in by it now."""
        self._ask("DELETE", f"users/{quote(name, safe='')}", missing_is_fine=True)
        for connection in self._ask("GET", f"connections/username/{quote(name, safe='')}", missing_is_fine=True) or []:
            self._ask("DELETE", f"connections/{quote(connection['name'], safe='')}", missing_is_fine=True)

    def delete_policy(self, name: str) -> None:
        self._ask("DELETE", f"policies/{quote(self._vhost, safe='')}/{quote(name, safe='')}", missing_is_fine=True)

    def _ours(self, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [one for one in entries if one.get("vhost", self._vhost) == self._vhost]

    def _ask(
        self, method: str, path: str, *, refusal_is_fine: bool = False, missing_is_fine: bool = False, **words: Any
    ) -> Any:
        try:
            reply = self._session.request(method, self._root + path, timeout=SECONDS, **words)
        except requests.RequestException as trouble:
            raise NodeUnavailable(f"The broker's management does not answer: {type(trouble).__name__}.") from None
        if (reply.status_code in (401, 403) and refusal_is_fine) or (reply.status_code == 404 and missing_is_fine):
            return None
        if not reply.ok:
            raise NodeUnavailable(f"The broker's management refused {method} {path}: {reply.status_code} {_why(reply)}")
        return reply.json() if reply.content else None


def management_of(broker: BrokerNode | GivenBroker) -> Management | None:
    """Our own node has one where its folder lets it; of a given broker it is known where the setting names it."""
    if isinstance(broker, BrokerNode):
        if not has_management(broker.folder):
            return None
        own = broker.identity
        return Management(f"http://{LOOPBACK}:{own.management_port}", own.user, own.password)
    given = settings().broker_management
    if given is None:
        return None
    amqp, http = urlsplit(broker.uri), urlsplit(given)
    vhost = unquote(amqp.path.removeprefix("/")) or "/"
    address = f"{http.scheme}://{http.netloc.rpartition('@')[2]}{http.path}"
    user, password = http.username or amqp.username or "guest", http.password or amqp.password or "guest"
    return Management(address, unquote(user), unquote(password), vhost)


def _why(reply: requests.Response) -> str:
    try:
        found = reply.json()
    except ValueError:
        return str(reply.reason)
    return str(found.get("reason") or found.get("error") or reply.reason)
