"""How long a repeat is known: what is older goes in bounded bites, nothing younger, and the books still balance."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, func, select, update

from shared.bus.forgetting import bites
from shared.bus.forgetting import sweep as sweeping
from shared.bus.forgetting.sweep import Forgetting
from shared.bus.log.reading import segments_of
from shared.bus.moment import Moments
from shared.clock import RealClock
from shared.settings import settings
from tests.bus import toy
from tests.bus.conftest import Toy, wait_until
from tests.bus.history import NOW, a_reply, a_timer, ago, an_inbox_row, an_outbox_row, announce, fill

inbox, outbox, timers, replies = toy.bus.inbox, toy.bus.outbox, toy.bus.timers, toy.bus.replies
OLD, YOUNG = ago(days=40), ago(days=29)


@pytest.fixture
def one(database, monkeypatch):
    monkeypatch.setattr(bites, "MOST_ROWS", 10)
    one = Toy(toy.make_database(), "")
    yield one
    one.engine.dispose()


@pytest.fixture
def forgetting(one):
    return Forgetting("deliberation", one.engine, Moments(RealClock()))


def forget_all(forgetting):
    """Bite by bite until there is no more to do; says how many bites it took."""
    for number in range(100):
        if not any(forgetting.bite(NOW).values()):
            return number
    raise AssertionError("it never came to an end")


def test_the_promise_is_a_month_and_stands_in_the_policy():
    policy = Moments(RealClock()).now().policy.inbox
    assert (policy.known_for, policy.unreadable_kept) == (timedelta(days=30), timedelta(days=30))


def test_handled_events_are_known_as_long_as_promised_and_then_forgotten_with_their_number(one, forgetting):
    fill(one.engine, inbox, [an_inbox_row(number, OLD) for number in range(25)])
    fill(one.engine, inbox, [an_inbox_row(number, YOUNG) for number in range(25, 30)])
    forget_all(forgetting)
    assert one.column(inbox.c.event_id) == [f"e{number}" for number in range(25, 30)]
    forgotten = toy.bus.forgotten
    assert one.column(forgotten.c.number, forgotten.c.name == "inbox") == [25]


def test_a_bite_is_bounded(one, forgetting):
    fill(one.engine, inbox, [an_inbox_row(number, OLD) for number in range(25)])
    fill(one.engine, timers, [a_timer(number, OLD) for number in range(25)])
    fill(one.engine, replies, [a_reply(number, OLD) for number in range(25)])
    assert {name: took for name, took in forgetting.bite(NOW).items() if took} == {
        "inbox": 10,
        "timers": 10,
        "replies": 10,
    }
    assert [one.count(table) for table in (inbox, timers, replies)] == [15, 15, 15]


def test_what_is_not_done_stays_however_old_it_is_and_hides_nothing_behind_it(one, forgetting):
    kept = [an_inbox_row(number, None, "parked", body=b"{}") for number in range(30)]
    fill(one.engine, inbox, [*kept, *(an_inbox_row(number, OLD) for number in range(30, 40))])
    fill(one.engine, timers, [a_timer(1, None), a_timer(2, OLD)])
    forget_all(forgetting)
    assert one.column(inbox.c.status) == ["parked"] * 30
    assert one.column(timers.c.ref) == ["S1"]


def test_what_was_handled_late_is_known_from_then_on(one, forgetting):
    fill(one.engine, inbox, [an_inbox_row(1, YOUNG, received_at=OLD), an_inbox_row(2, OLD)])
    forget_all(forgetting)
    assert one.column(inbox.c.event_id) == ["e1"]
    with one.engine.begin() as connection:
        connection.execute(update(inbox).values(handled_at=OLD))
    forget_all(forgetting)
    assert one.count(inbox) == 0


def test_what_was_given_up_goes_like_what_was_handled(one, forgetting):
    fill(one.engine, inbox, [an_inbox_row(1, None, "dropped", body=b"{}", received_at=OLD)])
    forget_all(forgetting)
    assert one.count(inbox) == 0


def test_fired_timers_and_given_replies_go_when_they_are_old(one, forgetting):
    fill(one.engine, timers, [a_timer(1, OLD), a_timer(2, YOUNG), a_timer(3, None)])
    fill(one.engine, replies, [a_reply(1, OLD), a_reply(2, YOUNG)])
    forget_all(forgetting)
    assert one.column(timers.c.ref) == ["S2", "S3"]
    assert one.column(replies.c.idempotency_key) == ["k2"]


def test_copies_of_unreadable_messages_go_when_they_were_kept_long_enough(one, forgetting):
    unreadable = {"exchange": "", "routing_key": "deliberation.dead"}
    fill(one.engine, outbox, [an_outbox_row(1, OLD, **unreadable), an_outbox_row(2, YOUNG, **unreadable)])
    fill(one.engine, outbox, [an_outbox_row(3, None, **unreadable)])
    forget_all(forgetting)
    assert one.column(outbox.c.event_id) == ["e2", "e3"]


def test_how_often_a_call_came_back_goes_too(one, forgetting):
    returned = toy.bus.returned_calls
    fill(
        one.engine,
        returned,
        [{"mark": mark * 64, "times": 1, "begun_at": at} for mark, at in (("a", OLD), ("b", YOUNG))],
    )
    forget_all(forgetting)
    assert one.column(returned.c.mark) == ["b" * 64]


def test_old_events_go_into_the_log(one, forgetting):
    announce(one.engine, 5, OLD)
    announce(one.engine, 2, YOUNG, first=6)
    forget_all(forgetting)
    assert [row.events for row in segments_of(one.engine)] == [5]
    assert one.count(outbox) == 2


def test_names_of_outsiders_are_summed_as_one(one, forgetting):
    fill(one.engine, inbox, [an_inbox_row(number, OLD, type=f"invented.{number}") for number in range(5)])
    forget_all(forgetting)
    assert one.column(toy.bus.forgotten.c.type) == ["other"]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # SQLite lets nobody else write meanwhile
def test_a_timer_that_is_set_anew_while_it_is_forgotten_fires_again(one):
    fill(one.engine, timers, [a_timer(1, OLD)])
    with one.engine.begin() as setting, one.engine.begin() as forgetting:
        setting.execute(update(timers).values(fired_at=None))
        assert bites.forget_timers(forgetting, fired_before=ago(days=30)) == 0
    assert one.column(timers.c.fired_at) == [None]


def test_when_nothing_is_old_a_look_is_a_few_short_statements(one, forgetting):
    fill(one.engine, inbox, [an_inbox_row(number, YOUNG) for number in range(25)])
    seen = []
    event.listen(one.engine, "before_cursor_execute", lambda *asked: seen.append(asked[2]))
    assert not any(forgetting.bite(NOW).values())
    asked = [one for one in seen if not one.startswith(("BEGIN", "PRAGMA"))]
    assert len(asked) <= 9, asked  # one for each kind, and one more for the log


def test_two_copies_forget_each_row_once(one):
    fill(one.engine, inbox, [an_inbox_row(number, OLD) for number in range(25)])
    copies = [Forgetting("deliberation", one.engine, Moments(RealClock())) for _ in range(2)]
    for _ in range(5):
        for copy in copies:
            copy.bite(NOW)
    with one.engine.connect() as connection:
        assert connection.scalar(select(func.sum(toy.bus.forgotten.c.number))) == 25
    assert one.count(inbox) == 0


class Container:
    """What the sweep needs of nameko's: a thread."""

    def spawn_managed_thread(self, run, identifier):
        thread = threading.Thread(target=run, name=identifier)
        thread.start()
        thread.wait = thread.join
        return thread


@pytest.fixture
def sweep(one, monkeypatch):
    """The sweep as it runs beside a service, in less time."""
    for pause in ("BITE_SECONDS", "REST_SECONDS"):
        monkeypatch.setattr(sweeping, pause, 0.01)
    sweep = sweeping.ForgettingSweep()
    sweep.container = Container()
    sweep.serve("deliberation", one.engine)
    yield sweep
    sweep.stop()


def test_beside_a_service_it_goes_on_bite_by_bite_until_nothing_old_is_left(one, sweep):
    fill(one.engine, timers, [a_timer(number, datetime(2020, 1, 1, tzinfo=UTC)) for number in range(25)])
    sweep.start()
    wait_until(lambda: one.count(timers) == 0, "all are forgotten")


def test_trouble_with_one_kind_of_rows_neither_ends_it_nor_stops_the_others(one, sweep):
    fill(one.engine, timers, [a_timer(1, datetime(2020, 1, 1, tzinfo=UTC))])
    with one.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE inbox RENAME TO away")
    sweep.start()
    wait_until(lambda: one.count(timers) == 0, "the timer is forgotten")
    with one.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO inbox")
    fill(one.engine, inbox, [an_inbox_row(1, datetime(2020, 1, 1, tzinfo=UTC))])
    wait_until(lambda: one.count(inbox) == 0, "and then what is in the inbox, too")


def test_on_a_stepped_clock_nothing_is_forgotten(sweep, monkeypatch):
    monkeypatch.setenv("GONGSHANG_CLOCK", "stepped")
    settings.cache_clear()
    sweep.start()
    assert sweep._thread is None
