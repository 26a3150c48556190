"""A service that was away does first what waited for it, and only then what fell due meanwhile. On a real broker."""

import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.bus.connection import broker_connection
from shared.bus.work import transaction
from tests.bus import toy
from tests.bus.conftest import Toy, wait_until

MANY = 300
LARGE = 400


def set_timer(one: Toy, session_id: str, due_at: datetime) -> None:
    with transaction(one.engine, toy.ToyStore) as work:
        work.timers.set("open", f"{session_id}@I-1", due_at)


def a_minute_ago() -> datetime:
    return datetime.now(UTC) - timedelta(minutes=1)


def opened_last(one: Toy) -> str:
    return one.column(toy.opened.c.session_id)[-1]


on_postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


def readers_of(queue: str, one: Toy) -> int:
    with broker_connection(one.uri) as connection:
        return int(connection.channel().queue_declare(queue, passive=True).consumer_count)


def test_what_waited_in_the_queue_is_done_before_a_timer_that_fell_due_meanwhile(resting_toy):
    resting_toy.publish(*(toy.scheduled(f"S{n}") for n in range(MANY)))
    set_timer(resting_toy, "due", a_minute_ago())
    resting_toy.start()
    wait_until(lambda: resting_toy.opened() == MANY + 1, "everything done")
    assert opened_last(resting_toy) == "due"


def test_the_same_after_a_kill_in_the_middle_of_the_backlog(resting_toy):
    resting_toy.publish(*(toy.scheduled(f"S{n}") for n in range(MANY)))
    resting_toy.start()
    wait_until(lambda: resting_toy.opened() > 0, "some work done")
    resting_toy.kill()
    resting_toy.publish(*(toy.scheduled(f"T{n}") for n in range(MANY)))
    set_timer(resting_toy, "due", a_minute_ago())
    resting_toy.start()
    wait_until(lambda: resting_toy.opened() == 2 * MANY + 1, "everything done")
    assert opened_last(resting_toy) == "due"


def test_with_nothing_waiting_a_timer_fires_within_a_moment(running_toy):
    due_at = datetime.now(UTC) + timedelta(seconds=1)
    set_timer(running_toy, "due", due_at)
    wait_until(lambda: running_toy.opened() == 1, "the timer fired", 10)
    assert datetime.now(UTC) >= due_at


@on_postgresql
def test_a_copy_that_reads_nothing_fires_nothing_before_the_one_that_reads(resting_toy):
    resting_toy.start()
    resting_toy.publish(toy.scheduled("S0"))
    wait_until(lambda: resting_toy.opened() == 1, "it reads")
    reader, standby = resting_toy.process, Toy(resting_toy.engine, resting_toy.uri)
    reader.send_signal(signal.SIGSTOP)
    resting_toy.publish(*(toy.scheduled(f"T{n}") for n in range(MANY)))
    set_timer(resting_toy, "due", a_minute_ago())
    standby.environment = resting_toy.environment
    standby.start()
    try:
        wait_until(lambda: readers_of("rpc-deliberation", resting_toy) == 2, "the standby stands by")
        resting_toy.kill()
        wait_until(lambda: resting_toy.opened() == MANY + 2, "the standby took over")
        assert opened_last(resting_toy) == "due"
    finally:
        standby.kill()


@on_postgresql
def test_of_large_messages_no_more_are_taken_in_than_the_bound_allows(resting_toy):
    """The bound is held before any database is asked."""
    resting_toy.publish(*(toy.scheduled(f"S{n}", title="议" * 200_000) for n in range(LARGE)))
    resting_toy.environment |= {"GONGSHANG_INBOX_MEGABYTES": "4"}
    resting_toy.start()
    wait_until(lambda: resting_toy.opened() == LARGE, "everything done", 60)
    assert most_memory_of(resting_toy) < 250  # all of them at once would be 240 beside what the program itself takes


def most_memory_of(one: Toy) -> int:
    """In MiB, since its start."""
    lines = Path(f"/proc/{one.process.pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) // 1024
