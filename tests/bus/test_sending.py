"""What the broker won't take holds up what is about the same, and nothing else, on a real broker and both databases."""

import time
from collections import OrderedDict

import amqp
import pytest
from sqlalchemy import select, update

from shared import metrics
from shared.bus import connection as broker_module
from shared.bus import topology
from shared.bus.outbox.lease import lease
from shared.bus.outbox.sending import Sending
from shared.clock import RealClock
from shared.contracts.flow import LISTENERS
from tests.bus import toy

MISSING = "nobody.made.this"
outbox = toy.bus.outbox


class Office:
    """A database with rows to send, and what sends them for a service."""

    def __init__(self, engine, uri, service="deliberation"):
        self.engine = engine
        self.uri = uri
        self.sending = Sending(service, engine, RealClock(), OrderedDict())

    def send(self, until, seconds=20):
        """Turn after turn, with a new connection after trouble, as the relay does."""
        end = time.monotonic() + seconds
        while not until():
            assert time.monotonic() < end, "what was waited for never came"
            with lease("deliberation", self.engine) as held, broker_module.broker_connection(self.uri) as one:
                self.sending.begin(one, held)
                try:
                    while not until() and time.monotonic() < end:
                        self.sending.send_next()
                except amqp.exceptions.AMQPError:
                    continue

    def rows(self, *conditions):
        with self.engine.connect() as connection:
            wanted = select(outbox.c.event_id).where(*conditions).order_by(outbox.c.position)
            return list(connection.scalars(wanted))

    def sent(self):
        return self.rows(outbox.c.sent_at.is_not(None))

    def set_aside(self):
        return self.rows(outbox.c.set_aside_at.is_not(None))


@pytest.fixture
def office(database, broker):
    one = Office(toy.make_database(), broker.uri)
    with broker_module.broker_connection(broker.uri) as connection:
        topology.declare(connection)
        channel = connection.channel()
        channel.queue_delete(MISSING)
        channel.queue_purge("councils.inbox")
    yield one
    one.engine.dispose()


def queue(uri, name):
    with broker_module.broker_connection(uri) as connection:
        connection.channel().queue_declare(name, auto_delete=False)


def read(uri, name, count):
    with broker_module.broker_connection(uri) as connection:
        channel, found = connection.channel(), []
        channel.basic_consume(name, callback=found.append, no_ack=True)
        while len(found) < count:
            connection.drain_events(timeout=10)
    return [message.properties["message_id"] for message in found]


def test_what_is_behind_a_row_without_a_queue_on_its_subject_waits_and_everything_else_passes(office, broker):
    toy.announce(office.engine, 1, exchange="", routing_key=MISSING, subject="I-1")
    toy.announce(office.engine, 3, start=1, subject="I-2")
    office.send(lambda: len(office.sent()) == 3)
    toy.announce(office.engine, 1, start=4, subject="I-1")
    toy.announce(office.engine, 1, start=5, exchange="", routing_key=MISSING, subject="I-3")
    toy.announce(office.engine, 1, start=6, subject="I-3")
    toy.announce(office.engine, 1, start=7, subject="I-4")
    office.send(lambda: "e7" in office.sent())

    assert office.sent() == ["e1", "e2", "e3", "e7"]
    queue(broker.uri, MISSING)
    office.send(lambda: len(office.sent()) == 8)
    assert read(broker.uri, MISSING, 2) == ["e0", "e5"]
    heard = read(broker.uri, "councils.inbox", 6)
    assert sorted(heard) == ["e1", "e2", "e3", "e4", "e6", "e7"]


def test_what_has_no_queue_is_tried_ever_more_seldom_and_how_long_it_waits_is_measured(office):
    toy.announce(office.engine, 30, exchange="", routing_key=MISSING)
    end = time.monotonic() + 4
    office.send(lambda: time.monotonic() > end)

    assert office.sent() == []
    assert office.sending.publisher.written < 10
    assert metrics.OUTBOX_LAG_SECONDS.labels("deliberation")._value.get() > 2
    assert MISSING in office.sending.trouble


@pytest.mark.parametrize(
    "broken",
    [
        {"headers": {"correlation_id": "x" * 200_000}},
        {"event_id": "事" * 100},
        {"exchange": "no.such.exchange"},
    ],
    ids=["too large for a frame", "too long for a property", "for nowhere"],
)
def test_a_row_that_fails_alone_is_set_aside_with_the_reason_and_holds_up_its_subject_alone(office, broken):
    toy.announce(office.engine, 40, subject="I-1")
    toy.announce(office.engine, 1, start=40, **({"subject": "I-2"} | broken))
    toy.announce(office.engine, 1, start=41, subject="I-2")
    toy.announce(office.engine, 40, start=42, subject="I-3")
    office.send(lambda: len(office.sent()) == 80)

    (aside,) = office.set_aside()
    assert aside == broken.get("event_id", "e40")
    assert office.rows(outbox.c.sent_at.is_(None)) == [aside, "e41"]
    with office.engine.connect() as connection:
        assert connection.scalar(select(outbox.c.error).where(outbox.c.event_id == aside))


def test_who_takes_over_lets_nothing_pass_what_was_set_aside_before(office):
    toy.announce(office.engine, 1, headers={"correlation_id": "x" * 200_000}, subject="I-1")
    office.send(office.set_aside)
    toy.announce(office.engine, 1, start=1, subject="I-1")
    toy.announce(office.engine, 1, start=2, subject="I-2")
    successor = Office(office.engine, office.uri)
    successor.send(lambda: len(successor.sent()) > 0)

    assert successor.sent() == ["e2"]


def test_what_waits_behind_a_row_that_was_set_aside_follows_it_once_it_can_be_sent(office, broker):
    toy.announce(office.engine, 1, headers={"correlation_id": "x" * 200_000}, subject="I-1")
    toy.announce(office.engine, 1, start=1, subject="I-1")
    office.send(office.set_aside)
    with office.engine.begin() as connection:
        connection.execute(update(outbox).where(outbox.c.event_id == "e0").values(headers={}, set_aside_at=None))
    office.send(lambda: len(office.sent()) == 2)

    assert read(broker.uri, "councils.inbox", 2) == ["e0", "e1"]


def test_an_exchange_that_was_deleted_is_made_again_and_what_waits_is_sent(office, broker):
    with broker_module.broker_connection(broker.uri) as connection:
        connection.channel().exchange_delete("deliberation.events")
    toy.announce(office.engine, 1)
    office.send(office.sent)

    assert read(broker.uri, "councils.inbox", 1) == ["e0"]


def test_a_binding_that_was_removed_is_made_again_and_what_waits_is_sent(office, broker):
    listeners = [name for name, heard in LISTENERS.items() if "session_opened.v1" in {one.wire_type for one in heard}]
    assert "councils" in listeners
    with broker_module.broker_connection(broker.uri) as connection:
        channel = connection.channel()
        for listener in listeners:
            channel.queue_unbind(f"{listener}.inbox", "deliberation.events", "session_opened.v1")
    toy.announce(office.engine, 1)
    office.send(office.sent)

    assert read(broker.uri, "councils.inbox", 1) == ["e0"]


@pytest.mark.parametrize(("service", "deleted"), [("deliberation", "councils.inbox"), ("intake", "hotline.replies")])
def test_a_queue_that_is_deleted_while_events_are_sent_to_others_is_made_again_and_that_is_said(
    office, broker, service, deleted, capsys
):
    sender = Office(office.engine, broker.uri, service)
    with broker_module.broker_connection(broker.uri) as connection:
        connection.channel().queue_delete(deleted)
        sender.send(lambda: deleted not in topology.missing(connection))
    assert deleted in capsys.readouterr().out
