"""Handles received events in transactions: a whole batch in one, or, when one of them fails, each in its own.

No broker here. What comes twice changes nothing; what fails is kept with its error and tried again; what comes behind
a failing event of its own subject waits; what came too early is tried again when its subject moves on.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row

from shared import metrics
from shared.bus.inbox import rows as inbox_rows
from shared.bus.inbox.reading import NotYet, Received, reread
from shared.bus.moment import Moment, Moments
from shared.bus.outbox.outbox import Cause
from shared.bus.tables import EventStatus
from shared.bus.topology import dead_of
from shared.logs import bound, get_logger
from shared.storage.engine import is_transient

YIELD_EVERY = 10

log = get_logger()
Handlers = dict[str, Callable[[Any, Any, Any, Moment], None]]


class EventHandling:
    """The event handlers of one service, run against its unit of work.

    `make_service` gives an instance of the service, `handlers` maps wire types to its methods.
    """

    def __init__(
        self, name: str, begin: Any, make_service: Callable[[], Any], handlers: Handlers, moments: Moments
    ) -> None:
        self.name = name
        self._begin = begin
        self._make_service = make_service
        self._handlers = handlers
        self._moments = moments
        self._has_unsettled = True

    def handle(self, batch: Sequence[Received]) -> None:
        """When it returns, every event of the batch is settled or kept. Raises only transient trouble: do it again."""
        try:
            moved = self._handle_together(batch)
        except Exception as error:
            if is_transient(error):
                raise
            if len(batch) > 1:
                log.warning("batch_split", size=len(batch), error=repr(error))
            moved = set()
            for received in batch:
                moved |= self._handle_alone(received)
        if self._has_unsettled and moved:
            self._try_again(subjects=moved)

    def try_due(self) -> None:
        """Events whose time to be tried again has come. Called every now and then."""
        if self._has_unsettled:
            self._try_again(subjects=None)
            self._measure()

    def _handle_together(self, batch: Sequence[Received]) -> set[str]:
        """One transaction for all. Returns the subjects that moved on."""
        now = datetime.now(UTC)
        spent: list[tuple[str, float]] = []
        with self._begin() as work:
            fresh = _fresh(batch, inbox_rows.known_ids(work.connection, {one.event_id for one in batch}))
            held: set[str] = set()
            if self._has_unsettled:
                held = inbox_rows.held_subjects(work.connection, {one.subject for one in fresh})
            service, at = self._make_service(), self._moments.now()
            events = [one.event for one in fresh if one.event is not None and one.subject not in held]
            if events and hasattr(service, "prepare"):
                service.prepare(events, work, at)
            rows = []
            for number, received in enumerate(fresh):
                if number % YIELD_EVERY == 0:
                    time.sleep(0)  # lets calls in between, also while a long batch is handled
                started = time.perf_counter()
                status = self._settle(service, received, held, work, at)
                rows.append(_row(received, status, now))
                spent.append((received.wire_type, time.perf_counter() - started))
            inbox_rows.add(work.writes, rows)
        self._has_unsettled |= any(row["status"] != EventStatus.HANDLED for row in rows)
        self._count(spent, fresh)
        return {one.subject for one in fresh}

    def _settle(self, service: Any, received: Received, held: set[str], work: Any, at: Moment) -> EventStatus:
        if received.fault is not None:
            self._bury(service, received, work, at)
            return EventStatus.HANDLED
        if received.subject in held:
            return EventStatus.WAITING
        try:
            self._call(service, received, work, at)
        except NotYet:
            return EventStatus.EARLY
        return EventStatus.HANDLED

    def _call(self, service: Any, received: Received, work: Any, at: Moment) -> None:
        work.outbox.cause = received.cause
        handler = self._handlers[received.wire_type]
        with bound(event_id=received.event_id, correlation_id=received.cause.correlation_id):
            handler(service, received.event, work, at)

    def _bury(self, service: Any, received: Received, work: Any, at: Moment) -> None:
        """A message nobody can read goes to the dead queue with the reason, and its sender is told where we can."""
        fault = received.fault
        assert fault is not None
        work.outbox.cause = Cause()
        reason = {"reason": fault.reason, "fields": str(fault.fields)[:4000], "type": received.wire_type}
        work.outbox.add_raw(
            queue=dead_of(self.name),
            body=received.body,
            headers=reason,
            event_id=received.event_id,
            at=datetime.now(UTC),
        )
        if hasattr(service, "refuse"):
            service.refuse(fault, work, at)
        log.warning("message_refused", reason=fault.reason, fields=fault.fields, message_id=fault.message_id)

    def _handle_alone(self, received: Received) -> set[str]:
        try:
            return self._handle_together([received])
        except Exception as error:
            if is_transient(error):
                raise
            self._keep(received, error)
            return set()

    def _keep(self, received: Received, error: Exception) -> None:
        now = datetime.now(UTC)
        log.error(
            "event_failed", event_id=received.event_id, type=received.wire_type, error=repr(error), exc_info=error
        )
        with self._begin() as work:
            if inbox_rows.known_ids(work.connection, [received.event_id]):
                return
            policy = self._policy()
            status = EventStatus.PARKED if policy.max_attempts <= 1 else EventStatus.WAITING
            row = _row(received, status, now) | {
                "attempts": 1,
                "error": _words(error),
                "next_attempt_at": now + policy.backoff[0],
            }
            inbox_rows.add(work.writes, [row])
        self._has_unsettled = True

    def _try_again(self, subjects: set[str] | None) -> None:
        """Try kept events until none of them moves any more."""
        moved: set[str] | None = subjects
        while True:
            with self._begin(reads=True) as work:
                rows = inbox_rows.due(work.connection, datetime.now(UTC), subjects=moved)
            handled = {row.subject for row in rows if self._try_one(row)}
            if not handled:
                return
            moved = handled if subjects is not None else None

    def _try_one(self, row: Row[Any]) -> bool:
        now = datetime.now(UTC)
        received = reread(row.body, row.headers)
        try:
            with self._begin() as work:
                self._call(self._make_service(), received, work, self._moments.now())
                inbox_rows.mark_handled(work.connection, row.position, now)
            log.info("event_handled_late", event_id=row.event_id, attempts=row.attempts + 1)
            return True
        except Exception as error:
            if is_transient(error):
                raise
            self._mark_failed(row, error, now)
            return False

    def _mark_failed(self, row: Row[Any], error: Exception, now: datetime) -> None:
        policy = self._policy()
        with self._begin() as work:
            status = inbox_rows.mark_failed(
                work.connection, row, _words(error), now, policy.backoff, policy.max_attempts
            )
        level = log.error if status == EventStatus.PARKED else log.warning
        level("event_" + status, event_id=row.event_id, type=row.type, subject=row.subject, error=repr(error))

    def _policy(self) -> Any:
        return self._moments.now().policy.inbox

    def _measure(self) -> None:
        with self._begin(reads=True) as work:
            counts = inbox_rows.unsettled_counts(work.connection)
            oldest = inbox_rows.oldest_unsettled(work.connection)
        age = (datetime.now(UTC) - oldest).total_seconds() if oldest else 0
        metrics.OLDEST_WAITING_SECONDS.labels(self.name).set(age)
        metrics.STUCK_EVENTS.labels(self.name).set(counts.get(EventStatus.PARKED, 0))
        self._has_unsettled = bool(counts)

    def _count(self, spent: Iterable[tuple[str, float]], fresh: Sequence[Received]) -> None:
        for wire_type, seconds in spent:
            metrics.EVENTS_IN.labels(self.name, wire_type).inc()
            metrics.HANDLER_SECONDS.labels(self.name, wire_type).observe(seconds)
        happened = [one.happened_at for one in fresh if one.happened_at is not None]
        if happened:
            lag = (self._moments.clock.now() - happened[-1]).total_seconds()
            metrics.INBOX_LAG_SECONDS.labels(self.name).set(max(0.0, lag))


def _fresh(batch: Iterable[Received], known: set[str]) -> list[Received]:
    """Each event once, without those that came before."""
    fresh = {received.event_id: received for received in reversed(list(batch)) if received.event_id not in known}
    return list(reversed(fresh.values()))


def _row(received: Received, status: EventStatus, now: datetime) -> dict[str, Any]:
    is_settled = status == EventStatus.HANDLED
    return {
        "event_id": received.event_id,
        "type": received.wire_type,
        "subject": received.subject,
        "status": status.value,
        "received_at": now,
        "handled_at": now if is_settled else None,
        "attempts": 0,
        "next_attempt_at": None,
        "error": None,
        "body": None if is_settled else received.body,
        "headers": None if is_settled else received.headers,
    }


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
