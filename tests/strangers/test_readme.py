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

from services.cli.folders import in_var, topology_file
from services.cli.servers.broker import BrokerNode
from services.cli.servers.management import management_of
from services.cli.servers.neighbours import admit, whole_definitions
from services.cli.servers.topology_file import write_topology
from services.cli.suite.world import World
from shared.auth import Role, issue_token
from shared.bus.topology import access
from shared.settings import settings
from shared.storage.engine import close_engines
from tests.forked_world import ForkedWorld
from tests.small_district import write_units

README = Path(__file__).resolve().parents[2] / "README.md"
STREET, COMMUNITY = "110105015", "110105015033"


def sample(name: str) -> str:
    found = re.search(rf"<!-- run: {name} -->\n```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert found, f"the README has no sample {name}"
    return found[1]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    before = dict(os.environ)
    os.environ["GONGSHANG_UNITS_FILE"] = write_units(in_var("units.csv"))
    with ForkedWorld("strangers") as running:
        yield running
    os.environ.clear()
    os.environ.update(before)
    settings.cache_clear()
    close_engines()


@pytest.fixture(scope="module")
def addresses(world: World) -> dict[str, str]:
    return admit_neighbours(world)


def admit_neighbours(world: World) -> dict[str, str]:
    """The broker's address for the user that each program would be given."""
    users = {"hotline": access.HOTLINE, "street": access.street_user(STREET)}
    host = world.uri.rpartition("@")[2]
    addresses = {name: f"amqp://{user}:{admit(user)}@{host}" for name, user in users.items()}
    write_topology(topology_file())
    assert isinstance(world._broker, BrokerNode)
    management = management_of(world._broker)
    assert management is not None
    management.load(whole_definitions())
    return addresses


def run(name: str, addresses: dict[str, str], folder: Path, **environment: str) -> list[str]:
    """In an empty folder, with nothing of ours to import, as a user with a neighbour's rights."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", sample(name)],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "AMQP_URI": addresses[name]} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip().splitlines()


def preview(addresses: dict[str, str], folder: Path, unit: str, issue: str, token: str) -> dict[str, object]:
    environment = {"STREET_TOKEN": token, "ISSUE_ID": issue, "UNIT": unit}
    answer: dict[str, object] = json.loads(run("street", addresses, folder, **environment)[-1])
    return answer


def street_token(street: str, lifetime: timedelta = timedelta(hours=1)) -> str:
    return issue_token("a-street", Role.STREET_SYSTEM, street, lifetime=lifetime)


def test_the_hotline_publishes_an_order_and_reads_what_became_of_it(addresses, tmp_path):
    told = run("hotline", addresses, tmp_path, ORDER_NO="12345-1")
    assert [line.split()[0] for line in told] == ["complaint_accepted.v1", "complaint_linked.v1"]
    assert '"issue_id": "I-12345-1"' in told[-1]


def test_the_same_caller_again_is_urged_and_a_used_number_for_another_order_is_refused(addresses, tmp_path):
    told = run("hotline", addresses, tmp_path, ORDER_NO="12345-1")  # its instants differ: another order
    assert '"reason": "order_no_reused"' in told[-1]
    assert run("hotline", addresses, tmp_path, ORDER_NO="12345-2")[-1].startswith("complaint_urged.v1")


def test_a_street_asks_what_an_escalation_would_come_to(addresses, tmp_path):
    answer = preview(addresses, tmp_path, COMMUNITY, "I-12345-1", street_token(STREET))
    assert answer["error"] is None
    assert (answer["result"]["to_unit"], answer["result"]["to_tier"]) == (STREET, "street")


@pytest.mark.parametrize(
    ("token", "code"),
    [
        (lambda: street_token("110105001"), "outside_your_unit"),
        (lambda: "", "not_authenticated"),
    ],
)
def test_who_may_not_ask_is_told_so_with_a_code(addresses, tmp_path, token, code):
    answer = preview(addresses, tmp_path, COMMUNITY, "I-12345-1", token())
    assert answer["result"] is None
    assert answer["error"]["exc_args"][2] == code
