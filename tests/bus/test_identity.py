"""Source and id say which event it is: the same data again is a repeat, other data is refused and told."""

import json

import pytest

from shared.bus.inbox.handling import EventHandling
from shared.bus.inbox.reading import Delivery, read
from shared.bus.moment import Moments
from shared.bus.stuck import list_stuck
from shared.bus.work import reading as looking
from shared.bus.work import transaction
from shared.clock import RealClock
from shared.contracts.envelope import CONTENT_TYPE
from shared.sealing import opened
from tests.bus import toy
from tests.bus.conftest import Toy, body_of, wait_until

inbox, outbox = toy.bus.inbox, toy.bus.outbox


@pytest.fixture
def one(database):
    one = Toy(toy.make_database(), "")
    yield one
    one.engine.dispose()


@pytest.fixture
def refusals():
    return []


@pytest.fixture
def handling(one, refusals):
    class Telling(toy.ToyService):
        def refuse(self, fault, work, at):
            refusals.append(fault)

    def begin(*, reads=False, cause=None):
        return looking(one.engine, toy.ToyStore) if reads else transaction(one.engine, toy.ToyStore, cause=cause)

    return EventHandling("deliberation", begin, Telling, {"session_scheduled.v1": Telling.open}, Moments(RealClock()))


def message(session_id, event_id="e1", source="/councils", mend=lambda body: body):
    wire = json.loads(body_of(toy.scheduled(session_id), event_id)) | {"source": source}
    instants = ("starts_at", "scheduled_at", "lapses_at")
    wire["data"] |= dict.fromkeys(instants, "2026-03-02T01:00:00+00:00")
    body = mend(json.dumps(wire).encode())
    return read(Delivery(1, 1, body, CONTENT_TYPE, "", "", {}), {"session_scheduled.v1"})


def test_the_same_data_again_is_a_repeat_however_it_is_written(one, handling, refusals):
    turned = json.loads(message("S1").body)
    turned["data"] = dict(reversed(turned["data"].items()))
    handling.handle([message("S1")])
    handling.handle([message("S1", mend=lambda body: json.dumps(turned, indent=1).encode())])
    assert (one.opened(), one.count(inbox), refusals) == (1, 1, [])


@pytest.mark.parametrize("together", [True, False])
def test_other_data_under_a_used_id_is_refused_once_by_the_name_of_the_field(one, handling, refusals, together):
    first, other = message("S1"), message("S2")
    batches = [[first, other]] if together else [[first], [other]]
    for batch in [*batches, [other]]:
        handling.handle(batch)
    assert one.column(toy.opened.c.session_id) == ["S1"]
    assert [(fault.reason, list(fault.fields), fault.message_id) for fault in refusals] == [("id_reused", ["id"], "e1")]
    (dead,) = one.column(outbox.c.body, outbox.c.routing_key == "deliberation.dead")
    assert opened(dead) == other.body
    assert [found.error.partition(":")[0] for found in list_stuck("deliberation", one.engine)] == ["id_reused"]


def test_a_refused_one_holds_up_neither_its_subject_nor_the_batch(one, handling):
    handling.handle([message("S1"), message("S2"), message("S3", "e3")])
    assert one.column(toy.opened.c.session_id) == ["S1", "S3"]


def test_the_same_id_from_another_source_is_another_event(one, handling, refusals):
    handling.handle([message("S1"), message("S2", source="/somebody")])
    assert (one.opened(), refusals) == (2, [])
    assert sorted(one.column(inbox.c.source)) == ["councils", "somebody"]


def test_what_an_earlier_version_received_is_known_by_its_id_alone(one, handling, refusals):
    handling.handle([message("S1")])
    with one.engine.begin() as connection:
        connection.execute(inbox.update().values(source="", data_sha256=None))
    handling.handle([message("S1"), message("S2")])
    assert (one.opened(), one.count(inbox), refusals) == (1, 1, [])


def test_numbers_that_no_other_program_reads_are_data_all_the_same(one, handling, refusals):
    def with_number(number):
        return message("S1", mend=lambda body: body.replace(b'"data": {', b'"data": {"extra": %d, ' % number))

    handling.handle([with_number(10**30), with_number(10**30), with_number(10**31)])
    assert (one.opened(), len(refusals)) == (1, 1)


def test_on_a_broker_other_data_under_a_used_id_lies_in_the_dead_queue_with_the_reason(running_toy):
    first, other, last = (body_of(toy.scheduled(name), event_id) for name, event_id in zip("ABC", "112", strict=True))
    running_toy.publish_bodies([("session_scheduled.v1", body) for body in (first, other, last)])
    wait_until(lambda: running_toy.is_idle(2), "two sessions opened")
    (dead,) = running_toy.drain("deliberation.dead", 1)
    assert (opened(bytes(dead.body)), dead.headers["reason"]) == (other, "id_reused")
    assert running_toy.column(toy.opened.c.session_id) == ["A", "C"]
