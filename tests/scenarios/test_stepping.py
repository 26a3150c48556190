"""The stepped clock moves when all is quiet, one service's timers after the other."""

from datetime import UTC, datetime, timedelta

import pytest

from services.cli.proof.drain import Drain
from services.cli.proof.stepping import Stepping, next_round, swept_step
from shared.clock import SHANGHAI, SteppedClock
from shared.storage.engine import engine_for

BEGINS_AT = datetime(2026, 3, 2, 8, tzinfo=SHANGHAI)


class FiringClock(SteppedClock):
    """Stands for the services: whoever's turn it is fires its timers and says so."""

    def __init__(self, path, suite):
        super().__init__(path, BEGINS_AT)
        self.suite, self.turns = suite, []

    def move(self, to, turn=""):
        super().move(to, turn)
        self.turns.append(turn)
        if turn:
            self.suite.run(turn, "UPDATE timers SET fired_at = due_at WHERE due_at <= :now", now=stored(turn, to))
            self.suite.run(turn, "DELETE FROM sweeps")
            self.suite.run(turn, "INSERT INTO sweeps (name, step) VALUES (:name, :step)", name=turn, step=self.step)


def stored(service, instant):
    """An instant as the database keeps it."""
    instant = instant.astimezone(UTC)
    return instant.strftime("%Y-%m-%d %H:%M:%S.%f") if engine_for(service).dialect.name == "sqlite" else instant


@pytest.fixture
def clock(suite, tmp_path):
    return FiringClock(tmp_path / "clock.json", suite)


@pytest.fixture
def stepping(clock):
    return Stepping(clock, Drain(), lambda: 0)


def set_timer(suite, service, after):
    due_at = stored(service, BEGINS_AT + after)
    suite.run(service, "INSERT INTO timers (kind, ref, due_at, attempts) VALUES ('plan', 'I-1', :due, 0)", due=due_at)


def test_services_fire_one_after_the_other_in_the_order_of_the_stages(suite, clock, stepping):
    for service in ("evaluation", "councils"):
        set_timer(suite, service, timedelta(hours=1))
    stepping.advance(BEGINS_AT + timedelta(hours=2))
    assert clock.turns == ["councils", "evaluation"]
    assert swept_step("evaluation") == clock.step


def test_the_clock_moves_also_when_nobody_has_a_timer(clock, stepping):
    stepping.advance(BEGINS_AT + timedelta(hours=2))
    assert clock.now() == BEGINS_AT + timedelta(hours=2)


def test_the_next_instant_is_what_people_want_or_the_next_round_with_a_timer(suite, stepping):
    set_timer(suite, "councils", timedelta(hours=5, minutes=20))
    assert stepping.next_instant(None) == BEGINS_AT + timedelta(hours=6)
    assert stepping.next_instant(BEGINS_AT + timedelta(hours=3)) == BEGINS_AT + timedelta(hours=3)
    assert stepping.next_instant(BEGINS_AT + timedelta(hours=9)) == BEGINS_AT + timedelta(hours=6)


def test_a_timer_that_is_due_already_waits_for_the_next_round(suite, stepping):
    set_timer(suite, "councils", -timedelta(hours=1))
    assert stepping.next_instant(None) == BEGINS_AT + timedelta(hours=2)


def test_a_round_is_an_even_hour_and_the_hour_itself_is_one():
    assert next_round(BEGINS_AT) == BEGINS_AT
    assert next_round(BEGINS_AT + timedelta(minutes=1)) == BEGINS_AT + timedelta(hours=2)
    assert next_round(BEGINS_AT + timedelta(hours=15, minutes=30)) == BEGINS_AT + timedelta(hours=16)
