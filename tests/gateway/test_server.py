"""The web server as it runs: in a process of its own, with workers that are watched, counted and stopped in order."""

import http.client
import itertools
import os
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from services.cli.folders import ROOT
from services.cli.servers.ports import pick_free_ports
from tests.databases import lent

SECONDS = 60
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
NO_FORM = {"Content-Type": "application/octet-stream"}
ANYBODY = ssl._create_unverified_context()
_PYTHON = (sys.executable, "-P")


Served = tuple[str, str, subprocess.Popen[bytes]]
"""The address of the pages, that of the metrics, and the process."""


@contextmanager
def serving(scheme: str, **more: str) -> Iterator[Served]:
    """As it runs beside the services, with one worker."""
    port, metrics_port = pick_free_ports(2)
    given = {"GONGSHANG_WEB_PORT": str(port), "GONGSHANG_METRICS_PORT": str(metrics_port), "GONGSHANG_WEB_WORKERS": "1"}
    command = [*_PYTHON, "-m", "services.gateway.server"]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | given | more | {"PYTHONPATH": str(ROOT)})
    try:
        yield f"{scheme}://127.0.0.1:{port}", f"http://127.0.0.1:{metrics_port}", process
    finally:
        process.kill()
        process.wait(SECONDS)


@pytest.fixture(params=["sqlite"])
def served(request) -> Iterator[Served]:
    with lent(request, "gateway"), serving("http") as one:
        yield one


@pytest.fixture(params=["sqlite"])
def served_over_tls(request, tmp_path: Path) -> Iterator[Served]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1)).sign(key, SHA256())
    (tmp_path / "cert.pem").write_bytes(made.public_bytes(Encoding.PEM))
    (tmp_path / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    files = {"GONGSHANG_WEB_CERTIFICATE": str(tmp_path / "cert.pem"), "GONGSHANG_WEB_KEY": str(tmp_path / "key.pem")}
    with lent(request, "gateway"), serving("https", **files) as one:
        yield one


def got(address: str) -> str:
    try:
        with urllib.request.urlopen(address, timeout=5, context=ANYBODY) as answer:
            return f"{answer.headers}\n{answer.read().decode()}"
    except (urllib.error.URLError, http.client.HTTPException, OSError):
        return ""


def comes(what: str, address: str) -> bool:
    end = time.monotonic() + SECONDS
    while what not in got(address):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def test_it_answers_counts_for_all_workers_and_stops_when_asked(served):
    pages, metrics, process = served

    assert comes('"ok": true', f"{metrics}/healthz")
    assert '"ok":true' in got(f"{pages}/healthz")
    assert 'gongshang_web_seconds_count{route="/healthz",status="2xx"}' in got(f"{metrics}/metrics")
    process.send_signal(signal.SIGTERM)
    assert process.wait(SECONDS) == 0
    assert got(f"{pages}/healthz") == ""


def test_what_is_refused_unread_is_said_so_to_whoever_sends_all_of_it_before_they_read(served):
    """As browsers do: were the line cut instead, they would show an error of the network."""
    pages, metrics, _ = served
    assert comes('"ok": true', f"{metrics}/healthz")
    part = b"words=" + b"a" * 65_530
    for kind, parts, has_length, status in ((FORM, 160, True, 413), (FORM, 160, False, 413), (NO_FORM, 12, True, 403)):
        line = http.client.HTTPConnection(urlsplit(pages).netloc, timeout=SECONDS)
        length = {"Content-Length": str(parts * len(part))} if has_length else {}
        line.request("POST", "/nowhere", itertools.repeat(part, parts), kind | length, encode_chunked=not has_length)
        answer = line.getresponse()
        assert (answer.status, "<h1" in answer.read().decode()) == (status, True)
        line.close()


def test_over_tls_it_gives_cookies_that_only_tls_brings_back_and_its_metrics_stay_plain(served_over_tls):
    pages, metrics, _ = served_over_tls

    assert comes('"ok": true', f"{metrics}/healthz")
    told = got(f"{pages}/login")
    assert "Strict-Transport-Security" in told
    assert "Secure; HttpOnly" in told
    assert got(pages.replace("https", "http") + "/login") == ""


def test_nothing_that_the_server_loads_loads_eventlet_or_nameko():
    look = "import sys, services.gateway.serving; sys.exit(bool({'eventlet', 'nameko'} & set(sys.modules)))"

    looked = subprocess.run([*_PYTHON, "-c", look], check=False, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)})
    assert looked.returncode == 0
