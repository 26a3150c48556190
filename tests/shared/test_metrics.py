"""Metrics and health are served beside the work, with plain threads and with green ones."""

import json
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from shared import metrics
from shared.settings import PROJECT_FOLDER

GREEN = """
import warnings
warnings.simplefilter("ignore")
import eventlet
eventlet.monkey_patch()
import json
import urllib.request
from shared import metrics
metrics.EVENTS_IN.labels("intake", "issue_raised.v1").inc()
server = metrics.serve(0)
ticks = 0

def work():
    global ticks
    while True:
        ticks += 1
        eventlet.sleep(0.001)

eventlet.spawn(work)
base = f"http://127.0.0.1:{server.port}"
bodies = [urllib.request.urlopen(base + path, timeout=5).read().decode() for path in ("/metrics", "/healthz")]
server.close()
print(json.dumps({"metrics": bodies[0], "health": bodies[1], "ticks": ticks}))
"""


def get(port, path):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


@pytest.fixture
def server():
    trouble = []
    server = metrics.serve(0, health=lambda: trouble[0] if trouble else None)
    server.trouble = trouble
    yield server
    server.close()


def test_what_was_counted_is_shown(server):
    metrics.EVENTS_OUT.labels("intake", "issue_raised.v1").inc(3)
    metrics.STUCK_EVENTS.labels("intake").set(2)

    status, shown = get(server.port, "/metrics")

    assert status == 200
    assert 'gongshang_events_out_total{service="intake",type="issue_raised.v1"} 3.0' in shown
    assert 'gongshang_stuck_events{service="intake"} 2.0' in shown


def test_health_is_well_until_something_is_wrong(server):
    assert get(server.port, "/healthz") == (200, '{"ok": true, "trouble": null}')

    server.trouble.append("the broker is away")

    status, body = get(server.port, "/healthz")
    assert status == 503
    assert json.loads(body) == {"ok": False, "trouble": "the broker is away"}
    assert get(server.port, "/elsewhere")[0] == 404


def test_it_answers_under_eventlet_while_other_green_threads_work():
    done = subprocess.run(
        [sys.executable, "-c", GREEN], cwd=PROJECT_FOLDER, capture_output=True, text=True, check=True, timeout=60
    )

    found = json.loads(done.stdout)
    assert "gongshang_events_in_total" in found["metrics"]
    assert json.loads(found["health"])["ok"] is True
    assert found["ticks"] > 0
