"""However long the history, what the bus asks of its tables all the time is looked up, and no table is read through."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from shared.bus.backlog import count
from shared.bus.forgetting.sweep import Forgetting
from shared.bus.moment import Moments
from shared.bus.outbox import rows as outbox_rows
from shared.bus.stuck import list_stuck
from shared.bus.timers.firing import Firing
from shared.clock import RealClock
from tests.bus import toy
from tests.bus.conftest import Toy
from tests.bus.history import a_reply, a_timer, an_inbox_row, an_outbox_row, fill
from tests.bus.test_handling import begin, handling_of, received  # noqa: F401 - a fixture

LARGE = "inbox|outbox|timers|replies"
OF_FEW = "inbox_kept|inbox_unsettled|inbox_timed|outbox_unsent|outbox_set_aside|outbox_dead|timers_due|timers_parked"
READ_THROUGH = {
    "sqlite": re.compile(rf"SCAN ({LARGE})\w*(?! USING (?:COVERING )?INDEX (?:{OF_FEW}))\b(?! USING)"),
    "postgresql": re.compile(rf"Seq Scan on ({LARGE})|Scan using \w+_pkey on ({LARGE})[^\n]*\n(?! *Index Cond)"),
}
ROWS = 3000


@pytest.fixture
def one(database):
    """A service with a history: nearly all of it is done."""
    one = Toy(toy.make_database(), "")
    now = datetime.now(UTC)
    fill(one.engine, toy.bus.inbox, [an_inbox_row(number, now) for number in range(ROWS)])
    kept = {"body": b"{}", "received_at": now, "next_attempt_at": now}
    fill(one.engine, toy.bus.inbox, [an_inbox_row(ROWS + n, None, "parked", **kept) for n in range(3)])
    fill(one.engine, toy.bus.outbox, [an_outbox_row(number, now) for number in range(ROWS)])
    fill(one.engine, toy.bus.timers, [a_timer(number, now) for number in range(ROWS)])
    fill(one.engine, toy.bus.replies, [a_reply(number, now) for number in range(ROWS)])
    with one.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    yield one
    one.engine.dispose()


@pytest.fixture
def asked(one):
    """What is asked of the database, with its values."""
    asked = []

    def note(_connection, _cursor, statement, values, *_):
        if statement.startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            asked.append((statement, values[0] if isinstance(values, list) else values))

    event.listen(one.engine, "before_cursor_execute", note)
    yield asked
    event.remove(one.engine, "before_cursor_execute", note)


def read_through(one, asked):
    """The statements that read a table through, with their plans."""
    explain = "EXPLAIN QUERY PLAN " if one.engine.dialect.name == "sqlite" else "EXPLAIN "
    found, statements = [], list(asked)
    with one.engine.connect() as connection:
        for statement, values in statements:
            plan = "\n".join(row[-1] for row in connection.exec_driver_sql(explain + statement, values))
            if READ_THROUGH[one.engine.dialect.name].search(plan + "\n"):
                found.append(f"{statement}\n{plan}")
    return found


def test_events_and_timers_are_handled_by_looking_up(one, asked, begin):  # noqa: F811
    handling = handling_of(begin)
    handling.handle([received(toy.scheduled(f"S{number}", f"I-{number}")) for number in range(20)])
    handling.try_due()
    moments = Moments(RealClock())
    firing = Firing("deliberation", begin, toy.ToyService, {"open": toy.ToyService.open_at_last}, moments)
    firing.fire_due(datetime.now(UTC))
    assert len(asked) > 5
    assert read_through(one, asked) == []


def test_what_is_to_be_sent_and_what_was_set_aside_is_found_by_looking_up(one, asked):
    with one.engine.connect() as connection:
        assert outbox_rows.next_unsent(connection, 500) == {}
        assert outbox_rows.oldest_unsent(connection) is None
        assert outbox_rows.set_aside_subjects(connection) == []
    assert len(asked) == 3
    assert read_through(one, asked) == []


def test_what_is_old_is_found_by_looking_up(one, asked):
    forgetting = Forgetting("deliberation", one.engine, Moments(RealClock()))
    forgetting.bite(datetime.now(UTC))
    forgetting.bite(datetime.now(UTC) + timedelta(days=60))
    assert len(asked) > 10
    assert read_through(one, asked) == []


def test_what_waits_and_what_is_stuck_is_found_by_looking_up(one, asked):
    assert len(list_stuck("deliberation", one.engine)) == 3
    with one.engine.connect() as connection:
        assert count(connection, datetime.now(UTC), datetime.now(UTC)).parked == 3
    assert len(asked) > 5
    assert read_through(one, asked) == []


def test_reading_a_table_through_is_noticed(one, asked):
    with one.engine.connect() as connection:
        for query in ("SELECT * FROM inbox WHERE error = 'x'", "SELECT * FROM outbox ORDER BY position LIMIT 5"):
            connection.exec_driver_sql(query)
    assert len(read_through(one, asked)) == 2
