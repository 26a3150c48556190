"""Takes what is older than the policy's promise out of a service's database, a bite a second at most.

Beside everything else a service does, on real time, in small transactions. Several copies of a service may be at it:
none takes what another has. Off on a stepped clock, where a month is played in a minute and all of it is to be seen.
"""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from nameko.extensions import SharedExtension
from sqlalchemy import Connection, Engine

from shared.bus.forgetting.bites import (
    InboxWalk,
    forget_dropped,
    forget_replies,
    forget_returned_calls,
    forget_timers,
    forget_unreadable,
)
from shared.bus.log.moving import close_segment
from shared.bus.moment import Moments
from shared.logs import get_logger
from shared.settings import settings
from shared.storage.engine import writing
from shared.telling import told

BITE_SECONDS = 1.0
REST_SECONDS = 60.0

log = get_logger()


class Forgetting:
    """What goes when; no threads. `known_for` and `unreadable_kept` are asked of the policy before each bite."""

    def __init__(self, service: str, engine: Engine, moments: Moments) -> None:
        self._service = service
        self._engine = engine
        self._moments = moments
        self._inbox = InboxWalk()

    def bite(self, now: datetime) -> dict[str, int]:
        """How many rows of each kind went, or were looked at; nothing but zeros: there is no more to do for now.

        Trouble with one kind, such as a row that can't be logged, is said and leaves the others to go.
        """
        policy = self._moments.now().policy.inbox
        known_since = now - policy.known_for
        unreadable_since = now - policy.unreadable_kept
        kinds: dict[str, Callable[[Connection], int]] = {
            "inbox": lambda it: self._inbox.forget(it, done_before=known_since),
            "timers": lambda it: forget_timers(it, fired_before=known_since),
            "replies": lambda it: forget_replies(it, given_before=known_since),
            "returned_calls": lambda it: forget_returned_calls(it, begun_before=known_since),
            "events": lambda it: close_segment(it, self._service, sent_before=known_since, now=now),
            "dropped": lambda it: forget_dropped(it, dropped_before=known_since),
            "unreadable": lambda it: forget_unreadable(it, sent_before=unreadable_since),
        }
        return {kind: self._in_one(kind, forget) for kind, forget in kinds.items()}

    def _in_one(self, kind: str, forget: Callable[[Connection], int]) -> int:
        time.sleep(0)  # lets calls and events in between
        try:
            with writing(self._engine), self._engine.begin() as connection:
                return forget(connection)
        except Exception as trouble:  # it must not end the service, and nobody waits for it
            log.warning("forgetting_waits", kind=kind, trouble=told(trouble))
            return 0


class ForgettingSweep(SharedExtension):
    """Runs beside a service for as long as it lives, unless its clock is stepped."""

    def serve(self, database: str, engine: Engine) -> None:
        self._database, self._engine = database, engine
        self._stopping = threading.Event()
        self._thread: Any = None

    def start(self) -> None:
        if settings().clock.kind != "stepped":
            self._thread = self.container.spawn_managed_thread(self._run, identifier="forgetting")

    def stop(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.wait()

    def _run(self) -> None:
        forgetting = Forgetting(self._database, self._engine, Moments())
        wait = REST_SECONDS
        while not self._stopping.wait(wait):
            took = forgetting.bite(datetime.now(UTC))
            wait = BITE_SECONDS if any(took.values()) else REST_SECONDS
            if took["events"]:
                log.info("segment_closed", events=took["events"])
