"""Handles received events in transactions: a whole batch in one, or, when one of them fails, in halves down to it.

No broker here. What comes twice changes nothing; what fails is kept with its error and tried again; what comes behind
a failing event of its own subject waits; what came too early is tried again when its subject moves on.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from shared import metrics
from shared.bus.inbox import rows as inbox_rows
from shared.bus.inbox.identity import is_known, new_ones
from shared.bus.inbox.kept import NOT_KNOWN, KeptEvents
from shared.bus.inbox.reading import NotYet, Received
from shared.bus.moment import Moment, Moments
from shared.bus.outbox.outbox import Cause
from shared.bus.tables import EventStatus
from shared.bus.together import Together
from shared.bus.topology import dead_of
from shared.contracts.flow import OURS
from shared.logs import bound, get_logger
from shared.policy.complaints import Inbox as InboxPolicy
from shared.telling import told

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
        self._kept = KeptEvents(name, begin, make_service, self._settle_one, moments, set(handlers))
        self._together = Together(self._keep, self._kept.ask)

    def handle(self, batch: Sequence[Received]) -> None:
        """When it returns, every event of the batch is settled or kept. Raises only transient trouble: do it again."""
        moved = self._together.run(self._handle_together, batch)
        if self._kept.may_be_any:
            self._kept.try_early(moved)

    def try_due(self) -> None:
        """Events whose time to be tried again has come. Called every now and then."""
        self._kept.try_due()

    def _handle_together(self, batch: Sequence[Received]) -> set[str]:
        """One transaction for all. Returns the subjects that moved on."""
        now = datetime.now(UTC)
        spent: list[tuple[str, float]] = []
        with self._begin() as work:
            fresh = new_ones(batch, partial(inbox_rows.known, work.connection))
            held = inbox_rows.held_subjects(work.connection, {one.subject for one in fresh})
            service, at = self._make_service(), self._moments.now(work)
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
        self._kept.may_be_any |= any(row["status"] != EventStatus.HANDLED for row in rows)
        self._count(spent, fresh)
        return {one.subject for one in fresh}

    def _settle(self, service: Any, received: Received, held: set[str], work: Any, at: Moment) -> EventStatus:
        """What was refused neither waits for anybody nor holds anybody up."""
        if received.fault is None and received.subject in held:
            return EventStatus.WAITING
        if received.fault is None and received.event is None:
            held.add(received.subject)
            log.warning("event_unknown", type=received.wire_type, event_id=received.event_id)
            return EventStatus.UNKNOWN
        try:
            self._settle_one(service, received, work, at)
        except NotYet:
            return EventStatus.EARLY
        return EventStatus.HANDLED

    def _settle_one(self, service: Any, received: Received, work: Any, at: Moment) -> None:
        if received.fault is not None:
            self._bury(service, received, work, at)
            return
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

    def _keep(self, received: Received, error: Exception) -> None:
        now = datetime.now(UTC)
        log.error(
            "event_failed", event_id=received.event_id, type=received.wire_type, error=told(error), exc_info=error
        )
        with self._begin() as work:
            if is_known(received, inbox_rows.known(work.connection, [received.event_id])):
                return
            policy = self._policy()
            is_last = policy.max_attempts <= 1
            row = _row(received, EventStatus.PARKED if is_last else EventStatus.WAITING, now)
            next_attempt_at = None if is_last else now + policy.wait_after(1)
            row |= {"attempts": 1, "error": told(error), "next_attempt_at": next_attempt_at}
            inbox_rows.add(work.writes, [row])
        self._kept.may_be_any = True

    def _policy(self) -> InboxPolicy:
        return self._moments.now().policy.inbox

    def _count(self, spent: Iterable[tuple[str, float]], fresh: Sequence[Received]) -> None:
        for sent_type, seconds in spent:
            wire_type = sent_type if sent_type in self._handlers else metrics.OTHER
            metrics.EVENTS_IN.labels(self.name, wire_type).inc()
            metrics.HANDLER_SECONDS.labels(self.name, wire_type).observe(seconds)
        for one in fresh:
            if one.event is not None and one.event.publisher not in OURS:  # one of ours is another's consequence
                log.info(
                    "message_taken_in", type=one.wire_type, subject=one.subject, correlation_id=one.cause.correlation_id
                )
        happened = [one.happened_at for one in fresh if one.happened_at is not None]
        if happened:
            lag = (self._moments.clock.now() - happened[-1]).total_seconds()
            metrics.INBOX_LAG_SECONDS.labels(self.name).set(max(0.0, lag))


def _row(received: Received, status: EventStatus, now: datetime) -> dict[str, Any]:
    """An early one is due at once, and then by its attempts; what waits behind another has no time of its own."""
    is_settled, is_early = status == EventStatus.HANDLED, status == EventStatus.EARLY
    return {
        "event_id": received.event_id,
        "source": received.source,
        "data_sha256": received.data_sha256,
        "type": received.wire_type,
        "subject": received.subject,
        "status": status.value,
        "received_at": now,
        "handled_at": now if is_settled else None,
        "attempts": 0,
        "next_attempt_at": now if is_early else None,
        "lets_pass_since": now if is_early or received.fault is not None else None,
        "error": NOT_KNOWN if status == EventStatus.UNKNOWN else None,
        "body": None if is_settled else received.body,
        "headers": None if is_settled else received.headers,
    }
