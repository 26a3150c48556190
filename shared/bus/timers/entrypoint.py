"""`@timer`: how a service method says what wakes it, and the green thread that looks for what is due."""

from collections.abc import Callable
from typing import Any, TypeVar

import eventlet
from nameko.extensions import Entrypoint, ProviderCollector, SharedExtension
from sqlalchemy.exc import SQLAlchemyError

from shared.bus.moment import Moments
from shared.bus.timers.firing import Firing
from shared.bus.work import UnitOfWork
from shared.clock import Clock, SteppedClock, clock_from
from shared.logs import get_logger
from shared.settings import settings

SWEEP_SECONDS = 0.5
STEP_SECONDS = 0.005

F = TypeVar("F", bound=Callable[..., Any])
log = get_logger()


class TimerSweep(SharedExtension, ProviderCollector):
    """Runs the `@timer` methods of a service."""

    def setup(self) -> None:
        self._stopping = False

    def start(self) -> None:
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
        wait = 0.1
        while not self._stopping:
            try:
                if isinstance(clock, SteppedClock):
                    firing.fire_step(clock)
                    eventlet.sleep(STEP_SECONDS)
                elif not firing.fire_due(clock.now()):
                    eventlet.sleep(SWEEP_SECONDS)
                wait = 0.1
            except (SQLAlchemyError, OSError) as trouble:
                log.warning("timers_wait", trouble=str(trouble), seconds=wait)
                eventlet.sleep(wait)
                wait = min(wait * 2, 5)

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
