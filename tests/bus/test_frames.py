"""Frames become messages whatever is in them; where py-amqp can read a message, ours reads the same."""

from datetime import UTC, datetime
from decimal import Decimal
from struct import pack

import amqp
import pytest
from amqp.exceptions import UnexpectedFrame
from amqp.method_framing import frame_handler
from amqp.serialization import dumps
from amqp.spec import Basic, Connection
from hypothesis import given
from hypothesis import strategies as st

from shared.bus.frames import BEGINNING, BODY, HEADER, HEARTBEAT, LARGEST_BODY, METHOD, Frames
from tests.bus.strangers import RawMessage, header

DELIVER = pack(">HH", *Basic.Deliver) + dumps("sLbss", ["consumer", 7, False, "hotline.events", "complaint_filed.v1"])
INSTANT = datetime.fromtimestamp(1_774_000_000, UTC)
short = st.text(max_size=60)
values = st.one_of(short, st.integers(-(2**40), 2**40), st.booleans(), st.none(), st.lists(short, max_size=3))
properties = st.fixed_dictionaries(
    {},
    optional={
        "content_type": short,
        "message_id": short,
        "correlation_id": short,
        "priority": st.integers(0, 9),
        "timestamp": st.integers(0, 2**63),
        "application_headers": st.dictionaries(short, values, max_size=4),
    },
)


class Peer:
    """Stands for the connection, and keeps what is handed over."""

    def __init__(self):
        self.bytes_recv = 0
        self.taken = []

    def dispatch(self, channel, method, arguments, message):
        self.taken.append(message)


def frames_of(raw_properties, body=b"{}", cut=1):
    size = len(body) // cut + 1
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    yield METHOD, 1, DELIVER
    yield HEADER, 1, pack(">HHQ", 60, 0, len(body)) + raw_properties
    yield from ((BODY, 1, piece) for piece in pieces)


def taken(frames, handler=Frames):
    peer = Peer()
    take = handler(peer, peer.dispatch)
    done = [take(frame) for frame in frames]
    assert done == [False] * (len(done) - 1) + [True]
    return peer.taken[0]


@given(properties, st.binary(max_size=50), st.integers(1, 5))
def test_what_pyamqp_can_read_is_read_alike(given_properties, body, cut):
    raw = amqp.Message(b"", **given_properties)._serialize_properties()
    ours = taken(frames_of(raw, body, cut))
    theirs = taken(frames_of(raw, body, cut), frame_handler)
    assert (ours.properties, bytes(ours.body), ours.fault) == (theirs.properties, bytes(theirs.body or b""), "")


@given(st.binary(min_size=2, max_size=200))
def test_no_bytes_among_the_properties_keep_the_body_from_coming(raw):
    assert taken(frames_of(raw)).body == b"{}"


@pytest.mark.parametrize(
    ("table", "value"),
    [
        (header("price", b"D", pack(">Bi", 2, 1999)), Decimal("19.99")),
        (
            header("when", b"T", pack(">Q", 1_774_000_000)),
            datetime.fromtimestamp(1_774_000_000, UTC).replace(tzinfo=None),
        ),
    ],
)
def test_headers_that_amqp_can_carry_are_no_fault(table, value):
    message = taken(frames_of(RawMessage(b"", table=table)._serialize_properties()))
    assert (list(message.properties["application_headers"].values()), message.fault) == ([value], "")


def test_what_can_be_read_is_kept_beside_what_can_not():
    table = b""
    for _ in range(3_000):
        table = header("a", b"F", pack(">I", len(table)) + table)
    sent = RawMessage(b"", table=table, content_type="工单".encode("gbk"), message_id=b"m-1", app_id=b"\xed\xa0\x80")
    message = taken(frames_of(sent._serialize_properties()))
    assert message.properties["message_id"] == "m-1"
    assert message.properties["content_type"].encode(errors="surrogateescape") == "工单".encode("gbk")
    assert [fault.partition(":")[0] for fault in message.fault.split("; ")] == [
        "the property content_type is no UTF-8 text",
        "the headers can't be read",
        "the property app_id is no UTF-8 text",
    ]


def test_of_a_body_that_is_too_large_only_the_beginning_is_kept_and_the_next_message_follows():
    peer = Peer()
    take = Frames(peer, peer.dispatch)
    for frame in (*frames_of(b"\0\0", b"x" * (LARGEST_BODY + 1), 9), *frames_of(b"\0\0", b"y" * LARGEST_BODY, 9)):
        take(frame)
    first, second = peer.taken
    assert (first.body, second.body) == (b"x" * BEGINNING, b"y" * LARGEST_BODY)
    assert (first.fault, second.fault) == ("the body has 1,048,577 bytes, and at most 1,048,576 are taken", "")


def test_heartbeats_and_methods_pass_between_messages_and_are_counted_as_signs_of_life():
    peer = Peer()
    take = Frames(peer, peer.dispatch)
    assert [take((HEARTBEAT, 0, b"")), take((METHOD, 0, pack(">HH", *Connection.Unblocked)))] == [False, True]
    assert (peer.bytes_recv, peer.taken) == (2, [None])


def test_a_frame_that_belongs_to_nothing_is_a_fault_of_the_connection():
    peer = Peer()
    with pytest.raises(UnexpectedFrame):
        Frames(peer, peer.dispatch)((BODY, 1, b"{}"))
