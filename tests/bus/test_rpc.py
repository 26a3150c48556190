"""RPC as strangers use it: every answer is typed, nothing they send takes the service down, a key means once."""

import json
import uuid
from datetime import UTC, datetime, timedelta

import amqp
import pytest

from shared import token_keys
from shared.auth import Role, token_id_of
from shared.bus import connection as broker_module
from shared.errors import BadRequest, Conflict, NotAllowed, NotAuthenticated, Refused, TokenExpired, Unavailable
from shared.settings import settings
from shared.token_keys import Revocation
from tests.bus import toy
from tests.bus.conftest import a_token, wait_until


def opening(session_id="S1", key="k-1", **more):
    return {"session_id": session_id, "issue_id": "I-1", "idempotency_key": key} | more


@pytest.fixture
def asked(running_toy):
    """A toy that answers."""
    wait_until(lambda: _answers(running_toy), "the service answers")
    return running_toy


def _answers(one):
    try:
        return one.ask("count", {"issue_id": "I-1"}, seconds=1) == {"count": 0}
    except Unavailable:
        return False


def send_raw(one, body, *, reply=True, **properties):
    """A message as any AMQP client might send it; returns the reply's body, or None without a reply queue."""
    with broker_module.broker_connection(one.uri) as connection:
        channel = connection.channel()
        queue = channel.queue_declare("", exclusive=True).queue
        channel.queue_bind(queue, "nameko-rpc", queue)
        properties |= {"reply_to": queue, "correlation_id": str(uuid.uuid4())} if reply else {}
        channel.basic_publish(amqp.Message(body, **properties), "nameko-rpc", "deliberation.count")
        if not reply:
            return None
        answers = []
        channel.basic_consume(queue, callback=answers.append, no_ack=True)
        while not answers:
            connection.drain_events(timeout=5)
        return json.loads(answers[0].body)


def test_a_call_is_answered_and_its_event_follows(asked):
    assert asked.ask("open_by_hand", opening()) == {"count": 1}
    wait_until(lambda: asked.is_idle(1), "published")
    assert len(asked.drain("councils.inbox", 1)) == 1


def test_the_same_key_gives_the_same_reply_and_one_effect(asked):
    first = asked.ask("open_by_hand", opening())
    asked.ask("open_by_hand", opening("S2", "k-2"))
    assert asked.ask("open_by_hand", opening()) == first
    assert asked.opened() == 2


def test_the_same_key_for_another_request_is_a_conflict(asked):
    asked.ask("open_by_hand", opening())
    with pytest.raises(Conflict) as refusal:
        asked.ask("open_by_hand", opening("S2"))
    assert "idempotency_key" in refusal.value.fields


def test_a_refusal_of_the_rules_comes_back_as_itself_with_its_fields(asked):
    with pytest.raises(Refused) as refusal:
        asked.ask("open_by_hand", opening("forbidden"))
    assert refusal.value.fields == {"session_id": ["Is forbidden."]}


def test_a_fault_of_ours_says_no_detail_and_changes_nothing(asked):
    with pytest.raises(Unavailable) as failure:
        asked.ask("open_by_hand", opening("broken"))
    assert "secret" not in str(failure.value)
    assert asked.opened() == 0


@pytest.mark.parametrize(
    ("request_sent", "field"),
    [
        ({}, "issue_id"),
        ({"issue_id": ""}, "issue_id"),
        ({"issue_id": 110105}, "issue_id"),
        ({"issue_id": "I-\0"}, "issue_id"),
        ({"issue_id": "I-1", "more": 1}, "more"),
        ("text", "request"),
        ("te\0t", "request"),
    ],
)
def test_wrong_arguments_are_named(asked, request_sent, field):
    with pytest.raises(BadRequest) as refusal:
        asked.ask("count", request_sent)
    assert field in refusal.value.fields


def test_who_has_no_token_an_expired_one_or_the_wrong_role_is_told_so(asked):
    with pytest.raises(NotAuthenticated):
        asked.ask("count", {"issue_id": "I-1"}, token="nonsense")
    old = a_token(lifetime=timedelta(minutes=1), now=datetime.now(UTC) - timedelta(hours=1))
    with pytest.raises(TokenExpired):
        asked.ask("count", {"issue_id": "I-1"}, token=old)
    with pytest.raises(NotAllowed):
        asked.ask("count", {"issue_id": "I-1"}, token=a_token(Role.HOTLINE))


def test_a_running_service_learns_at_once_of_a_token_taken_back_and_of_a_key_replaced(asked):
    folder, request, token = settings().keys_folder, {"issue_id": "I-1"}, a_token()
    asked.ask("count", request, token=token)
    earlier = token_keys.signing_kid(folder)
    token_keys.revoke(folder, Revocation(token_id_of(token), "", datetime.now(UTC), "lost"))
    with pytest.raises(NotAuthenticated):
        asked.ask("count", request, token=token)
    other = a_token()
    token_keys.sign_anew(folder)
    asked.ask("count", request, token=other)
    token_keys.retire(folder, earlier)
    with pytest.raises(NotAuthenticated):
        asked.ask("count", request, token=other)
    asked.ask("count", request, token=a_token())


def test_no_malformed_message_takes_the_service_down(asked):
    good = b'{"args": [{"issue_id": "I-1"}], "kwargs": {}}'
    send_raw(asked, good, reply=False, content_type="application/json")
    send_raw(asked, b"", reply=False)
    send_raw(asked, b"\xff\xfe", reply=False, content_type="application/json", content_encoding="utf-8")
    for body, properties in (
        (good, {}),
        (b"\xff\xfe", {"content_type": "application/json", "content_encoding": "utf-8"}),
        (b"not json", {"content_type": "application/json", "content_encoding": "utf-8"}),
        (b"[]", {"content_type": "application/json", "content_encoding": "utf-8"}),
        (b'{"args": [1, 2], "kwargs": {}}', {"content_type": "application/json", "content_encoding": "utf-8"}),
        (b"gASVBQAAAAAAAABLAS4=", {"content_type": "application/x-python-serialize", "content_encoding": "base64"}),
    ):
        answer = send_raw(asked, body, **properties)
        assert answer["error"]["exc_type"] == "BadRequest", (body, answer)
    assert asked.ask("count", {"issue_id": "I-1"}) == {"count": 0}
    assert asked.process.poll() is None


def test_a_call_to_a_service_that_is_away_ends_with_the_timeout(resting_toy):
    with pytest.raises(Unavailable):
        resting_toy.ask("count", {"issue_id": "I-1"}, seconds=0.5)
    assert toy.ToyService.name == "deliberation"
