"""Whatever a delivery brings, it is that delivery's matter alone: the others pass, and it is kept with the reason."""

import gzip
from struct import pack

import amqp
import pytest

from shared.bus.frames import BEGINNING, LARGEST_BODY
from shared.contracts.envelope import CONTENT_TYPE
from shared.sealing import is_sealed, opened
from tests.bus import toy
from tests.bus.conftest import body_of, wait_until
from tests.bus.strangers import RawMessage, header, milliseconds_header, publish, text_header

EVENT = "session_scheduled.v1"
GBK = "工单".encode("gbk")
KIND = {"content_type": CONTENT_TYPE.encode()}


def scheduled(name, **more):
    return body_of(toy.scheduled(name, f"I-{name}", **more), name)


UNREADABLE = {
    "a header timestamp in milliseconds": (RawMessage(scheduled("D1"), table=milliseconds_header(), **KIND), "headers"),
    "a message id in GBK": (RawMessage(scheduled("D3"), message_id=GBK, **KIND), "message_id"),
    "a correlation id in GBK": (RawMessage(scheduled("D4"), correlation_id=GBK, **KIND), "correlation_id"),
    "a content type in GBK": (RawMessage(scheduled("D5"), content_type=GBK), "content_type"),
    "half a surrogate pair in the type": (RawMessage(scheduled("D6"), type=b"\xed\xa0\x80", **KIND), "type"),
    "an encoding that has no way back": (
        RawMessage(b'"\\ud800"', content_encoding=b"unicode_escape", **KIND),
        "content_encoding",
    ),
    "compressed": (
        RawMessage(gzip.compress(scheduled("D7")), content_encoding=b"gzip", **KIND),
        "content_encoding",
    ),
    "compressed as kombu does it": (
        RawMessage(gzip.compress(scheduled("D8")), table=text_header("compression", "application/x-gzip"), **KIND),
        "compression",
    ),
    "too large": (RawMessage(b" " * (LARGEST_BODY + 1), **KIND), "1,048,577 bytes"),
}


def test_what_cannot_be_read_goes_to_the_dead_queue_with_the_reason_and_its_neighbours_pass(running_toy):
    sent = []
    for number, (message, _) in enumerate(UNREADABLE.values()):
        sent += [(EVENT, message), (EVENT, amqp.Message(scheduled(f"S{number}"), content_type=CONTENT_TYPE))]
    publish(running_toy.uri, "councils.events", sent)

    wait_until(lambda: running_toy.is_idle(len(UNREADABLE)), "the neighbours are handled")
    dead = running_toy.drain("deliberation.dead", len(UNREADABLE))
    assert [one.properties["application_headers"]["reason"] for one in dead] == ["undecodable"] * len(UNREADABLE)
    for (name, (message, named)), one in zip(UNREADABLE.items(), dead, strict=True):
        assert (is_sealed(bytes(one.body)), opened(bytes(one.body))) == (True, message.body[:BEGINNING]), name
        assert named in one.properties["application_headers"]["fields"], name
    assert running_toy.process.poll() is None


def test_headers_that_no_database_takes_are_neither_kept_nor_sent_on(running_toy):
    table = (
        text_header("nul", "a\0b")
        + text_header("half", b"\xed\xa0\x80")
        + header("price", b"D", pack(">Bi", 2, 1999))
        + header("when", b"T", pack(">Q", 1_774_000_000))
        + header("bytes", b"x", pack(">I", 2) + b"\xff\xfe")
        + text_header("half a name", b"\xff")
        + text_header("traceparent", "00-a\0b-01")
        + text_header("correlation_id", "c-7")
    )
    waiting = RawMessage(scheduled("S1", title=toy.EARLY), table=table, **KIND)
    passing = RawMessage(scheduled("S2"), table=table, **KIND)
    publish(running_toy.uri, "councils.events", [(EVENT, waiting), (EVENT, passing)])

    wait_until(lambda: running_toy.is_idle(1), "the one that need not wait is handled")
    assert running_toy.column(toy.bus.inbox.c.headers) == [{"correlation_id": "c-7"}, None]
    (told,) = running_toy.drain("councils.inbox", 1)
    assert set(told.properties["application_headers"]) == {"subject", "correlation_id", "street.110105001"}


@pytest.mark.parametrize("correlation_id", ["c" * 130_950, "a\nb", ""])
def test_a_correlation_id_that_can_not_be_passed_on_is_replaced(running_toy, correlation_id):
    sent = RawMessage(scheduled("S1"), table=text_header("correlation_id", correlation_id), **KIND)
    publish(running_toy.uri, "councils.events", [(EVENT, sent)])

    wait_until(lambda: running_toy.is_idle(1), "handled and published")
    (told,) = running_toy.drain("councils.inbox", 1)
    assert told.properties["application_headers"]["correlation_id"] == "S1"
