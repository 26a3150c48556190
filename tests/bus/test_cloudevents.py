"""CloudEvents as official SDKs send them, through a real broker: in binary mode, without a time, in Base64."""

import base64
import json
from datetime import UTC, datetime

import amqp
import pytest

from shared.contracts.envelope import CONTENT_TYPE
from tests.bus import toy
from tests.bus.conftest import body_of, wait_until
from tests.bus.strangers import publish

EVENT = "session_scheduled.v1"


def wire_of(name):
    return json.loads(body_of(toy.scheduled(name, f"I-{name}"), f"e-{name}"))


def in_binary_mode(name, prefix, *, kind=None, **changed):
    wire = wire_of(name)
    attributes = {key: wire[key] for key in ("specversion", "id", "source", "type", "time", "subject")} | changed
    headers = {f"{prefix}{key}": value for key, value in attributes.items() if value is not None}
    return amqp.Message(json.dumps(wire["data"]).encode(), application_headers=headers, content_type=kind)


def structured(name, **changed):
    told = {key: value for key, value in (wire_of(name) | changed).items() if value is not None}
    return amqp.Message(json.dumps(told).encode(), content_type=CONTENT_TYPE)


def in_base64(name):
    content = json.dumps(wire_of(name)["data"]).encode()
    return structured(name, data=None, data_base64=base64.b64encode(content).decode())


TAKEN = {
    "S1": in_binary_mode("S1", "cloudEvents_", kind="application/json"),
    "S2": in_binary_mode("S2", "cloudEvents:", kind="application/json; charset=utf-8"),
    "S3": in_binary_mode("S3", "ce-"),
    "S4": in_binary_mode("S4", "ce-", time=datetime.now(UTC), subject=None),
    "S5": in_binary_mode("S5", "cloudEvents_", time=None),
    "S6": structured("S6", time=None, subject=None, datacontenttype=None),
    "S7": in_base64("S7"),
}


def test_what_official_sdks_send_is_handled(running_toy):
    publish(running_toy.uri, "councils.events", [(EVENT, message) for message in TAKEN.values()])

    wait_until(lambda: running_toy.is_idle(len(TAKEN)), "all are handled")
    assert running_toy.column(toy.opened.c.session_id) == list(TAKEN)
    assert running_toy.column(toy.bus.inbox.c.event_id) == [f"e-{name}" for name in TAKEN]


def test_one_in_binary_mode_that_must_wait_is_read_again_without_its_headers(running_toy):
    wire = wire_of("S1")
    first = in_binary_mode("S1", "ce-")
    first.body = json.dumps(wire["data"] | {"title": toy.EARLY}).encode()
    publish(running_toy.uri, "councils.events", [(EVENT, first)])

    wait_until(lambda: running_toy.column(toy.bus.inbox.c.status) == ["early"], "it waits")
    (kept,) = running_toy.column(toy.bus.inbox.c.body)
    assert json.loads(kept)["data"]["session_id"] == "S1"
    assert json.loads(kept)["id"] == "e-S1"


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (in_binary_mode("S1", "ce-", kind="text/xml"), "`datacontenttype` must be application/json"),
        (in_binary_mode("S1", "ce-", id=None), "`id` must be a text"),
        (in_binary_mode("S1", "ce-", time="20261127203015+0800"), "like 2026-11-27T20:30:15+08:00"),
        (structured("S1", id="工" * 86), "in UTF-8 at most 255 bytes"),
        (structured("S1", time="20261127203015+0800"), "like 2026-11-27T20:30:15+08:00"),
    ],
)
def test_what_is_wrong_with_it_is_said_and_what_comes_behind_passes(running_toy, message, words):
    publish(running_toy.uri, "councils.events", [(EVENT, message), (EVENT, structured("S2"))])

    wait_until(lambda: running_toy.is_idle(1), "the next one is handled")
    (dead,) = running_toy.drain("deliberation.dead", 1)
    assert dead.headers["reason"] == "undecodable"
    assert words in dead.headers["fields"]
