"""Evaluation's unit of work without a database, and what the bus does with its timers."""

from datetime import datetime

from services.evaluation.storage.repository import EvaluationStore
from services.evaluation.use_cases import callbacks, periods
from shared.bus.timers.timers import Due
from tests.fakes import a_moment, a_work_of

TIMERS = {"callback": callbacks.start_callback, "freeze_period": periods.freeze_period}


def a_work() -> EvaluationStore:
    return a_work_of(EvaluationStore)


def fire_due(work, now: datetime) -> None:
    """What is due, in the bus's order."""
    for due_at, kind, ref in sorted((due_at, *key) for key, due_at in work.timers.due.items() if due_at <= now):
        del work.timers.due[(kind, ref)]
        TIMERS[kind](work, Due(kind, ref, due_at), a_moment(now))
