"""Where the gateway listens. Beyond this machine only with TLS, or behind a proxy that the settings name."""

import http.client
import ssl
from ipaddress import ip_address

from shared.settings import BadSetting, Settings, settings

EVERYWHERE = ("0.0.0.0", "::")


def must_be_safe(options: Settings) -> None:
    """Raises BadSetting where passwords would travel open, or TLS is half named."""
    if words := wanting(options):
        raise BadSetting(words)


def wanting(options: Settings) -> str:
    """What keeps it from being safe; empty where nothing does."""
    if (options.web_certificate is None) is not (options.web_key is None):
        return "GONGSHANG_WEB_CERTIFICATE and GONGSHANG_WEB_KEY belong together: name both or none"
    for variable, path in (("CERTIFICATE", options.web_certificate), ("KEY", options.web_key)):
        if path is not None and not path.is_file():
            return f"GONGSHANG_WEB_{variable}={path}: there is no such file"
    if _is_loopback(options.web_address) or options.web_certificate or options.web_proxy:
        return ""
    return (
        f"GONGSHANG_WEB_ADDRESS={options.web_address}: others than this machine are let in over TLS "
        "(GONGSHANG_WEB_CERTIFICATE, GONGSHANG_WEB_KEY) or through a proxy (GONGSHANG_WEB_PROXY)"
    )


def connection() -> http.client.HTTPConnection:
    """To the gateway of this machine, to ask how it is."""
    options = settings()
    host = "127.0.0.1" if options.web_address in EVERYWHERE else options.web_address
    if not options.web_certificate:
        return http.client.HTTPConnection(host, options.web_port, timeout=5)
    anybody = ssl.create_default_context()  # it is our own port: whose certificate it has is not asked
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    return http.client.HTTPSConnection(host, options.web_port, timeout=5, context=anybody)


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"
