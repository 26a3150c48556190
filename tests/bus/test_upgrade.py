"""An event in a version that this code does not know waits for code that does, in the order of its subject."""

import json
from datetime import UTC, datetime

import pytest

from shared.bus.connection import broker_connection
from shared.bus.inbox.reading import Delivery, read
from shared.bus.stuck import list_stuck
from shared.contracts.envelope import CONTENT_TYPE
from tests.bus import toy
from tests.bus.conftest import body_of, wait_until

LISTENED = {"session_scheduled.v1"}
inbox = toy.bus.inbox


def to_come(session_id, event_id, wire_type="session_scheduled.v2", source="/councils"):
    wire = json.loads(body_of(toy.scheduled(session_id), event_id))
    data = {"session_id": "x", "issue_id": "I-1", "called": session_id}
    data["scheduled_at"] = datetime.now(UTC).isoformat()
    return json.dumps(wire | {"type": wire_type, "source": source, "data": data}).encode()


def reading_of(body, exchange="councils.events"):
    return read(Delivery(1, 1, body, CONTENT_TYPE, "", "", {}, exchange=exchange), LISTENED)


@pytest.mark.parametrize(
    ("body", "exchange"),
    [
        (to_come("S1", "e1", wire_type="session_held.v2"), "councils.events"),
        (to_come("S1", "e1", source="/hotline"), "hotline.events"),
        (to_come("S1", "e1"), "hotline.events"),
        (to_come("S1", "e1", source="/somebody"), "somebody.events"),
    ],
    ids=["of nothing that is listened to", "from the hotline", "by another's way", "from nobody we know"],
)
def test_what_is_no_version_to_come_of_our_own_is_refused(body, exchange):
    assert reading_of(body, exchange).fault.reason == "unknown_type"
    assert reading_of(to_come("S1", "e1")).fault is None


@pytest.fixture
def bound_toy(resting_toy):
    """As a newer version binds it, whose listener does not run yet."""
    way = ("deliberation.inbox", "councils.events", "session_scheduled.v2")
    with broker_connection(resting_toy.uri) as connection:
        connection.channel().queue_bind(*way)
    yield resting_toy
    with broker_connection(resting_toy.uri) as connection:
        connection.channel().queue_unbind(*way)


def publish_all(one):
    one.publish_bodies(
        [
            ("session_scheduled.v1", body_of(toy.scheduled("S1"), "e1")),
            ("session_scheduled.v2", to_come("S2", "e2")),
            ("session_scheduled.v1", body_of(toy.scheduled("S3"), "e3")),
            ("session_scheduled.v1", body_of(toy.scheduled("T1", "I-2"), "e4")),
        ]
    )


def test_it_is_kept_in_an_upgrade_and_handled_in_order_when_the_new_code_starts(bound_toy):
    bound_toy.start()
    publish_all(bound_toy)
    wait_until(lambda: bound_toy.count(inbox) == 4, "everything taken in")
    assert bound_toy.column(inbox.c.status) == ["handled", "unknown", "waiting", "handled"]
    (found,) = list_stuck("deliberation", bound_toy.engine)
    assert (found.type, found.behind, "does not know" in found.error) == ("session_scheduled.v2", 1, True)
    bound_toy.kill()

    bound_toy.environment["TOY_IS_NEWER"] = "yes"
    bound_toy.start()
    wait_until(lambda: bound_toy.is_idle(4), "all handled")
    assert bound_toy.column(toy.opened.c.session_id, toy.opened.c.issue_id == "I-1") == ["S1", "S2", "S3"]
    assert bound_toy.drain("deliberation.dead") == []
    assert list_stuck("deliberation", bound_toy.engine) == []


def test_trying_it_again_too_soon_leaves_it_waiting_for_the_new_code(bound_toy):
    bound_toy.publish_bodies([("session_scheduled.v2", to_come("S2", "e2"))])
    bound_toy.start()
    wait_until(lambda: bound_toy.column(inbox.c.status) == ["unknown"], "kept")
    with bound_toy.engine.begin() as connection:
        connection.execute(inbox.update().values(status="waiting", attempts=7, next_attempt_at=datetime.now(UTC)))
    wait_until(lambda: bound_toy.column(inbox.c.status) == ["unknown"], "kept again")
    assert bound_toy.column(inbox.c.body)[0] is not None
