"""Timers fire once when due, on the running clock and step by step on the stepped one."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from shared.bus.inbox import progress
from shared.bus.moment import Moments
from shared.bus.tables import EventStatus
from shared.bus.timers import firing as firing_module
from shared.bus.timers.firing import Firing
from shared.bus.timers.patience import Patience
from shared.bus.work import reading as looking
from shared.bus.work import transaction
from shared.clock import RealClock, SteppedClock
from tests.bus import toy
from tests.bus.conftest import Toy

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
timers = toy.bus.timers


@pytest.fixture
def one(database):
    one = Toy(toy.make_database(), "")
    yield one
    one.engine.dispose()


def begin_on(one):
    def begin(*, reads=False, cause=None):
        return looking(one.engine, toy.ToyStore) if reads else transaction(one.engine, toy.ToyStore, cause=cause)

    return begin


def firing_of(one, method=toy.ToyService.open_at_last):
    return Firing("deliberation", begin_on(one), toy.ToyService, {"open": method}, Moments(RealClock()))


def set_timers(one, *sessions, due_at=NOW):
    with begin_on(one)() as work:
        for session in sessions:
            work.timers.set("open", f"{session}@I-1", due_at)


def test_a_timer_fires_when_it_is_due_and_only_once(one):
    set_timers(one, "S1")
    firing = firing_of(one)
    assert firing.fire_due(NOW - timedelta(seconds=1)) == 0
    assert firing.fire_due(NOW) == 1
    assert firing.fire_due(NOW + timedelta(days=1)) == 0
    assert one.column(toy.opened.c.session_id) == ["S1"]


def test_a_timer_set_again_moves_and_a_cancelled_one_never_fires(one):
    set_timers(one, "S1", "S2")
    set_timers(one, "S1", due_at=NOW + timedelta(hours=1))
    with begin_on(one)() as work:
        work.timers.cancel("open", "S2@I-1")
    assert one.column(timers.c.due_at) == [NOW + timedelta(hours=1)]
    assert firing_of(one).fire_due(NOW) == 0
    assert firing_of(one).fire_due(NOW + timedelta(hours=1)) == 1


def test_a_timer_that_fires_leaves_others_of_the_same_subject_and_of_the_same_kind_alone(one):
    with begin_on(one)() as work:
        for kind, ref, due_at in (
            ("close", "S1@I-1", LATER), ("open", "S1@I-1", NOW), ("open", "S2@I-1", LATER), ("remind", "S1@I-1", LATER)
        ):  # fmt: skip
            work.timers.set(kind, ref, due_at)
    fired = []
    methods = dict.fromkeys(("close", "open", "remind"), lambda _, due, *__: fired.append((due.kind, due.ref)))
    firing = Firing("deliberation", begin_on(one), toy.ToyService, methods, Moments(RealClock()))

    assert (firing.fire_due(NOW), fired) == (1, [("open", "S1@I-1")])
    assert firing.fire_due(LATER) == 3
    assert fired[1:] == [("close", "S1@I-1"), ("open", "S2@I-1"), ("remind", "S1@I-1")]


def test_timers_fire_in_the_order_of_instant_kind_and_reference(one):
    set_timers(one, "S3", "S1", "S2")
    set_timers(one, "S0", due_at=NOW + timedelta(minutes=1))
    firing_of(one).fire_due(NOW + timedelta(hours=1))
    assert one.column(toy.opened.c.session_id) == ["S1", "S2", "S3", "S0"]


def test_a_failing_timer_is_parked_after_its_attempts_and_the_others_fire(one):
    def fail_for_s1(service, due, work, at):
        if due.ref.startswith("S1@"):
            raise ValueError("no")
        toy.ToyService.open_at_last(service, due, work, at)

    set_timers(one, "S1", "S2")
    firing = firing_of(one, fail_for_s1)
    for _ in range(7):
        firing.fire_due(NOW)
        with one.engine.begin() as connection:
            connection.execute(timers.update().values(next_attempt_at=None))
    assert one.column(toy.opened.c.session_id) == ["S2"]
    assert one.column(timers.c.attempts, timers.c.parked_at.is_not(None)) == [5]


def test_a_database_that_is_away_for_a_moment_costs_a_timer_no_attempt(one):
    def find_no_database(service, due, work, at):
        raise OperationalError("SELECT 1", {}, Exception("the database is away"))

    set_timers(one, "S1")
    with pytest.raises(OperationalError):
        firing_of(one, find_no_database).fire_due(NOW)
    assert one.column(timers.c.attempts) == [0]
    assert firing_of(one).fire_due(NOW) == 1


def test_a_timer_that_always_runs_into_a_time_limit_stops_no_other(one):
    def time_out_for_s1(service, due, work, at):
        if due.ref.startswith("S1@"):
            raise OperationalError("SELECT 1", {}, psycopg.errors.QueryCanceled("statement timeout"))
        toy.ToyService.open_at_last(service, due, work, at)

    set_timers(one, "S1", "S2", "S3")
    firing = firing_of(one, time_out_for_s1)
    for _ in range(2):
        with pytest.raises(OperationalError):
            firing.fire_due(NOW)
    assert firing.fire_due(NOW) == 2
    assert one.column(timers.c.attempts, timers.c.fired_at.is_(None)) == [1]


def test_a_timer_that_fired_elsewhere_meanwhile_is_not_counted_as_failed(one):
    elsewhere = firing_of(one)

    def fail_slowly(service, due, work, at):
        raise ValueError("no")

    @contextmanager
    def begin(*, reads=False, cause=None):
        try:
            with begin_on(one)(reads=reads, cause=cause) as work:
                yield work
        except ValueError:
            elsewhere.fire_due(NOW)
            raise

    set_timers(one, "S1")
    Firing("deliberation", begin, toy.ToyService, {"open": fail_slowly}, Moments(RealClock())).fire_due(NOW)
    assert (one.opened(), one.column(timers.c.attempts), one.column(timers.c.error)) == (1, [0], [None])


def test_on_the_stepped_clock_what_is_set_during_a_step_fires_in_the_next(one, tmp_path):
    def open_and_set_again(service, due, work, at):
        toy.ToyService.open_at_last(service, due, work, at)
        if due.ref == "S1@I-1":
            work.timers.set("open", "S2@I-1", due.due_at)

    clock = SteppedClock(tmp_path / "clock.json", NOW)
    firing = firing_of(one, open_and_set_again)
    set_timers(one, "S1")
    firing.fire_step(clock)
    firing.fire_step(clock)
    assert one.opened() == 1
    clock.move(NOW)
    firing.fire_step(clock)
    assert one.opened() == 2
    assert one.column(toy.bus.sweeps.c.step) == [1]


class Watch:
    """Counts the seconds it is told."""

    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        return self.seconds


def heard_until(one, instant):
    progress.note(begin_on(one), "deliberation", instant)


def keep_an_event(one, issue_id, status):
    row = {"event_id": f"e-{issue_id}", "type": "session_scheduled.v1", "subject": issue_id, "status": status}
    with one.engine.begin() as connection:
        connection.execute(toy.bus.inbox.insert().values(**row, received_at=NOW, attempts=0))


def test_a_timer_waits_until_all_that_the_inbox_held_when_it_was_due_is_committed(one):
    set_timers(one, "S1")
    firing, patience = firing_of(one), Patience(Watch())
    assert firing.fire_due(NOW, patience) == 0
    heard_until(one, NOW - timedelta(seconds=1))
    assert (firing.fire_due(NOW, patience), firing.has_due(NOW)) == (0, True)
    heard_until(one, NOW)
    assert firing.fire_due(NOW, patience) == 1


@pytest.mark.parametrize("status", [EventStatus.EARLY, EventStatus.WAITING, EventStatus.PARKED])
def test_a_timer_waits_for_kept_events_of_its_subject_and_for_no_others(one, status):
    with begin_on(one)() as work:
        work.timers.set("open", "S1@I-1", NOW, subject="I-1")
        work.timers.set("open", "S2@I-2", NOW, subject="I-2")
    keep_an_event(one, "I-1", status)
    heard_until(one, NOW)
    firing, patience = firing_of(one), Patience(Watch())
    assert firing.fire_due(NOW, patience) == 1
    assert one.column(toy.opened.c.session_id) == ["S2"]
    with one.engine.begin() as connection:
        connection.execute(toy.bus.inbox.update().values(status=EventStatus.HANDLED))
    assert firing.fire_due(NOW, patience) == 1


def test_a_timer_waits_a_minute_at_most_counted_from_when_it_was_seen_due(one):
    set_timers(one, "S1")
    set_timers(one, "S2", due_at=NOW + timedelta(seconds=30))
    watch = Watch()
    firing, patience = firing_of(one), Patience(watch)
    seen = []
    for second in range(0, 100, 10):
        watch.seconds, now = second, NOW + timedelta(seconds=second)
        if not firing.fire_due(now, patience):
            patience.note_waiting(now)
        seen.append(one.opened())
    assert seen == [0, 0, 0, 0, 0, 0, 1, 1, 1, 2]


def test_how_far_was_read_on_a_clock_that_ran_ahead_is_not_believed(one):
    set_timers(one, "S1")
    heard_until(one, NOW + timedelta(days=1))
    assert firing_of(one).fire_due(NOW, Patience(Watch())) == 0


def test_what_an_error_quotes_is_not_kept_with_a_timer_that_failed(one):
    def quote(_service, due, _work, _at):
        raise ValueError(f"nobody opens {due.ref}")

    set_timers(one, "S1")
    firing_of(one, quote).fire_due(NOW)
    (error,) = one.column(timers.c.error)
    assert error.startswith("ValueError: nobody opens *** (tests/bus/test_timers.py:")


def test_of_slow_timers_no_more_are_fired_in_one_transaction_than_it_may_last(one, monkeypatch):
    """Nothing else of the service is written meanwhile, and its connections must show that they live."""
    now, breaths = [0.0], []
    monkeypatch.setattr(firing_module.time, "perf_counter", lambda: now[0])
    monkeypatch.setattr(firing_module.time, "sleep", breaths.append)

    def be_slow(_service, _due, _work, _at):
        now[0] += 0.1

    set_timers(one, *(f"S{n}" for n in range(20)))
    firing = firing_of(one, be_slow)
    assert [firing.fire_due(NOW) for _ in range(3)] == [10, 2, 2]
    assert breaths == [0] * 3


def test_of_quick_timers_more_and_more_are_fired_together(one):
    set_timers(one, *(f"S{n}" for n in range(400)))
    firing = firing_of(one, lambda *_: None)
    assert [firing.fire_due(NOW) for _ in range(6)] == [10, 20, 40, 80, 160, 90]
