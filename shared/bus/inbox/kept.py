"""Kept events, tried again: by the clock, each subject's in their order, and early ones also when their subject moves.

Only the database knows what is kept, for another copy of the service may have kept it or be trying it now. Each try
claims its rows in the transaction in which they are handled.
"""

import json
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import Row
from sqlalchemy.exc import SQLAlchemyError

from shared import metrics
from shared.bus.inbox import kept_rows
from shared.bus.inbox.reading import BROKEN, NotYet, Received, reread
from shared.bus.moment import Moment, Moments
from shared.bus.tables import EventStatus
from shared.bus.together import Together
from shared.errors import OwnWords
from shared.logs import get_logger
from shared.policy.complaints import Inbox as InboxPolicy
from shared.telling import told

AT_ONCE = 100
AT_MOST_SECONDS = 2.0  # then what is new has its turn
LOOK_SECONDS = 3.0
NOT_KNOWN = "this version does not know this version of the event; it waits for one that does"
LOOK_RATIO = 0.02  # of all time, where so many are kept that a look takes long

log = get_logger()
Settle = Callable[[Any, Received, Any, Moment], None]


class NotKnown(OwnWords):
    """It is in a version that only newer code knows; another copy, of that code, may be about to handle it."""


class Unreadable(OwnWords):
    """What lies in the inbox is no event, and trying it again would not make it one."""


class KeptEvents:
    """The kept events of one service. `settle` handles one as if it had just come, or raises."""

    def __init__(
        self,
        name: str,
        begin: Any,
        make_service: Callable[[], Any],
        settle: Settle,
        moments: Moments,
        types: set[str],
    ) -> None:
        self.name = name
        self.may_be_any = True
        self._types = types
        self._begin = begin
        self._make_service = make_service
        self._settle = settle
        self._moments = moments
        self._look_at = float("-inf")
        self._together = Together(self._give_up, self.ask)

    def try_due(self) -> None:
        """Try those whose time has come, for a bounded time. Raises only trouble with the database."""
        try:
            if time.monotonic() >= self._look_at:
                self._look()
            if self.may_be_any:
                self._try_due()
        except (SQLAlchemyError, OSError):
            raise
        except Exception as error:
            log.error("kept_events_not_tried", error=told(error), exc_info=error)

    def ask(self) -> None:
        """Ask the database whether there are any; another copy may have kept some."""
        with self._begin(reads=True) as work:
            self.may_be_any = kept_rows.are_any(work.connection)

    def try_early(self, subjects: set[str]) -> None:
        """These subjects moved on: try what came too early, until none of it moves any more."""
        while subjects:
            with self._begin(reads=True) as work:
                early = kept_rows.early_of(work.connection, subjects, AT_ONCE)
            subjects = self._together.run(partial(self._try_together, by_time=False), early) if early else set()

    def _try_due(self) -> None:
        end = time.monotonic() + AT_MOST_SECONDS
        while time.monotonic() < end:
            with self._begin(reads=True) as work:
                due = kept_rows.due(work.connection, datetime.now(UTC), AT_ONCE)
            moved = self._together.run(partial(self._try_together, by_time=True), due) if due else set()
            if not moved:
                return
            self.try_early(moved)

    def _try_together(self, tried: Sequence[Row[Any]], *, by_time: bool) -> set[str]:
        """In one transaction, in the order in which they came. Returns the subjects that moved on."""
        now = datetime.now(UTC)
        with self._begin() as work:
            rows = kept_rows.claim(work.connection, [one.position for one in tried], now if by_time else None)
            read = [_read(row) for row in rows]
            service, at = self._make_service(), self._moments.now(work)
            if read and hasattr(service, "prepare"):
                service.prepare([one.event for one in read if one.event is not None], work, at)
            handled, moved = [], set()
            for row, received in zip(rows, read, strict=True):
                try:
                    self._settle(service, received, work, at)
                    handled.append(row)
                    moved.add(row.subject)
                except NotYet as reason:
                    if by_time:
                        self._keep_early(work, row, reason, now)
                    if row.status == EventStatus.WAITING:  # so far it held up its subject
                        moved.add(row.subject)
            kept_rows.mark_handled(work.connection, handled, now)
            if by_time:
                kept_rows.let_next_be_tried(work.connection, moved, now)
        for row in handled:
            log.info("event_handled_late", event_id=row.event_id, attempts=row.attempts + 1)
        return moved

    def _keep_early(self, work: Any, row: Row[Any], reason: NotYet, now: datetime) -> None:
        status = kept_rows.mark_early(work.connection, row, told(reason), now, self._policy())
        if status == EventStatus.PARKED:
            log.error("event_parked", event_id=row.event_id, type=row.type, subject=row.subject, error=told(reason))

    def _give_up(self, row: Row[Any], error: Exception) -> None:
        """Keep it with its error until its next time; what can't be read, or not even be marked so, is parked."""
        try:
            if isinstance(error, Unreadable):
                raise error
            if isinstance(error, NotKnown):
                with self._begin() as work:
                    kept_rows.mark_unknown(work.connection, row)
                return
            with self._begin() as work:
                status = kept_rows.mark_failed(work.connection, row, told(error), datetime.now(UTC), self._policy())
        except (SQLAlchemyError, OSError):
            raise
        except Exception:
            with self._begin() as work:
                status = kept_rows.park(work.connection, row.position, told(error))
        if status is not None:
            level = log.error if status == EventStatus.PARKED else log.warning
            level("event_" + status, event_id=row.event_id, type=row.type, subject=row.subject, error=told(error))

    def _look(self) -> None:
        """What is kept now; and whoever waits behind nobody, since what it waited for was settled meanwhile, is due."""
        started = time.monotonic()
        self._look_at = started + LOOK_SECONDS
        self.ask()
        if self.may_be_any:
            with self._begin() as work:
                kept_rows.let_known_be_tried(work.connection, self._types, datetime.now(UTC))
                kept_rows.let_first_be_tried(work.connection, datetime.now(UTC))
        with self._begin(reads=True) as work:
            parked, oldest = kept_rows.measured(work.connection)
        metrics.STUCK_EVENTS.labels(self.name).set(parked)
        age = (datetime.now(UTC) - oldest).total_seconds() if oldest else 0
        metrics.OLDEST_WAITING_SECONDS.labels(self.name).set(age)
        now = time.monotonic()
        self._look_at = now + max(LOOK_SECONDS, (now - started) / LOOK_RATIO)

    def _policy(self) -> InboxPolicy:
        return self._moments.now().policy.inbox


def _read(row: Row[Any]) -> Received:
    """Raises Unreadable. What was refused when it came is never taken for an event later."""
    try:
        received = reread(row.body, json.loads(row.headers) if row.headers else {})
    except Exception as error:
        raise Unreadable(f"what is kept of it can't be read: {told(error)}") from error
    if received.event is None and received.fault is None and received.wire_type == row.type:
        raise NotKnown(NOT_KNOWN)
    is_refused = row.event_id.startswith(BROKEN)
    if is_refused == (received.event is not None) or (received.event is None and received.fault is None):
        raise Unreadable(f"it was {'refused' if is_refused else 'readable'} when it came, and is not so now")
    return received
