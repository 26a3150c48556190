"""Orders that expire while intake is away: told to the hotline, kept to be seen, and counted."""

import json
from datetime import UTC, datetime

import amqp
import pytest
from click.testing import CliRunner

from services import SERVICES
from services.cli.commands.status import command as status
from services.cli.proof.reconcile import reconcile
from shared.bus import topology
from shared.bus.connection import broker_connection
from shared.contracts.envelope import CONTENT_TYPE
from shared.sealing import opened
from shared.settings import settings
from shared.storage.engine import engine_for
from tests.bus.conftest import wait_until
from tests.databases import KINDS, lent
from tests.harness import encoded
from tests.intake.builders import an_order
from tests.live_service import live_service
from tests.told import tell_streets

READS = (*topology.queues_read_by("intake"), topology.dead_of("intake"), topology.HOTLINE_QUEUE)


@pytest.fixture(params=KINDS)
def databases(request):
    """Of all services, with nothing in them: not what a directory begins with, which nobody here would hear of."""
    with lent(request, *SERVICES):
        yield


@pytest.fixture
def channel(broker):
    with broker_connection(broker.uri) as connection:
        topology.declare(connection)
        channel = connection.channel()
        for queue in READS:
            channel.queue_purge(queue)
        yield channel


def order(number, **properties):
    body = encoded(an_order(number, filed_at=datetime.now(UTC)), f"e-{number}", datetime.now(UTC))
    return amqp.Message(body, content_type=CONTENT_TYPE, delivery_mode=2, **properties)


def send(channel, *messages):
    for message in messages:
        channel.basic_publish_confirm(message, "hotline.events", "complaint_filed.v1")


def taken(channel, queue):
    message = channel.basic_get(queue, no_ack=True)
    return message or None


def replies(channel, until):
    """What the hotline hears, until it hears this."""
    heard = []

    def has_heard():
        while (message := taken(channel, topology.HOTLINE_QUEUE)) is not None:
            heard.append(json.loads(message.body))
        return any(one["type"] == until for one in heard)

    wait_until(has_heard, f"the hotline hears {until}")
    return heard


def test_an_order_that_expired_unread_is_told_kept_counted_and_taken_when_sent_again(
    channel, broker, databases, tmp_path, monkeypatch
):
    monkeypatch.setenv("GONGSHANG_KEYS_FOLDER", str(tmp_path / "keys"))
    monkeypatch.setenv("AMQP_URI", broker.uri)
    settings.cache_clear()
    tell_streets(engine_for("intake"))
    send(channel, order("A1", expiration="1"))
    wait_until(lambda: channel.queue_declare(topology.RETURNED_QUEUE, passive=True).message_count, "it has expired")
    waiting = CliRunner().invoke(status).output

    with live_service("intake", broker.uri, tmp_path):
        (refusal,) = replies(channel, until="complaint_rejected.v1")
        told = CliRunner().invoke(status).output
        shown = json.loads(CliRunner().invoke(status, ["--json"]).output)
        compared = reconcile({"e-A1": "A1"}, only_these=True)
        send(channel, order("A1"))
        after = replies(channel, until="complaint_linked.v1")

    assert (refusal["data"]["order_no"], refusal["data"]["reason"]) == ("A1", "expired")
    assert "Its expiration ran out at 20" in refusal["data"]["fields"]["message"][0]
    assert "orders in intake.returned, to be told once intake runs: 1" in waiting
    assert "orders that expired before intake read them, told to the hotline: 1" in told
    assert (shown["expired_orders"], shown["broker"]["intake_returned"]) == (1, 0)
    assert compared.is_whole, compared.lines()
    assert [one["type"] for one in after] == ["complaint_accepted.v1", "complaint_linked.v1"]
    dead = taken(channel, topology.dead_of("intake"))
    assert dead.headers["reason"] == "expired"
    assert json.loads(opened(bytes(dead.body)))["data"]["order_no"] == "A1"
