"""`status` says well only of what works: a process may run and be kept from its work."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from services.cli.commands.status import command
from services.cli.suite import supervisord
from services.cli.suite.healthcheck import trouble_at
from shared import metrics
from shared.settings import settings

AWAY = "events can't be handled: the database is away"


@pytest.fixture
def trouble() -> list[str]:
    """What the process says of itself; nothing: it is well."""
    return []


@pytest.fixture
def port(trouble: list[str]) -> Iterator[int]:
    server = metrics.serve(0, health=lambda: trouble[0] if trouble else None)
    yield server.port
    server.close()


@pytest.fixture
def running(port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A supervisor's word that dispatch runs, as two copies, and the port of one of them."""
    states = {name: {"name": name, "statename": "RUNNING", "pid": 7} for name in ("dispatch", "dispatch-2")}
    monkeypatch.setenv("GONGSHANG_VAR", str(tmp_path))
    monkeypatch.setattr(supervisord, "process_states", lambda: states)
    settings.cache_clear()
    supervisord.supervisor_folder().mkdir(parents=True)
    supervisord.metrics_ports_file().write_text(json.dumps(dict.fromkeys(states, port)))
    yield
    settings.cache_clear()


def dispatch() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(CliRunner().invoke(command, ["--json"]).stdout)["services"]["dispatch"]
    return found


def test_a_process_that_runs_and_can_not_work_is_not_ready_and_status_says_why(running, trouble):
    assert (dispatch()["state"], dispatch()["trouble"]) == ("running", None)
    trouble.append(f"{AWAY}\n(and what a library has to say of it)")
    assert (dispatch()["state"], dispatch()["trouble"], dispatch()["is_well"]) == ("not ready", AWAY, False)
    assert f"dispatch is not ready: {AWAY}" in CliRunner().invoke(command).output


def test_a_process_that_does_not_answer_is_not_ready(running, port, monkeypatch):
    supervisord.metrics_ports_file().write_text(json.dumps({"dispatch": port, "dispatch-2": 1}))
    assert dispatch()["trouble"] == trouble_at(1) == "it does not answer"
