"""Users for neighbours, made as an operator makes them while the broker runs, and tried as a neighbour would."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import amqp
import pytest

from services.cli.folders import ROOT
from services.cli.servers.broker import BrokerNode, connect
from services.cli.servers.topology_file import declare_topology

STREET, ANOTHER = "110105015", "110105016"


class Area:
    """A var folder with a running broker, and the program as an operator calls it there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.broker = BrokerNode(folder / "broker")

    def run(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if name != "AMQP_URI"}
        return subprocess.run(
            [sys.executable, "-P", "-m", "services.cli.main", *words],
            env=kept | {"GONGSHANG_VAR": str(self.folder), "PYTHONPATH": str(ROOT)} | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def admit(self, neighbour: str, *words: str) -> str:
        made = self.run("topology", "user", neighbour, *words, "--json")
        assert made.returncode == 0, made.stderr
        found = json.loads(made.stdout)
        assert found["loaded"] is True
        uri: str = found["uri"]
        return uri


@pytest.fixture(scope="module")
def area(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Area]:
    one = Area(tmp_path_factory.mktemp("neighbours"))
    one.broker.start()
    declare_topology(one.broker.uri, (ANOTHER,))
    yield one
    one.broker.discard()


@pytest.fixture(scope="module")
def hotline(area: Area) -> str:
    return area.admit("hotline")


@pytest.fixture(scope="module")
def street(area: Area) -> str:
    return area.admit(STREET)


def publish(exchange: str, routing_key: str) -> Callable[[Any], None]:
    def attempt(channel: Any) -> None:
        channel.confirm_select()
        channel.basic_publish_confirm(amqp.Message("{}"), exchange, routing_key)

    return attempt


def read(queue: str) -> Callable[[Any], None]:
    return lambda channel: channel.basic_get(queue)


def bind_own_queue(routing_key: str = "") -> Callable[[Any], None]:
    def attempt(channel: Any) -> None:
        queue = channel.queue_declare("", exclusive=True).queue
        channel.queue_bind(queue, "nameko-rpc", routing_key or queue)

    return attempt


def may(uri: str, attempt: Callable[[Any], None]) -> bool:
    connection = connect(uri)
    try:
        attempt(connection.channel())
    except amqp.exceptions.AccessRefused:
        return False
    finally:
        connection.collect()
    return True


@pytest.mark.parametrize("attempt", [publish("hotline.events", "complaint_filed.v1"), read("hotline.replies")])
def test_the_hotline_publishes_orders_and_reads_replies(hotline, attempt):
    assert may(hotline, attempt)


@pytest.mark.parametrize(
    "attempt",
    [
        publish("intake.events", "complaint_accepted.v1"),
        publish("nameko-rpc", "intake.get_complaint"),
        read("intake.inbox"),
        read(f"street.{ANOTHER}.notices"),
        bind_own_queue(),
    ],
)
def test_the_hotline_may_do_nothing_else(hotline, attempt):
    assert not may(hotline, attempt)


def ask_behind_direct_reply_to(channel: Any) -> None:
    """The broker takes the call only if somebody waits behind its pseudo-queue."""
    channel.basic_consume("amq.rabbitmq.reply-to", no_ack=True)
    channel.confirm_select()
    asked = amqp.Message("{}", reply_to="amq.rabbitmq.reply-to")
    channel.basic_publish_confirm(asked, "nameko-rpc", "escalation.preview")


@pytest.mark.parametrize(
    "attempt",
    [
        publish("nameko-rpc", "escalation.preview"),
        bind_own_queue(),
        read(f"street.{STREET}.notices"),
        ask_behind_direct_reply_to,
    ],
)
def test_a_street_calls_the_escalation_rpc_and_reads_its_notices(street, attempt):
    assert may(street, attempt)


@pytest.mark.parametrize(
    "attempt",
    [
        publish("nameko-rpc", "supervision.pause_clock"),
        publish("hotline.events", "complaint_filed.v1"),
        bind_own_queue("escalation.escalate"),
        bind_own_queue("#"),
        read("rpc-escalation"),
        read("hotline.replies"),
        read("supervision.inbox"),
        read(f"street.{ANOTHER}.notices"),
    ],
)
def test_a_street_may_do_nothing_else(street, attempt):
    assert not may(street, attempt)


def test_a_new_password_ends_the_old_one(area):
    first = area.admit(ANOTHER)
    second = area.admit(ANOTHER, "--renew")

    with pytest.raises(amqp.exceptions.AccessRefused):
        connect(first)
    assert may(second, read(f"street.{ANOTHER}.notices"))


def test_a_password_is_never_replaced_unasked(area, hotline):
    again = area.run("topology", "user", "hotline")

    assert again.returncode == 1
    assert "--renew" in again.stderr
    assert may(hotline, read("hotline.replies"))


def test_a_neighbour_that_is_revoked_is_let_in_no_more_and_what_waits_for_it_stays(area):
    address = area.admit("110105018")
    assert may(address, publish("nameko-rpc", "escalation.preview"))

    assert area.run("topology", "user", "110105018", "--revoke").returncode == 0

    with pytest.raises(amqp.exceptions.AccessRefused):
        connect(address)
    assert may(area.broker.uri, read("street.110105018.notices"))
    assert area.run("topology", "user", "110105018", "--revoke").returncode == 0


def test_the_address_told_to_a_neighbour_can_be_set(area):
    made = area.run("topology", "user", "110105019", "--json", GONGSHANG_BROKER_ADDRESS="mq.example.org:5671")

    assert json.loads(made.stdout)["uri"].endswith("@mq.example.org:5671/")


def test_on_a_given_broker_a_neighbour_is_let_in_through_its_management_without_a_restart(area, tmp_path):
    given = Area(tmp_path)
    ours = area.broker.identity
    surroundings = {
        "AMQP_URI": ours.uri,
        "GONGSHANG_BROKER_MANAGEMENT": f"http://127.0.0.1:{ours.management_port}",
        "GONGSHANG_VAR": str(tmp_path),
    }
    made = json.loads(given.run("topology", "user", "110105020", "--json", **surroundings).stdout)

    assert made["loaded"] is True
    assert may(made["uri"], read("street.110105020.notices"))
    assert given.run("topology", "user", "110105020", "--revoke", **surroundings).returncode == 0
    with pytest.raises(amqp.exceptions.AccessRefused):
        connect(made["uri"])


def test_the_doctor_names_what_is_wrong_on_the_broker_one_by_one(area, hotline):
    with_broker = connect(area.broker.uri)
    with_broker.channel().queue_delete("councils.dead")
    with_broker.channel().queue_unbind("hotline.replies", "intake.events", "complaint_closed.v1")
    with_broker.close()

    told = json.loads(area.run("doctor", "--json").stdout)["findings"]
    wrong = {one["found"] for one in told if one["name"] == "on the broker" and not one["ok"]}

    assert "queue councils.dead: missing" in wrong
    assert "binding intake.events -> hotline.replies by complaint_closed.v1: missing" in wrong
    assert area.run("topology", "check").returncode == 1
    assert area.run("topology", "apply").returncode == 0
    assert area.run("topology", "check").stdout == "Everything is as declared.\n"


def test_who_is_no_neighbour_gets_no_user(area):
    refused = area.run("topology", "user", "110105999")

    assert refused.returncode == 2
    assert "110105999 is neither `hotline` nor the code of a street." in refused.stderr


def test_a_street_is_known_however_its_code_is_written(area):
    shown = area.run("topology", "show", "--street", "110105018000", "--street", "110105400", "--json")

    assert {"street.110105018.notices", "street.110105020.notices"} <= {
        q["name"] for q in json.loads(shown.stdout)["queues"]
    }


def test_passwords_are_not_kept(area, street):
    password = street.partition("@")[0].rpartition(":")[2]
    kept = (area.folder / "keys" / "broker_users.json").read_text()

    assert "street.110105015" in kept
    assert password not in kept
