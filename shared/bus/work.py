"""The unit of work that services are given: one transaction for state, inbox, outbox and timers together."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any, TypeVar

from nameko.extensions import DependencyProvider
from sqlalchemy import Connection, Engine

from shared.bus.forgetting.sweep import ForgettingSweep
from shared.bus.outbox.outbox import Cause, Outbox
from shared.bus.outbox.relay import Relay
from shared.bus.timers.timers import Timers
from shared.directory.copy import DirectoryCopy
from shared.directory.duties import duties_as_of
from shared.directory.duty_list import DutyList
from shared.directory.units import DatedUnits, units_as_of
from shared.settings import settings
from shared.storage.engine import READS, engine_for, writing
from shared.storage.work import Work


class Store(Work):
    """A unit of work on one service's database. Services add their repositories in a subclass."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.outbox = Outbox(self)
        self.timers = Timers(self)
        self.directory = DirectoryCopy(connection)

    def units(self, now: datetime) -> DatedUnits:
        """The units of the district as they are at an instant. Raises NotTold before the directory was told."""
        return units_as_of(self.directory, now)

    def duties(self, now: datetime) -> DutyList:
        """The duty list as it is at an instant. Raises NotTold before the directory was told."""
        return duties_as_of(self.directory, now)


S = TypeVar("S", bound=Store)
Begin = Callable[..., AbstractContextManager[Any]]


@contextmanager
def transaction(engine: Engine, make_store: Callable[[Connection], S], *, cause: Cause | None = None) -> Iterator[S]:
    """One write transaction. Committed at the end, rolled back on any error; no event of it gets out before."""
    with writing(engine), engine.begin() as connection:
        store = make_store(connection)
        store.outbox.cause, store.outbox.is_written = cause or Cause(), settings().outbox_enabled
        yield store
        store.flush()


@contextmanager
def reading(engine: Engine, make_store: Callable[[Connection], S]) -> Iterator[S]:
    """One read-only look, which waits for no writer."""
    with engine.connect().execution_options(**READS) as connection:
        yield make_store(connection)


class UnitOfWork(DependencyProvider):
    """Opens transactions on the service's own database. The bus does; handlers get theirs as an argument.

    With `publishes=False` another process with the same database publishes what is announced here, and forgets.
    """

    relay: Relay | None = Relay()
    forgetting: ForgettingSweep | None = ForgettingSweep()

    def __init__(self, make_store: type[Store], *, publishes: bool = True) -> None:
        self.make_store = make_store
        if not publishes:
            self.relay = self.forgetting = None
        self.database = getattr(make_store, "database", "") or make_store.__module__.split(".")[1]  # services.<name>

    def setup(self) -> None:
        self.engine = engine_for(self.database)
        if self.relay is not None:
            self.relay.serve(self.database, self.engine)
        if self.forgetting is not None:
            self.forgetting.serve(self.database, self.engine)

    def get_dependency(self, worker_ctx: Any) -> Begin:
        return self.begin

    @contextmanager
    def begin(self, *, reads: bool = False, cause: Cause | None = None) -> Iterator[Any]:
        if reads:
            with reading(self.engine, self.make_store) as store:
                yield store
            return
        with transaction(self.engine, self.make_store, cause=cause) as store:
            yield store
        if store.outbox.rows and self.relay is not None:
            self._publish(self.relay, store)

    @staticmethod
    def _publish(relay: Relay, store: Store) -> None:
        if settings().outbox_enabled:
            relay.wake(store.outbox.rows)
        else:
            relay.publish_unsafely(store.outbox.rows)
