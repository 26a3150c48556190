"""Where people reach the gateway: its port, which is remembered, and the address to tell them."""

import http.client
import json
import ssl

from services.cli.folders import supervisor_folder
from services.cli.servers.ports import is_port_free, pick_free_ports
from shared.settings import settings

FILE = "web_port.json"
EVERYWHERE = ("0.0.0.0", "::")


def pick_port() -> int:
    """As the settings say; else a port of its own, the same again if nobody has taken it meanwhile."""
    if settings().web_port:
        return settings().web_port
    known = port_now()
    port = known if known and is_port_free(known) else pick_free_ports(1)[0]
    supervisor_folder().mkdir(parents=True, exist_ok=True)
    (supervisor_folder() / FILE).write_text(json.dumps(port))
    return port


def port_now() -> int:
    """The port it has, or had last; 0 where it never ran here."""
    file = supervisor_folder() / FILE
    return settings().web_port or (int(json.loads(file.read_text())) if file.exists() else 0)


def address() -> str:
    """What people type into a browser."""
    scheme = "https" if settings().web_certificate else "http"
    return settings().web_url or f"{scheme}://{_host()}:{port_now()}"


def is_well() -> bool:
    """Whether it answers on this machine."""
    connection: http.client.HTTPConnection = http.client.HTTPConnection(_host(), port_now(), timeout=5)
    if settings().web_certificate:
        anybody = ssl._create_unverified_context()  # it is our own port: only whether it answers is asked
        connection = http.client.HTTPSConnection(_host(), port_now(), timeout=5, context=anybody)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _host() -> str:
    return "127.0.0.1" if settings().web_address in EVERYWHERE else settings().web_address
