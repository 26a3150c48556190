"""Calls that nobody can read or answer, or that end the service, concern nobody but their callers."""

import gzip
import json

import amqp
import pytest

from shared.bus.connection import broker_connection
from shared.bus.frames import BEGINNING, LARGEST_BODY
from shared.bus.rpc.calls import MOST_RETURNS
from shared.bus.stuck import list_stuck
from shared.bus.topology import DEAD_CALLS
from shared.sealing import opened
from tests.bus import toy
from tests.bus.conftest import a_token, wait_until
from tests.bus.strangers import RawMessage, milliseconds_header, publish, text_header

GBK = "工单".encode("gbk")
JSON = {"content_type": b"application/json", "correlation_id": b"c-1"}
ASKED = json.dumps({"args": [{"issue_id": "I-1"}], "kwargs": {}}).encode()
UNREADABLE = {
    "a header timestamp in milliseconds": (ASKED, {"table": milliseconds_header()}, "headers"),
    "a correlation id in GBK": (ASKED, {"correlation_id": GBK}, "correlation_id"),
    "compressed": (gzip.compress(ASKED), {"content_encoding": b"gzip"}, "content_encoding"),
    "compressed as kombu does it": (
        gzip.compress(ASKED),
        {"table": text_header("compression", "application/x-gzip")},
        "the header compression",
    ),
    "too large": (b" " * (LARGEST_BODY + 1), {}, "1,048,577 bytes"),
}


@pytest.fixture
def caller(running_toy):
    """A channel with a queue for answers, and what has come to it."""
    with broker_connection(running_toy.uri) as connection:
        yield Caller(running_toy.uri, connection)


class Caller:
    """Sends calls byte by byte, and reads what is answered."""

    def __init__(self, uri, connection):
        self.uri, self.connection, self.answers = uri, connection, []
        self.channel = channel = connection.channel()
        self.queue = channel.queue_declare("", exclusive=True).queue
        channel.queue_bind(self.queue, "nameko-rpc", self.queue)
        channel.basic_consume(self.queue, callback=self.answers.append, no_ack=True)

    def send(self, body, method="count", **properties):
        properties = {"reply_to": self.queue.encode()} | JSON | properties
        publish(self.uri, "nameko-rpc", [(f"deliberation.{method}", RawMessage(body, **properties))])

    def wait(self, count=1):
        while len(self.answers) < count:
            self.connection.drain_events(timeout=20)
        return [json.loads(answer.body) for answer in self.answers]

    def answers_by_id(self):
        return {answer.properties["correlation_id"]: json.loads(answer.body) for answer in self.answers}


def token_header():
    return text_header("nameko.auth_token", a_token())


def test_a_call_that_cannot_be_read_is_answered_and_set_aside_and_the_next_one_is_done(running_toy, caller):
    for body, properties, _ in UNREADABLE.values():
        caller.send(body, **properties)
    caller.send(ASKED, table=token_header())

    answers = caller.wait(len(UNREADABLE) + 1)
    assert [answer["result"] for answer in answers if answer["error"] is None] == [{"count": 0}]
    told = " ".join(str(answer["error"]["exc_args"]) for answer in answers if answer["error"])
    dead = running_toy.drain(DEAD_CALLS, len(UNREADABLE))
    reasons = [one.properties["application_headers"]["reason"] for one in dead]
    for name, (_, _, named) in UNREADABLE.items():
        assert named in told, name
        assert any(named in reason for reason in reasons), name
    assert b" " * BEGINNING in [opened(bytes(one.body)) for one in dead]
    came_back = {answer.properties["correlation_id"].encode(errors="surrogateescape") for answer in caller.answers}
    assert came_back == {b"c-1", GBK}
    assert running_toy.process.poll() is None


@pytest.mark.parametrize("reply_to", [b"", GBK, b"a\0b"])
def test_a_call_that_nobody_can_answer_is_set_aside_without_its_token(running_toy, caller, reply_to):
    caller.send(ASKED, reply_to=reply_to, table=token_header())

    (dead,) = running_toy.drain(DEAD_CALLS, 1)
    assert opened(bytes(dead.body)) == ASKED
    assert set(dead.properties["application_headers"]) == {"reason", "type"}
    assert "reply_to" in dead.properties["application_headers"]["reason"]
    (found,) = list_stuck("deliberation", running_toy.engine)
    assert (found.type, found.counts) == ("deliberation.count", False)


@pytest.mark.parametrize("content_type", [b"application/json; charset=utf-8", b'Application/JSON;charset="UTF-8"'])
def test_a_charset_behind_the_content_type_is_accepted(caller, content_type):
    caller.send(ASKED, table=token_header(), content_type=content_type)

    assert caller.wait()[0]["result"] == {"count": 0}


def test_who_waits_behind_direct_reply_to_is_answered(running_toy, caller):
    caller.send(ASKED, reply_to=b"amq.rabbitmq.reply-to.nobody", table=token_header())
    caller.channel.basic_consume("amq.rabbitmq.reply-to", callback=caller.answers.append, no_ack=True)
    asked = amqp.Message(ASKED, content_type="application/json", reply_to="amq.rabbitmq.reply-to", correlation_id="c-2")
    asked.properties["application_headers"] = {"nameko.auth_token": a_token()}
    caller.channel.basic_publish(asked, "nameko-rpc", "deliberation.count")

    assert caller.wait()[0]["result"] == {"count": 0}
    assert caller.answers[0].properties["correlation_id"] == "c-2"


def opening(name):
    request = {"session_id": name, "issue_id": "I-1", "idempotency_key": name}
    return json.dumps({"args": [request], "kwargs": {}}).encode()


def deaths_until(one, is_true):
    """Starts it again each time it dies, as the supervisor does."""
    deaths = 0

    def is_reached():
        nonlocal deaths
        if one.process.poll() is not None:
            deaths += 1
            one.start()
        return is_true()

    wait_until(is_reached, "all is done", 60)
    return deaths


def test_a_call_that_ends_the_process_again_and_again_is_set_aside_and_those_around_it_are_done_once(resting_toy):
    resting_toy.start()
    with broker_connection(resting_toy.uri) as connection:
        caller = Caller(resting_toy.uri, connection)
        caller.send(ASKED, table=token_header())
        caller.wait()
        for name in ("S1", toy.DEADLY, "S2", "S3"):
            caller.send(opening(name), "open_by_hand", table=token_header(), correlation_id=name.encode())
        deaths = deaths_until(resting_toy, lambda: resting_toy.opened() == 3)
        while len(caller.answers_by_id()) < 5:
            connection.drain_events(timeout=20)
        answered = caller.answers_by_id()

    assert deaths == 1 + MOST_RETURNS
    assert answered[toy.DEADLY]["error"]["exc_type"] == "Unavailable"
    assert [answered[name]["result"]["count"] for name in ("S1", "S2", "S3")] == [1, 2, 3]
    (dead,) = resting_toy.drain(DEAD_CALLS, 1)
    assert opened(bytes(dead.body)) == opening(toy.DEADLY)
    assert "nameko.auth_token" not in dead.properties["application_headers"]
    assert resting_toy.count(toy.bus.returned_calls) == 1


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_call_is_set_aside_once_the_database_is_there_again(running_toy, postgres, caller):
    caller.send(ASKED, table=token_header())
    caller.wait()
    postgres.kill()
    caller.send(ASKED, reply_to=b"", table=token_header())
    caller.send(ASKED, table=token_header(), correlation_id=b"c-2")
    caller.wait(2)
    postgres.start()

    assert caller.answers_by_id()["c-2"]["error"]["exc_type"] == "Unavailable"
    assert len(running_toy.drain(DEAD_CALLS, 1)) == 1
