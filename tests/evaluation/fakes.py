"""Evaluation's unit of work without a database, and what the bus does with its timers."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from services.evaluation.storage.repository import EvaluationStore
from services.evaluation.use_cases import callbacks, periods
from shared.bus.timers.timers import Due
from shared.contracts.directory import UnitPart
from shared.directory.copy import DirectoryCopy
from tests.fakes import a_moment, a_work_of
from tests.told import a_copy

TIMERS = {"callback": callbacks.go_on, "freeze_period": periods.freeze_by_itself}


def a_work(units: Sequence[UnitPart] | None = None) -> EvaluationStore:
    """To which the directory has told a few units, or these."""
    work = a_work_of(EvaluationStore)
    work.directory = _usual_copy() if units is None else a_copy(units=units)
    return work


@cache
def _usual_copy() -> DirectoryCopy:
    return a_copy()


def fire_due(work, now: datetime) -> None:
    """What is due, in the bus's order."""
    for due_at, kind, ref in sorted((due_at, *key) for key, due_at in work.timers.due.items() if due_at <= now):
        del work.timers.due[(kind, ref)]
        TIMERS[kind](work, Due(kind, ref, due_at), a_moment(now))
