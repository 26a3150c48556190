"""The unit of work that services are given: one transaction for state, inbox, outbox and timers together."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, ClassVar, TypeVar

from nameko.extensions import DependencyProvider
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from shared.bus.outbox.outbox import Cause, Outbox
from shared.bus.outbox.relay import Relay
from shared.bus.timers.timers import Timers
from shared.settings import settings
from shared.storage.engine import READS, engine_for, writing
from shared.storage.work import Work


class Store(Work):
    """A unit of work on one service's database. Services add their repositories in a subclass.

    `changed_in_bulk` names mapped classes whose changes are written with the rest, in one statement.
    """

    changed_in_bulk: ClassVar[tuple[type, ...]] = ()
    takes_many: ClassVar[bool] = False

    def __init__(self, session: Session) -> None:
        super().__init__(session.connection())
        self.session = session
        self.outbox = Outbox(self)
        self.timers = Timers(self)

    def flush(self) -> None:
        self.writes.take_changes(self.session, self.changed_in_bulk)
        self.session.flush()
        super().flush()


S = TypeVar("S", bound=Store)
Begin = Callable[..., AbstractContextManager[Any]]


@contextmanager
def transaction(engine: Engine, make_store: Callable[[Session], S], *, cause: Cause | None = None) -> Iterator[S]:
    """One write transaction. Committed at the end, rolled back on any error; no event of it gets out before."""
    with writing(engine), Session(engine, expire_on_commit=False) as session:
        store = make_store(session)
        store.outbox.cause, store.outbox.is_written = cause or Cause(), settings().outbox_enabled
        yield store
        store.flush()
        session.commit()


@contextmanager
def reading(engine: Engine, make_store: Callable[[Session], S]) -> Iterator[S]:
    """One read-only look, which waits for no writer."""
    with engine.connect().execution_options(**READS) as connection, Session(connection) as session:
        yield make_store(session)


class UnitOfWork(DependencyProvider):
    """Opens transactions on the service's own database. The bus does; handlers get theirs as an argument.

    With `publishes=False` another process with the same database publishes what is announced here.
    """

    relay: Relay | None = Relay()

    def __init__(self, make_store: type[Store], *, publishes: bool = True) -> None:
        self.make_store = make_store
        if not publishes:
            self.relay = None
        self.database = getattr(make_store, "database", "") or make_store.__module__.split(".")[1]  # services.<name>

    def setup(self) -> None:
        self.engine = engine_for(self.database)
        if self.relay is not None:
            self.relay.serve(self.database, self.engine)

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
