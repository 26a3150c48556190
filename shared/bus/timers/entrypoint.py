"""`@timer`: how a service method says what wakes it, and the green thread that looks for what is due."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import eventlet
from nameko.extensions import Entrypoint, ProviderCollector, SharedExtension
from sqlalchemy.exc import SQLAlchemyError

from shared.bus.inbox.consumer import Inbox
from shared.bus.moment import Moments
from shared.bus.timers.firing import Firing
from shared.bus.timers.patience import Patience
from shared.bus.work import UnitOfWork
from shared.clock import Clock, SteppedClock, clock_from
from shared.logs import get_logger
from shared.settings import settings

SWEEP_SECONDS = 0.5
WAITING_SECONDS = 0.1
STEP_SECONDS, LONGEST_STEP_SECONDS = 0.005, 0.05
STANDS_STILL = 1.1
"""How much longer each look at a stepped clock waits that finds it where it was: a district at rest costs little."""

F = TypeVar("F", bound=Callable[..., Any])
log = get_logger()


class TimerSweep(SharedExtension, ProviderCollector):
    """Runs the `@timer` methods of a service."""

    def setup(self) -> None:
        self._stopping = False
        self._patience = Patience()

    def start(self) -> None:
        self._inbox = next((one for one in self.container.subextensions if isinstance(one, Inbox)), None)
        self._thread = self.container.spawn_managed_thread(self._run, identifier="timer sweep")

    def stop(self) -> None:
        self._stopping = True
        self._thread.wait()

    def unregister_provider(self, provider: Any) -> None:
        super().unregister_provider(provider)
        if not self._providers:
            self.stop()

    def _run(self) -> None:
        clock = clock_from(settings())
        firing = self._make_firing(clock)
        wait, pause = 0.1, STEP_SECONDS
        while not self._stopping:
            try:
                if isinstance(clock, SteppedClock):
                    has_moved = firing.fire_step(clock)
                    pause = STEP_SECONDS if has_moved else min(pause * STANDS_STILL, LONGEST_STEP_SECONDS)
                    eventlet.sleep(pause)
                else:
                    self._sweep(firing, clock.now())
                wait = 0.1
            except (SQLAlchemyError, OSError) as trouble:
                log.warning("timers_wait", trouble=str(trouble), seconds=wait)
                eventlet.sleep(wait)
                wait = min(wait * 2, 5)

    def _sweep(self, firing: Firing, now: datetime) -> None:
        """Fire what may; for what must wait, find out whether the inbox has been read so far.

        A service that hears nothing waits for no news.
        """
        if firing.fire_due(now, self._patience if self._inbox else None):
            return
        if self._inbox is None or not firing.has_due(now):
            eventlet.sleep(SWEEP_SECONDS)
            return
        self._patience.note_waiting(now)
        self._inbox.send_mark(now)
        eventlet.sleep(WAITING_SECONDS)

    def _make_firing(self, clock: Clock) -> Firing:
        work = next(one for one in self.container.dependencies if isinstance(one, UnitOfWork))
        methods = {one.kind: getattr(self.container.service_cls, one.method_name) for one in self._providers}
        return Firing(self.container.service_name, work.begin, self.container.service_cls, methods, Moments(clock))


class Timer(Entrypoint):
    """A method for one kind of timer: `method(self, due, work, at)`; `due` has kind, ref and due_at."""

    sweep = TimerSweep()

    def __init__(self, kind: str, **kwargs: Any) -> None:
        self.kind = kind
        super().__init__(**kwargs)

    def setup(self) -> None:
        self.sweep.register_provider(self)

    def stop(self) -> None:
        self.sweep.unregister_provider(self)


def timer(kind: str) -> Callable[[F], F]:
    """Make `method(self, due, work, at)` the one that timers of this kind wake."""
    decorate: Callable[[F], F] = Timer.decorator(kind)
    return decorate
