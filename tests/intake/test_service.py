"""Intake as the bus drives it: encoded messages in, rows and announced events out. No broker."""

import json
from functools import partial

import pytest
from sqlalchemy import text

from services.intake.service import IntakeService
from services.intake.storage.repository import IntakeStore
from services.intake.storage.seal import seal_in
from shared.bus.inbox.entrypoint import Subscribe
from shared.bus.inbox.handling import EventHandling
from shared.bus.inbox.reading import Delivery, read
from shared.bus.moment import Moments
from shared.bus.work import transaction
from shared.contracts.envelope import CONTENT_TYPE, Envelope, encode
from shared.contracts.flow import LISTENERS
from shared.storage.engine import make_engine
from shared.storage.migrate import migrate
from tests.intake.builders import NOW, an_order

LISTENED = {contract.wire_type for contract in LISTENERS["intake"]}


class NowClock:
    def now(self):
        return NOW


def _subscriptions():
    """Wire type to method, as nameko would find them."""
    found = {}
    for method in vars(IntakeService).values():
        for entrypoint in getattr(method, "nameko_entrypoints", ()):
            if isinstance(entrypoint, Subscribe):
                found[entrypoint.contract.wire_type] = method
    return found


def _message(event, event_id="e-1", **changed):
    content = event.to_wire() | changed
    envelope = Envelope(
        id=event_id, type=event.wire_type, source=event.publisher, subject=event.subject, time=NOW, content=content
    )
    return Delivery(1, 1, encode(envelope), CONTENT_TYPE, event_id, event.wire_type, {})


@pytest.fixture
def intake(database, tmp_path):
    seal_in.cache_clear()
    engine = make_engine("intake", database)
    migrate("intake", engine)

    def begin(*, reads=False, cause=None):
        return transaction(engine, IntakeStore, cause=cause)

    handling = EventHandling("intake", begin, IntakeService, _subscriptions(), Moments(NowClock()))
    yield partial(_hand_over, handling), partial(_outbox, engine)
    seal_in.cache_clear()
    engine.dispose()


def _hand_over(handling, *deliveries):
    handling.handle([read(delivery, LISTENED) for delivery in deliveries])


def _outbox(engine):
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT routing_key, body FROM outbox ORDER BY position")).all()
    return [(key, json.loads(bytes(body))["data"] if "." in key and "dead" not in key else None) for key, body in rows]


def test_it_subscribes_to_just_what_the_flow_says():
    assert set(_subscriptions()) == LISTENED


def test_an_order_from_the_wire_is_taken_in_once_also_when_delivered_again(intake):
    hand_over, outbox = intake

    hand_over(_message(an_order()), _message(an_order()))
    hand_over(_message(an_order()), _message(an_order(), event_id="e-2"))

    assert [key for key, _ in outbox()] == ["complaint_accepted.v1", "issue_raised.v1", "complaint_linked.v1"]


def test_a_broken_order_is_told_field_by_field_and_others_pass(intake):
    hand_over, outbox = intake

    hand_over(
        _message(an_order("A1"), "e-1", filed_at="2026-03-02T09:00:00", title=""),
        Delivery(1, 2, b"\xff\xfe", CONTENT_TYPE, "m-2", "complaint_filed.v1", {}),
        _message(an_order("A3"), "e-3"),
    )

    told = [content for key, content in outbox() if key == "complaint_rejected.v1"]
    assert [(one["order_no"], one["reason"]) for one in told] == [("A1", "contract_broken"), ("", "undecodable")]
    assert set(told[0]["fields"]) == {"filed_at", "title"}
    assert (told[0]["message_id"], told[1]["message_id"]) == ("e-1", "m-2")
    assert "complaint_accepted.v1" in [key for key, _ in outbox()]
