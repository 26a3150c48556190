"""The README's programs, as they stand there: strangers with pika and no code of ours publish, hear and call."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from services.cli.world import World
from shared.auth import Role, issue_token
from shared.settings import settings
from shared.storage.engine import close_engines

README = Path(__file__).resolve().parents[2] / "README.md"
STREET, COMMUNITY = "110105015", "110105015033"


def sample(name: str) -> str:
    found = re.search(rf"<!-- run: {name} -->\n```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert found, f"the README has no sample {name}"
    return found[1]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    before = dict(os.environ)
    with World("strangers") as running:
        yield running
    os.environ.clear()
    os.environ.update(before)
    settings.cache_clear()
    close_engines()


def run(name: str, world: World, folder: Path, **environment: str) -> list[str]:
    """In an empty folder, with nothing of ours to import."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", sample(name)],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "AMQP_URI": world.uri} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip().splitlines()


def preview(world: World, folder: Path, unit: str, issue: str, token: str) -> dict[str, object]:
    environment = {"STREET_TOKEN": token, "ISSUE_ID": issue, "UNIT": unit}
    answer: dict[str, object] = json.loads(run("street", world, folder, **environment)[-1])
    return answer


def street_token(street: str, lifetime: timedelta = timedelta(hours=1)) -> str:
    return issue_token("a-street", Role.STREET_SYSTEM, street, lifetime=lifetime)


def test_the_hotline_publishes_an_order_and_reads_what_became_of_it(world, tmp_path):
    told = run("hotline", world, tmp_path, ORDER_NO="12345-1")
    assert [line.split()[0] for line in told] == ["complaint_accepted.v1", "complaint_linked.v1"]
    assert '"issue_id": "I-12345-1"' in told[-1]


def test_the_same_caller_again_is_urged_and_a_used_number_for_another_order_is_refused(world, tmp_path):
    told = run("hotline", world, tmp_path, ORDER_NO="12345-1")  # the very same order? its instants differ: another one
    assert '"reason": "order_no_reused"' in told[-1]
    assert run("hotline", world, tmp_path, ORDER_NO="12345-2")[-1].startswith("complaint_urged.v1")


def test_a_street_asks_what_an_escalation_would_come_to(world, tmp_path):
    answer = preview(world, tmp_path, COMMUNITY, "I-12345-1", street_token(STREET))
    assert answer["error"] is None
    assert (answer["result"]["to_unit"], answer["result"]["to_tier"]) == (STREET, "street")


@pytest.mark.parametrize(
    ("token", "code"),
    [
        (lambda: street_token("110105001"), "outside_your_unit"),
        (lambda: "", "not_authenticated"),
    ],
)
def test_who_may_not_ask_is_told_so_with_a_code(world, tmp_path, token, code):
    answer = preview(world, tmp_path, COMMUNITY, "I-12345-1", token())
    assert answer["result"] is None
    assert answer["error"]["exc_args"][2] == code
