"""From the outbox to the broker, for whoever has the lease. What the broker takes is marked, whatever else happens.

A row for which there is no queue waits, after everything was declared again. Where the broker refuses a batch as a
whole, rows are tried one at a time, and one that fails alone is set aside for an operator. What follows on its subject
waits with it.
"""

import time
from collections import Counter, OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import eventlet
from kombu import Connection
from sqlalchemy import Connection as SqlConnection
from sqlalchemy import Engine

from shared import metrics
from shared.bus import topology
from shared.bus.outbox import rows as outbox_rows
from shared.bus.outbox.held import Held
from shared.bus.outbox.lease import Lease
from shared.bus.outbox.publisher import CONFIRM_SECONDS, Outcome, Publisher, Rows
from shared.bus.tables import LONGEST_ERROR
from shared.bus.topology import TopologyFault, mending
from shared.clock import Clock
from shared.logs import get_logger
from shared.storage.engine import READS

AT_ONCE = 500
GROWTH = 4
LOOK_SECONDS = 10.0
MEASURE_SECONDS = 1.0
FAILURES_ALONE = 3
ROWS_FAULT = (311, 404, 406, 501, 502, 503, 505, 541)
"""How the broker refuses a message, rather than whoever sends it: too large, no such exchange, can't be understood."""

log = get_logger()
Written = OrderedDict[str, dict[str, Any]]


class Sending:
    """Of one database's outbox, over all connections and leases. `written` are rows that need not be read again."""

    def __init__(self, database: str, engine: Engine, clock: Clock, written: Written) -> None:
        self._database = database
        self._engine = engine
        self._clock = clock
        self._written = written
        self._at_once = AT_ONCE
        self._failures = Counter[int]()
        self._told: set[str] = set()
        self._lag = metrics.OUTBOX_LAG_SECONDS.labels(database)

    def begin(self, connection: Connection, lease: Lease) -> None:
        """With a new connection or lease, of which nothing is known yet."""
        self._connection = connection
        self._lease = lease
        self.publisher = Publisher(connection)
        with lease.looking() as looking:
            self._held = Held(outbox_rows.set_aside_subjects(looking))
        self._looked_at = self._measured_at = -LOOK_SECONDS

    def send_next(self) -> bool:
        """Send what may be sent together now. Says whether there was something. Raises trouble with the connection."""
        self._lease.keep()
        self._look_around()
        rows = self._next_rows()
        if not rows:
            if not self._held.is_any:
                self._lag.set(0)
            return False
        outcome = self.publisher.publish(rows, self._lease.keep)
        self._mark_sent(rows, outcome)
        for position, why in outcome.impossible.items():
            self._set_aside(position, rows[position], why)
        if outcome.returned:
            self._hold(rows, outcome.returned)
        if outcome.trouble is not None:
            self._blame(rows, outcome.trouble)
            raise outcome.trouble
        self._at_once = min(GROWTH * self._at_once, AT_ONCE)
        return True

    @property
    def trouble(self) -> str | None:
        """What waits although the connection is well, in a sentence."""
        keys = self._held.keys
        return f"the broker has no queue for {', '.join(keys)}; run: gongshang topology apply" if keys else None

    def measure(self) -> None:
        """How long the oldest has been waiting, whatever it waits for."""
        with self._engine.connect().execution_options(**READS) as connection:
            oldest = outbox_rows.oldest_unsent(connection)
        self._lag.set(self._age(oldest) if oldest else 0)

    def _look_around(self) -> None:
        """Every now and then: are the queues still there, is it time to try again what waits."""
        now = time.monotonic()
        if now - self._looked_at >= LOOK_SECONDS:
            self._looked_at = now
            with eventlet.Timeout(CONFIRM_SECONDS):
                gone = mending.gone(self._connection, self._database)
            if gone:
                log.warning("topology_made_again", gone=gone)
                self._declare()
        if self._held.is_any:
            if now - self._measured_at >= MEASURE_SECONDS:
                self._measured_at = now
                self.measure()
            if self._held.is_over:
                with self._lease.looking() as looking:
                    self._held.restart(outbox_rows.set_aside_subjects(looking))

    def _declare(self) -> None:
        try:
            with eventlet.Timeout(CONFIRM_SECONDS):
                topology.declare(self._connection)
        except TopologyFault as fault:
            log.error("topology_not_made", fault=str(fault))

    def _next_rows(self) -> Rows:
        """By their positions, in order."""
        with self._lease.looking() as looking:
            if self._held.is_any:
                return self._contents(looking, self._passing(looking))
            found = self._contents(looking, outbox_rows.next_unsent(looking, self._at_once))
        return {position: found[position] for position in self._held.let_pass(found.items())}

    def _contents(self, looking: SqlConnection, named: Mapping[int, str]) -> Rows:
        """Of rows given by position and event id: from memory, or read."""
        found = {position: self._written.pop(event_id, None) for position, event_id in named.items()}
        missing = [position for position, row in found.items() if row is None]
        if missing:
            found |= outbox_rows.contents(looking, missing)
        return {position: row for position, row in found.items() if row is not None}

    def _passing(self, looking: SqlConnection) -> dict[int, str]:
        while page := outbox_rows.next_named(looking, self._at_once, self._held.after):
            if passing := self._held.let_pass(page.items()):
                return {position: page[position]["event_id"] for position in passing}
            self._lease.keep()
        return {}

    def _mark_sent(self, rows: Rows, outcome: Outcome) -> None:
        if not outcome.confirmed:
            return
        self._lease.change(outbox_rows.MARK_SENT, {"positions": outcome.confirmed, "now": datetime.now(UTC)})
        sent = [rows[position] for position in outcome.confirmed]
        for row in sent:
            self._held.note_taken(row)
        self._told.difference_update(row["routing_key"] for row in sent)
        if not self._held.is_any:
            self._lag.set(self._age(sent[0]["created_at"]))
        for routing_key, count in Counter(row["routing_key"] for row in sent).items():
            metrics.EVENTS_OUT.labels(self._database, routing_key).inc(count)

    def _hold(self, rows: Rows, returned: Mapping[int, str]) -> None:
        """Nothing came of looking whether queues are there: all is declared again, and then it is tried again."""
        for position in returned:
            self._held.hold_key(rows[position])
        if fresh := sorted(set(self._held.keys) - self._told):
            log.warning("events_returned", keys=fresh, reasons=sorted(set(returned.values())))
            self._told.update(fresh)
        self._declare()

    def _blame(self, rows: Rows, trouble: BaseException) -> None:
        """After this the connection is lost. Once a row has failed alone often enough, it is the row's fault."""
        if getattr(trouble, "reply_code", None) not in ROWS_FAULT:
            self._failures.clear()
            return
        self._at_once = 1
        if len(rows) == 1:
            (position,) = rows
            self._failures[position] += 1
            if self._failures[position] >= FAILURES_ALONE:
                self._set_aside(position, rows[position], f"the broker refuses it: {trouble}")

    def _set_aside(self, position: int, row: Mapping[str, Any], why: str) -> None:
        values = {"positions": [position], "now": datetime.now(UTC), "why": why[:LONGEST_ERROR]}
        self._lease.change(outbox_rows.SET_ASIDE, values)
        self._held.hold_subject(row["subject"])
        self._failures.pop(position, None)
        named = {"event_id": row["event_id"], "routing_key": row["routing_key"], "subject": row["subject"]}
        log.error("event_set_aside", error=why, **named)

    def _age(self, since: datetime) -> float:
        return max(0.0, (self._clock.now() - since).total_seconds())
