"""Killed, cut off, stopped: whatever happens in between, every event has its effect once."""

import pytest

from shared.settings import settings
from tests.bus import toy
from tests.bus.conftest import Toy, wait_until
from tests.databases import runs_on

MANY = 600


def effects_are_exactly(one: Toy, count: int) -> None:
    wait_until(lambda: one.is_idle(count), f"{count} sessions opened and published", 60)
    assert one.count(toy.bus.outbox) == count
    assert len({message.properties["message_id"] for message in one.drain("councils.inbox", count)}) == count
    assert one.drain("deliberation.dead") == []


def test_events_published_while_the_service_is_down_are_handled_when_it_comes(resting_toy):
    published = [f"S{n}" for n in range(50)]
    resting_toy.publish(*map(toy.scheduled, published))
    assert resting_toy.opened() == 0
    resting_toy.start()
    effects_are_exactly(resting_toy, 50)
    assert sorted(resting_toy.column(toy.opened.c.session_id)) == sorted(published)


def test_a_service_killed_again_and_again_loses_and_doubles_nothing(resting_toy):
    resting_toy.publish(*(toy.scheduled(f"S{n}", f"I-{n % 50}") for n in range(MANY)))
    for share in (0.1, 0.4, 0.7):
        resting_toy.start()
        wait_until(lambda share=share: resting_toy.opened() >= MANY * share, f"{share} of the work done")
        resting_toy.kill()
    resting_toy.start()
    effects_are_exactly(resting_toy, MANY)
    for issue in ("I-0", "I-49"):
        in_order = resting_toy.column(toy.opened.c.session_id, toy.opened.c.issue_id == issue)
        assert in_order == sorted(in_order, key=lambda name: int(name[1:]))


@pytest.mark.parametrize("database", runs_on(), indirect=True)
def test_a_broker_killed_in_the_middle_changes_nothing(running_toy, broker):
    running_toy.publish(*(toy.scheduled(f"S{n}", f"I-{n % 50}") for n in range(MANY)))
    wait_until(lambda: running_toy.opened() > MANY / 10, "some work done")
    broker.kill()
    broker.start()
    effects_are_exactly(running_toy, MANY)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_service_whose_own_broker_is_started_again_goes_on_once_it_is_told_where(resting_toy, broker):
    """`up` takes the address away while the broker is down: it may come again on another port."""
    address = settings().var_folder / "broker" / "uri"
    address.parent.mkdir(parents=True, exist_ok=True)
    address.write_text(broker.uri)
    resting_toy.environment["AMQP_URI"] = ""
    resting_toy.start()
    resting_toy.publish(toy.scheduled("S1"))
    wait_until(lambda: resting_toy.opened() == 1, "the first session opened")
    address.unlink()
    broker.kill()
    broker.start()
    wait_until(lambda: resting_toy.consumers() == 0, "its connections lost")
    resting_toy.publish(toy.scheduled("S2"))
    address.write_text(broker.uri)
    effects_are_exactly(resting_toy, 2)
    assert resting_toy.process.poll() is None


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_database_killed_in_the_middle_changes_nothing(running_toy, postgres):
    running_toy.publish(*(toy.scheduled(f"S{n}", f"I-{n % 50}") for n in range(MANY)))
    wait_until(lambda: running_toy.opened() > MANY / 10, "some work done")
    postgres.kill()
    postgres.start()
    running_toy.engine.dispose()
    effects_are_exactly(running_toy, MANY)


def test_a_graceful_stop_finishes_the_batch_and_gives_back_the_rest(running_toy):
    running_toy.publish(*(toy.scheduled(f"S{n}", f"I-{n % 50}") for n in range(MANY)))
    wait_until(lambda: running_toy.opened() > 0, "some work done")
    assert running_toy.stop() == 0
    wait_until(
        lambda: running_toy.queue_length("deliberation.inbox") + running_toy.opened() == MANY, "the rest given back"
    )
    running_toy.start()
    effects_are_exactly(running_toy, MANY)


def test_without_the_outbox_a_kill_loses_events_and_this_test_can_tell(resting_toy):
    """The negative control: the checker itself is proven by a switch that must make it report losses."""
    resting_toy.environment["GONGSHANG_OUTBOX"] = "off"
    resting_toy.publish(*(toy.scheduled(f"S{n}", f"I-{n % 50}") for n in range(MANY)))
    for share in (0.1, 0.4, 0.7):
        resting_toy.start()
        wait_until(lambda share=share: resting_toy.opened() >= MANY * share, f"{share} of the work done")
        resting_toy.kill()
    resting_toy.start()
    wait_until(lambda: resting_toy.opened() == MANY, "all sessions opened")
    resting_toy.stop()
    told = {message.properties["message_id"] for message in resting_toy.drain("councils.inbox")}
    assert len(told) < MANY
