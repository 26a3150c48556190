"""One process at a time publishes for a database; one that is frozen or cut off is replaced, and can't come between."""

import signal
import time
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from shared.bus.outbox.lease import LEASE_SECONDS, LeaseLost, lease
from shared.bus.outbox.rows import MARK_SENT
from shared.bus.outbox.sending import AT_ONCE
from shared.storage.engine import make_engine
from tests.bus import toy
from tests.bus.conftest import Toy, wait_until

MANY = 10_000
TAKEOVER_SECONDS = 15
CONSUMER_TAKEOVER_SECONDS = 30

on_postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@pytest.fixture
def engines(database):
    """Of two processes."""
    toy.make_database()
    both = [make_engine("deliberation", database) for _ in range(2)]
    yield both
    for engine in both:
        engine.dispose()


def run(engine, statement):
    with engine.begin() as connection:
        return connection.execute(text(statement))


def mark_sent(held, position):
    held.change(MARK_SENT, {"positions": [position], "now": datetime.now(UTC)})


def unsent(engine):
    with engine.connect() as connection:
        return connection.scalar(text("SELECT count(*) FROM outbox WHERE sent_at IS NULL"))


def test_one_process_has_the_lease_and_the_next_gets_it_as_soon_as_it_is_given_up(engines):
    first, second = engines
    with lease("deliberation", first) as held, lease("deliberation", second) as other:
        assert (held is not None, other) == (True, None)
    with lease("deliberation", second) as other:
        assert other is not None


def test_who_has_the_lease_marks_what_was_sent(engines):
    toy.announce(engines[0], 2)
    with lease("deliberation", engines[0]) as held:
        mark_sent(held, 1)
    assert unsent(engines[1]) == 1


@on_postgresql
def test_a_lease_that_was_not_renewed_is_taken_and_who_had_it_marks_nothing_more(engines):
    first, second = engines
    toy.announce(first, 1)
    with lease("deliberation", first) as held:
        run(second, "UPDATE leases SET expires_at = now() - interval '1 second'")
        with lease("deliberation", second) as other:
            with pytest.raises(LeaseLost):
                mark_sent(held, 1)
            assert unsent(second) == 1
            mark_sent(other, 1)
            assert unsent(second) == 0


@on_postgresql
def test_the_lease_of_a_session_that_has_ended_is_taken_at_once(engines):
    first, second = engines
    with lease("deliberation", first):
        run(second, "SELECT pg_terminate_backend(holder::int, 5000) FROM leases")
        with lease("deliberation", second) as other:
            assert other is not None


@on_postgresql
def test_marking_what_was_sent_renews_the_lease(engines):
    first, second = engines
    toy.announce(first, 1)
    with lease("deliberation", first) as held:
        run(second, "UPDATE leases SET expires_at = now() - interval '1 second'")
        mark_sent(held, 1)
        with lease("deliberation", second) as other:
            assert other is None


@on_postgresql
def test_a_lease_that_a_clock_moved_far_into_the_future_keeps_nobody_out(engines):
    first, second = engines
    with lease("deliberation", first):
        run(second, "UPDATE leases SET expires_at = now() + interval '1 day'")
        with lease("deliberation", second) as other:
            assert other is not None


@pytest.fixture
def second_toy(resting_toy):
    second = Toy(resting_toy.engine, resting_toy.uri)
    yield second
    if second.process is not None:
        second.kill()


@on_postgresql
def test_a_frozen_process_is_replaced_and_comes_between_no_more_when_it_wakes(running_toy, second_toy):
    first = running_toy
    wait_until(lambda: first.count(toy.bus.leases), "the first one at work")
    second_toy.start()
    wait_until(lambda: first.consumers() == 2, "the second one standing by")
    toy.announce(first.engine, MANY)
    wait_until(lambda: first.unsent() < MANY, "the first ones sent")
    first.signal(signal.SIGSTOP)
    frozen_at, left = time.monotonic(), first.unsent()
    first.publish(toy.scheduled("S1"))
    wait_until(lambda: first.unsent() < left, "more sent by the other", TAKEOVER_SECONDS)
    wait_until(lambda: first.unsent() == 0, "all the rest sent by the other")
    wait_until(lambda: first.opened() == 1, "an event handled by the other", CONSUMER_TAKEOVER_SECONDS)
    taken_over = first.column(toy.bus.leases.c.fence)
    first.signal(signal.SIGCONT)
    wait_until(lambda: first.consumers() == 2, "the first one back")
    toy.announce(first.engine, 10, start=MANY)
    wait_until(lambda: first.unsent() == 0, "what came later sent")

    assert time.monotonic() - frozen_at > LEASE_SECONDS
    assert first.column(toy.bus.leases.c.fence) == taken_over
    heard = [message.properties["message_id"] for message in first.drain("councils.inbox", MANY + 11)]
    announced = first.column(toy.bus.outbox.c.event_id)
    assert set(heard) == set(announced)
    assert len(heard) - len(announced) <= AT_ONCE
    assert list(dict.fromkeys(heard)) == announced
