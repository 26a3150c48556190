"""The RPC by plain AMQP: nameko's own protocol, without its library's client."""

import json
import threading

import amqp
import pytest

from services.rehearsal.telephone import Telephone
from shared.bus.connection import broker_connection
from shared.errors import NotAllowed, Unavailable


def answer(message, **content):
    """A reply as nameko sends it."""
    return amqp.Message(
        json.dumps({"result": None, "error": None} | content).encode(),
        correlation_id=message.properties["correlation_id"],
        content_type="application/json",
    )


class Echo(threading.Thread):
    """Serves `echo.<method>`: gives back what it was asked, refuses `refuse`, and says nothing to `silent`."""

    def __init__(self, uri):
        super().__init__(daemon=True)
        self.uri, self.ready, self.ended = uri, threading.Event(), threading.Event()
        self.start()
        assert self.ready.wait(20)

    def run(self):
        with broker_connection(self.uri) as connection:
            self.channel = connection.channel()
            self.channel.exchange_declare("nameko-rpc", "topic", durable=True, auto_delete=False)
            queue = self.channel.queue_declare("", exclusive=True).queue
            self.channel.queue_bind(queue, "nameko-rpc", "echo.*")
            self.channel.basic_consume(queue, no_ack=True, callback=self.serve)
            self.ready.set()
            while not self.ended.is_set():
                try:
                    connection.drain_events(timeout=0.2)
                except TimeoutError:
                    continue

    def serve(self, message):
        method = message.delivery_info["routing_key"].partition(".")[2]
        if method == "silent":
            return
        refused = {"exc_type": "NotAllowed", "exc_path": "shared.errors.NotAllowed", "exc_args": ["no"], "value": "no"}
        told = {"error": refused} if method == "refuse" else {"result": json.loads(message.body)["args"][0]}
        self.channel.basic_publish(answer(message, **told), "nameko-rpc", message.properties["reply_to"])


@pytest.fixture(scope="module")
def uri(broker):
    echo = Echo(broker.uri)
    yield broker.uri
    echo.ended.set()
    echo.join(10)


def test_replies_find_their_calls_in_whatever_order_they_are_waited_for(uri):
    with Telephone(uri, timeout_seconds=10) as line:
        finish = [line.begin("echo", "say", {"number": number}, token="t") for number in range(20)]
        assert [one()["number"] for one in reversed(finish)] == list(reversed(range(20)))


def test_a_refusal_comes_back_as_the_error_it_is(uri):
    with Telephone(uri, timeout_seconds=10) as line, pytest.raises(NotAllowed):
        line.begin("echo", "refuse", {}, token="t")()


def test_no_reply_in_time_is_said_so(uri):
    with Telephone(uri, timeout_seconds=0.3) as line, pytest.raises(Unavailable, match=r"echo\.silent"):
        line.begin("echo", "silent", {}, token="t")()
