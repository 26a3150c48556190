"""Moves the stepped clock on: from one instant at which something is due to the next, when all is quiet.

At an instant the services fire their timers one service after the other, each only after everything that followed
from the one before has come to rest. So the same month always takes the same course, whoever is quicker.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import MetaData, func, select

from services import SERVICES
from services.cli.proof.drain import Change, Drain, NotDrained
from shared.bus.tables import bus_tables
from shared.clock import SHANGHAI, SteppedClock
from shared.storage.engine import READS, engine_for

POLL_SECONDS = 0.003
ROUND_HOURS = 2
SWEEP_SECONDS = 60.0

_bus = bus_tables(MetaData())
_timers = _bus.timers


class Stepping:
    """The one mover of a world's clock. `sent` tells how many messages the hotline has sent so far."""

    def __init__(
        self, clock: SteppedClock, drain: Drain, sent: Callable[[], int], still_well: Callable[[], None] = lambda: None
    ) -> None:
        self.clock = clock
        self._drain = drain
        self._sent = sent
        self._still_well = still_well
        self._due: dict[str, datetime | None] = {}
        self._changes: dict[str, Change] = {}

    def settle(self) -> None:
        """Wait until nothing is under way."""
        self._drain.wait_until_drained(self._sent(), still_well=self._still_well)

    def advance(self, to: datetime) -> None:
        """Move to an instant, fire what is due by then, service by service, and let all that follows come to rest.

        Timers that are set meanwhile fire with the next move, also when they are due already.
        """
        due = [service for service in SERVICES if (at := self._due_at(service)) is not None and at <= to]
        for service in due or [""]:
            self.clock.move(to, turn=service)
            if service:
                self._wait_for_sweep(service)
                self.settle()

    def next_instant(self, next_action: datetime | None) -> datetime:
        """When people want to do something, or the next round at which timers are due: those wait for even hours."""
        dues = [at for service in SERVICES if (at := self._due_at(service)) is not None]
        now = self.clock.now()
        wanted = next_round(max(min(dues, default=now), now + timedelta(microseconds=1)))
        if next_action is None:
            return wanted
        return max(min(wanted, next_action) if dues else next_action, now)

    def _due_at(self, service: str) -> datetime | None:
        """Asked of the database only when that has changed."""
        change = self._changes.setdefault(service, Change(engine_for(service)))
        if change.is_fresh("timers"):
            self._due[service] = next_due_at(service)
        return self._due[service]

    def _wait_for_sweep(self, service: str) -> None:
        step, deadline, looks = self.clock.step, time.monotonic() + SWEEP_SECONDS, 0
        while swept_step(service) < step:
            if time.monotonic() > deadline:
                raise NotDrained(f"{service} did not fire its timers in {SWEEP_SECONDS:.0f} s; see its log")
            looks += 1
            if looks % 100 == 0:
                self._still_well()
            time.sleep(POLL_SECONDS)


def next_round(at: datetime) -> datetime:
    """The even hour of Shanghai at or after an instant."""
    local = at.astimezone(SHANGHAI)
    whole = local.replace(minute=0, second=0, microsecond=0)
    whole += timedelta(hours=whole != local)
    return whole + timedelta(hours=whole.hour % ROUND_HOURS)


def next_due_at(service: str) -> datetime | None:
    """When a service's next timer is due; those that failed count again when their wait is over."""
    wanted = select(func.min(_timers.c.due_at)).where(
        _timers.c.fired_at.is_(None),
        _timers.c.parked_at.is_(None),
        _timers.c.next_attempt_at.is_(None) | (_timers.c.next_attempt_at <= datetime.now(UTC)),
    )
    with engine_for(service).connect().execution_options(**READS) as connection:
        found: datetime | None = connection.scalar(wanted)
    return found


def swept_step(service: str) -> int:
    """The step up to which a service has fired its timers; -1 before the first."""
    with engine_for(service).connect().execution_options(**READS) as connection:
        found = connection.scalar(select(func.max(_bus.sweeps.c.step)))
    return -1 if found is None else int(found)
