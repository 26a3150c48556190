"""Whoever runs the machine asks any service how it stands and what got stuck, and sets it right; nobody else does."""

import importlib
from datetime import UTC, datetime, timedelta

import pytest

from services import SERVICES
from shared.auth import SYSTEMS, Role, issue_token
from shared.bus.rpc import operating
from shared.errors import BadRequest, Conflict, NotAllowed, NotAuthenticated, NotFound
from tests.bus import toy
from tests.bus.history import a_timer, an_inbox_row, an_outbox_row, fill
from tests.harness import Bus

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
BODY = '{"subject": "I-1", "data": {"order_no": "W-1", "content": "三号楼张三，电话13800000000"}}'.encode()
STUCK = "deliberation:1"
REQUESTS = {
    "get_state": {},
    "list_stuck": {},
    "get_stuck": {"stuck_id": STUCK},
    "retry_stuck": {"stuck_id": STUCK, "idempotency_key": "k1"},
    "retry_all_stuck": {"type": "open", "idempotency_key": "k1"},
    "drop_stuck": {"stuck_id": STUCK, "reason": "a test", "idempotency_key": "k1"},
}


@pytest.fixture
def bus(database):
    """With one event that is parked, one that waits behind it, a parked timer, and what the broker would not take."""
    engine, since = toy.make_database(), datetime.now(UTC)
    kept = {"body": BODY, "received_at": since, "subject": "I-1", "error": "boom", "attempts": 5}
    fill(engine, toy.bus.inbox, [an_inbox_row(1, None, "parked", **kept)])
    fill(engine, toy.bus.inbox, [an_inbox_row(2, None, "waiting", **kept)])
    fill(engine, toy.bus.timers, [a_timer(1, None) | {"parked_at": since, "error": "boom", "due_at": NOW}])
    fill(engine, toy.bus.outbox, [an_outbox_row(1, None, set_aside_at=since, error="too large")])
    yield Bus(engine, toy.ToyService, NOW)
    engine.dispose()


def ask(bus, method, **asked):
    return bus.ask(method, REQUESTS[method] | asked, Role.OPERATOR)


def stuck(bus):
    return [one["stuck_id"] for one in ask(bus, "list_stuck")["stuck"]]


def test_it_says_how_it_stands(bus):
    state = ask(bus, "get_state")

    assert (state["stuck"], state["waiting"], state["early"], state["unsent"]) == (3, 1, 0, 0)
    assert 0 <= state["oldest_waiting_seconds"] < 60
    assert state["version"].count(".") == 2


def test_everything_that_is_stuck_is_listed_with_what_waits_behind_it(bus):
    found = ask(bus, "list_stuck")

    assert [one["kind"] for one in found["stuck"]] == ["event", "timer", "unsent event"]
    assert (found["stuck"][0]["behind"], found["stuck"][0]["error"], found["total"]) == (1, "boom", 3)
    assert ask(bus, "list_stuck", most=1)["total"] == 3


def test_what_people_said_is_masked(bus):
    message = ask(bus, "get_stuck")["message"]

    assert '"W-1"' in message
    assert "张三" not in message
    assert "13800000000" not in message


@pytest.mark.parametrize("stuck_id", ["deliberation:1", "deliberation:open:S1", "deliberation:unsent-1"])
def test_what_is_tried_again_is_stuck_no_more(bus, stuck_id):
    ask(bus, "retry_stuck", stuck_id=stuck_id)

    assert stuck_id not in stuck(bus)
    with pytest.raises(NotFound):
        ask(bus, "retry_stuck", stuck_id=stuck_id, idempotency_key="k2")


@pytest.mark.parametrize("place", range(3))
def test_all_of_a_type_are_tried_again_at_once_and_nothing_else_is(bus, place):
    found = ask(bus, "list_stuck")
    chosen = found["stuck"][place]
    assert {"type": chosen["type"], "number": 1} in found["types"]

    assert ask(bus, "retry_all_stuck", type=chosen["type"]) == {"type": chosen["type"], "retried": 1}
    assert stuck(bus) == [one["stuck_id"] for one in found["stuck"] if one != chosen]
    assert ask(bus, "retry_all_stuck", type=chosen["type"], idempotency_key="k2")["retried"] == 0


@pytest.mark.parametrize("stuck_id", ["deliberation:1", "deliberation:open:S1", "deliberation:unsent-1"])
def test_what_is_dropped_keeps_who_did_it_and_why(bus, stuck_id):
    ask(bus, "drop_stuck", stuck_id=stuck_id)

    assert stuck_id not in stuck(bus)
    with bus.engine.connect() as connection:
        kept = [
            connection.scalars(table.select().with_only_columns(table.c.error)).all()
            for table in (toy.bus.inbox, toy.bus.timers, toy.bus.outbox)
        ]
    assert any("dropped by operator-1: a test" in (error or "") for errors in kept for error in errors)


def test_done_twice_with_one_key_is_done_once(bus):
    assert ask(bus, "drop_stuck") == ask(bus, "drop_stuck") == {"stuck_id": STUCK}
    with pytest.raises(Conflict):
        ask(bus, "drop_stuck", reason="another reason")


@pytest.mark.parametrize("reason", ["", "  "])
def test_nothing_is_dropped_without_a_reason(bus, reason):
    with pytest.raises(BadRequest) as refusal:
        ask(bus, "drop_stuck", reason=reason)

    assert "reason" in refusal.value.fields
    assert STUCK in stuck(bus)


def test_a_message_in_a_dead_queue_is_shown_and_mended_elsewhere(bus):
    fill(bus.engine, toy.bus.outbox, [an_outbox_row(2, NOW, exchange="", routing_key="deliberation.dead", error=None)])
    (dead,) = [one for one in ask(bus, "list_stuck")["stuck"] if one["kind"] == "message"]

    assert (dead["can_be_mended"], ask(bus, "get_state")["dead"]) == (False, 1)
    for method in ("retry_stuck", "drop_stuck"):
        with pytest.raises(BadRequest):
            ask(bus, method, stuck_id=dead["stuck_id"])


@pytest.mark.parametrize("method", REQUESTS)
def test_it_is_for_operators_alone(bus, method):
    for role in set(Role) - {Role.OPERATOR}:
        unit, office = None if role in SYSTEMS - {Role.STREET_SYSTEM} else "110105", "" if role in SYSTEMS else "ORG-1"
        token = issue_token("somebody", role, unit, organisation=office, lifetime=timedelta(minutes=1))
        (refusal,) = bus.ask_by(token, [(method, REQUESTS[method])])
        assert isinstance(refusal, NotAllowed)
    with pytest.raises(NotAuthenticated):
        bus.ask(method, REQUESTS[method], None)


def test_these_are_all_of_them_and_no_service_has_calls_of_its_own_by_their_names():
    names = {one.name for one in operating.METHODS}

    assert names == set(REQUESTS)
    for service in SERVICES:
        module = importlib.import_module(f"services.{service}.service")
        assert not [one for one in vars(module).values() if isinstance(one, type) and names & set(vars(one))]
