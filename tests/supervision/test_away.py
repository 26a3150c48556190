"""Supervision was away, stopped or killed, while a task was finished in time and its limit passed. On a real broker."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from services.supervision.storage import tables
from shared.auth import Role
from shared.storage.engine import engine_for
from shared.storage.migrate import migrate
from tests.bus.conftest import wait_until
from tests.live_service import live_service, patiently
from tests.supervision.builders import issue_handled, issue_raised
from tests.told import few_duties, tell

OTHERS = 300


@pytest.fixture
def prepared(database):
    migrate("supervision", engine_for("supervision"))
    tell(engine_for("supervision"), *few_duties())


def told():
    with engine_for("supervision").connect() as connection:
        return list(connection.scalars(select(tables.bus.outbox.c.routing_key)))


def others(now):
    """A night's work, which lies before the news."""
    raised = issue_raised(dispatched_at=now, due_at=now + timedelta(days=7), raised_at=now)
    return [replace(raised, issue_id=f"I-{number:03}", order_no=str(number)) for number in range(OTHERS)]


@pytest.mark.parametrize("is_killed", [False, True], ids=["stopped", "killed"])
def test_what_was_finished_in_time_while_it_was_away_is_no_breach(prepared, broker, tmp_path, is_killed):
    with live_service("supervision", broker.uri, tmp_path) as live:
        with live.caller(Role.OPERATOR) as ask:
            assert patiently(lambda: ask("supervision", "get_state", {}))  # its start takes no part of the limit
        now = datetime.now(UTC)
        due_at = now + timedelta(seconds=8)
        live.hear(issue_raised(dispatched_at=now - timedelta(days=7), due_at=due_at, raised_at=now))
        assert patiently(lambda: "clock_started.v1" in told())
        if is_killed:
            live.kill()
    handled = issue_handled(due_at - timedelta(seconds=1))
    wait_until(lambda: datetime.now(UTC) > due_at + timedelta(seconds=1), "its limit is over")
    with live_service("supervision", broker.uri, tmp_path, *others(now), handled):
        assert patiently(lambda: "clock_paused.v1" in told())
        assert patiently(lambda: told().count("clock_started.v1") == 2 * (OTHERS + 1))

    assert not {"clock_breached.v1", "clock_corrected.v1", "issue_escalated.v1"} & set(told())
