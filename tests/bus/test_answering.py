"""Commands that wait together share a transaction and nothing else: each has its own effect, refusal and reply."""

from datetime import UTC, datetime

import pytest
from nameko.exceptions import MethodNotFound
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from shared.auth import Role
from shared.errors import BadRequest, Conflict, NotAllowed, Refused
from tests.bus import toy
from tests.harness import Bus

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


@pytest.fixture
def bus(database):
    engine = toy.make_database()
    yield Bus(engine, toy.ToyService, NOW)
    engine.dispose()


def opening(session_id, key=""):
    return "open_by_hand", {"session_id": session_id, "issue_id": "I-1", "idempotency_key": key or session_id}


def ask_all(bus, *calls):
    return bus.ask_all(list(calls), Role.STREET_SYSTEM, "110105")


def opened(bus):
    with bus.engine.connect() as connection:
        return list(connection.scalars(toy.opened.select().with_only_columns(toy.opened.c.session_id)))


def test_what_waits_together_is_committed_once_and_answered_in_order(bus):
    commits = []
    event.listen(bus.engine, "commit", lambda _: commits.append(1))

    answers = ask_all(bus, *(opening(f"S{number}") for number in range(5)))

    assert answers == [{"count": number} for number in range(1, 6)]
    assert opened(bus) == ["S0", "S1", "S2", "S3", "S4"]
    assert bus.told() == ["session_opened.v1"] * 5
    assert len(commits) == 1


@pytest.mark.parametrize("bad", ["forbidden", "broken"])
def test_one_that_is_refused_or_fails_leaves_no_trace_and_touches_no_other(bus, bad):
    first, refusal, last = ask_all(bus, opening("S1"), opening(bad), opening("S2"))

    assert (first, last) == ({"count": 1}, {"count": 2})
    assert isinstance(refusal, Refused if bad == "forbidden" else RuntimeError)
    assert opened(bus) == ["S1", "S2"]
    assert bus.told() == ["session_opened.v1"] * 2


def test_a_request_that_is_no_object_is_refused_as_a_whole(bus):
    (refusal,) = ask_all(bus, ("open_by_hand", ["S1"]))

    assert isinstance(refusal, BadRequest)
    assert list(refusal.fields) == ["request"]


def test_a_text_that_no_event_could_carry_on_is_refused_by_field_and_leaves_no_trace(bus):
    refusal, last = ask_all(bus, opening("S\0"), opening("S\\u0000"))

    assert isinstance(refusal, BadRequest)
    assert refusal.fields == {"session_id": ["Must not contain NUL characters or halves of surrogate pairs."]}
    assert last == {"count": 1}
    assert opened(bus) == ["S\\u0000"]


def test_a_refusal_that_keeps_its_work_keeps_it(bus):
    refusal, last = ask_all(bus, opening("kept"), opening("S2"))

    assert isinstance(refusal, toy.KeptRefusal)
    assert last == {"count": 2}


def test_the_same_key_twice_among_those_that_wait_has_one_effect(bus):
    first, again, other = ask_all(bus, opening("S1", "k"), opening("S1", "k"), opening("S2", "k"))

    assert first == again == {"count": 1}
    assert isinstance(other, Conflict)
    assert opened(bus) == ["S1"]


def test_a_key_that_was_answered_before_gets_the_same_reply_among_others(bus):
    ask_all(bus, opening("S1"))

    assert ask_all(bus, opening("S2"), opening("S1")) == [{"count": 2}, {"count": 1}]


def test_where_the_database_refuses_one_the_others_are_done_by_themselves(bus):
    ask_all(bus, opening("S1", "k-1"))

    first, twice, last = ask_all(bus, opening("S2"), opening("S1", "k-2"), opening("S3"))

    assert (first, last) == ({"count": 2}, {"count": 3})
    assert isinstance(twice, Exception)
    assert opened(bus) == ["S1", "S2", "S3"]


def test_trouble_that_passes_is_tried_again(bus):
    troubles = [OperationalError("COMMIT", {}, Exception("gone away"))]

    def fail_once(_connection):
        if troubles:
            raise troubles.pop()

    event.listen(bus.engine, "commit", fail_once)
    answers = ask_all(bus, opening("S1"), opening("S2"))

    assert answers == [{"count": 1}, {"count": 2}]
    assert opened(bus) == ["S1", "S2"]


def test_who_may_not_ask_or_asks_for_what_is_not_there_is_told_beside_those_who_may(bus):
    unknown, good, malformed = ask_all(bus, ("close", {}), opening("S1"), ("open_by_hand", {"issue_id": "I-1"}))
    (stranger,) = bus.ask_all([opening("S2")], Role.HOTLINE, "110105")

    assert isinstance(unknown, MethodNotFound)
    assert good == {"count": 1}
    assert "session_id" in malformed.fields
    assert isinstance(stranger, NotAllowed)
