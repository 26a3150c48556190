"""Fires what is due: each timer once, in its own service, sorted by instant, kind and reference.

On a running clock a timer waits for the inbox: news that its service received before it was due are done before it.
Sweeps claim rows, so that several copies of a service share the work. A failing timer is tried again and finally
parked; the others go on. On the stepped clock a sweep runs once per step, over what was due when the step began, and
says when it is through.
"""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, MetaData, Row, Select, bindparam, or_, select, update

from shared.bus.inbox import progress
from shared.bus.inbox import rows as inbox_rows
from shared.bus.moment import Moments
from shared.bus.outbox.outbox import Cause
from shared.bus.tables import LONGEST_ERROR, bus_tables
from shared.bus.timers.patience import Patience
from shared.bus.timers.timers import Due
from shared.bus.together import Together
from shared.clock import SteppedClock
from shared.logs import get_logger
from shared.storage.many import is_any
from shared.telling import told

AT_ONCE = 200
FIRST_BATCH = 10
BATCH_SECONDS = 0.25
YIELD_EVERY = 10

log = get_logger()
_bus = bus_tables(MetaData())
_timers = _bus.timers


class Firing:
    """Claims due timers and runs their methods; no broker, no threads."""

    def __init__(
        self, name: str, begin: Any, make_service: Callable[[], Any], methods: dict[str, Any], moments: Moments
    ) -> None:
        self.name = name
        self._begin = begin
        self._make_service = make_service
        self._methods = methods
        self._moments = moments
        self._together: Together[Row[Any]] = Together(self._mark_failed, self._ask)
        self._step = -1
        self._batch_size = FIRST_BATCH

    def fire_due(self, now: datetime, patience: Patience | None = None) -> int:
        """Fire so many due timers as take about BATCH_SECONDS; says how many. With `patience` only those that need not
        wait."""
        wanted = _due_now(now)
        if patience is not None:
            wanted = wanted.where(self._need_not_wait(now, patience))
        started = time.perf_counter()
        fired = self._fire(wanted, self._due(wanted, self._batch_size))
        self._fit_batch_size(fired, time.perf_counter() - started)
        return fired

    def has_due(self, now: datetime) -> bool:
        """Whether a timer is due, waiting or not."""
        return bool(self._due(_due_now(now), 1))

    def fire_step(self, clock: SteppedClock) -> bool:
        """Once per step of the clock: everything that was due when it began, then say that the step is done.

        A step that is another service's turn is passed over in silence. Says whether the clock had moved.
        """
        if clock.step == self._step:
            return False
        step, turn, now = clock.step, clock.turn, clock.now()
        if clock.step != step:
            return True  # moved on while we read; the next look sees one step whole
        if turn not in ("", self.name):
            self._step = step
            return True
        wanted = _due_now(now)
        waiting = self._due(wanted)
        for start in range(0, len(waiting), AT_ONCE):
            self._fire(wanted, waiting[start : start + AT_ONCE])
        self._say_done(step)
        self._step = step
        return True

    def _need_not_wait(self, now: datetime, patience: Patience) -> Any:
        """What the inbox held when they were due is committed, and no event of their subject is kept; or time is up."""
        committed_until = progress.committed_until(self.name, now)
        is_heard_out = (_timers.c.due_at <= committed_until) & ~inbox_rows.keeps(_timers.c.subject)
        over_until = patience.over_until()
        return is_heard_out if over_until is None else is_heard_out | (_timers.c.due_at <= over_until)

    def _fit_batch_size(self, size: int, seconds: float) -> None:
        """While one transaction runs nothing else of the service is written, and on SQLite nothing at all."""
        if size:
            wanted = int(size * BATCH_SECONDS / max(seconds, 0.001))
            self._batch_size = max(1, min(wanted, 2 * self._batch_size, AT_ONCE))

    def _fire(self, wanted: Select[Any], these: Sequence[Row[Any]]) -> int:
        return len(self._together.run(partial(self._fire_together, wanted), these)) if these else 0

    def _fire_together(self, wanted: Select[Any], these: Sequence[Row[Any]]) -> set[tuple[str, str]]:
        """Those that are still wanted, in one transaction; what another copy fires now is left to it."""
        with self._begin() as work:
            rows = _claim(work.connection, wanted, these)
            self._run(work, rows)
        return {(row.kind, row.ref) for row in rows}

    def _run(self, work: Any, rows: list[Row[Any]]) -> None:
        service, at = self._make_service(), self._moments.now(work)
        dues = [Due(row.kind, row.ref, row.due_at) for row in rows]
        if dues and hasattr(service, "prepare"):
            service.prepare(dues, work, at)
        for number, due in enumerate(dues):
            if number % YIELD_EVERY == 0:
                time.sleep(0)  # lets calls and heartbeats in between
            work.outbox.cause = Cause(correlation_id=f"timer:{due.kind}:{due.ref}"[:200])
            self._methods[due.kind](service, due, work, at)
        _mark_fired(work.connection, rows)

    def _due(self, wanted: Select[Any], most: int | None = None) -> Sequence[Row[Any]]:
        with self._begin(reads=True) as work:
            keys = wanted.with_only_columns(_timers.c.kind, _timers.c.ref, _timers.c.attempts)
            return list(work.connection.execute(keys.limit(most)))

    def _mark_failed(self, due: Row[Any], error: Exception) -> None:
        """Unless it fired or failed elsewhere meanwhile, or is gone."""
        policy = self._moments.now().policy.inbox
        now, attempts = datetime.now(UTC), due.attempts + 1
        is_last = attempts >= policy.max_attempts
        values = {"attempts": attempts, "error": told(error)[:LONGEST_ERROR], "parked_at": now if is_last else None}
        values["next_attempt_at"] = now + policy.wait_after(attempts)
        is_as_it_was = _timers.c.fired_at.is_(None) & (_timers.c.attempts == due.attempts)
        with self._begin() as work:
            work.connection.execute(update(_timers).where(_is(due.kind, due.ref), is_as_it_was).values(**values))
        log.error("timer_failed", kind=due.kind, ref=due.ref, attempts=attempts, parked=is_last, exc_info=error)

    def _ask(self) -> None:
        with self._begin(reads=True) as work:
            work.connection.execute(select(_bus.sweeps.c.step).limit(1))

    def _say_done(self, step: int) -> None:
        sweeps = _bus.sweeps
        with self._begin() as work:
            changed = work.connection.execute(update(sweeps).where(sweeps.c.name == self.name).values(step=step))
            if not changed.rowcount:
                work.connection.execute(sweeps.insert().values(name=self.name, step=step))


def _due_now(now: datetime) -> Select[Any]:
    return (
        select(_timers)
        .where(
            _timers.c.fired_at.is_(None),
            _timers.c.due_at <= now,
            _timers.c.parked_at.is_(None),
            _timers.c.next_attempt_at.is_(None) | (_timers.c.next_attempt_at <= datetime.now(UTC)),
        )
        .order_by(_timers.c.due_at, _timers.c.kind, _timers.c.ref)
    )


def _claim(connection: Connection, wanted: Select[Any], these: Sequence[Row[Any]]) -> list[Row[Any]]:
    return list(connection.execute(wanted.where(_is_one_of(these)).with_for_update(skip_locked=True)))


def _is_one_of(timers: Sequence[Row[Any]]) -> Any:
    refs_by_kind: dict[str, list[str]] = {}
    for one in timers:
        refs_by_kind.setdefault(one.kind, []).append(one.ref)
    return or_(*((_timers.c.kind == kind) & is_any(_timers.c.ref, refs) for kind, refs in refs_by_kind.items()))


def _mark_fired(connection: Connection, rows: list[Row[Any]]) -> None:
    """A method that set its own timer anew has not written that yet, and so moves it on after this."""
    fired = [{"fired_kind": row.kind, "fired_ref": row.ref, "now": datetime.now(UTC)} for row in rows]
    if fired:
        connection.execute(_FIRED, fired)


_FIRED = (
    update(_timers)
    .where(_timers.c.kind == bindparam("fired_kind"), _timers.c.ref == bindparam("fired_ref"))
    .values(fired_at=bindparam("now"))
)


def _is(kind: str, ref: str) -> Any:
    return (_timers.c.kind == kind) & (_timers.c.ref == ref)
