"""Hand-written stand-ins for a unit of work, so that use cases can be tested without a database."""

from datetime import datetime
from typing import Any, TypeVar

from shared.auth import Caller
from shared.bus.moment import Moment, PolicyAt
from shared.contracts.base import Event
from shared.policy import PolicyBook
from tests.told import shipped_copy

POLICIES = PolicyAt(PolicyBook.load())
W = TypeVar("W")


class FakeOutbox:
    """Remembers the events that were announced, in order."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def add(self, event: Event, *, at: datetime) -> None:
        assert at.tzinfo is not None, "events carry aware instants"
        type(event).from_wire(event.to_wire())  # what is announced keeps its own contract
        self.events.append(event)

    def of(self, kind: type[Event]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


class FakeTimers:
    """Remembers which timers are set: `due[(kind, ref)]` is the instant."""

    def __init__(self) -> None:
        self.due: dict[tuple[str, str], datetime] = {}

    def set(self, kind: str, ref: str, due_at: datetime, *, subject: str = "") -> None:
        self.due[(kind, ref)] = due_at

    def cancel(self, kind: str, ref: str) -> None:
        self.due.pop((kind, ref), None)


class NoDatabase:
    """A connection to a database in which there is nothing; repositories on it keep what they are given."""

    class dialect:  # noqa: N801
        name = "sqlite"

    def execute(self, query: Any, given: Any = None) -> list[Any]:
        return []


def a_work_of(kind: type[W]) -> W:
    """A service's own unit of work without a database, which remembers what was announced and which timers are set.

    It knows the units that ship.
    """
    work: Any = kind(NoDatabase())  # type: ignore[call-arg]
    work.outbox, work.timers = FakeOutbox(), FakeTimers()
    work.directory = shipped_copy()
    return work  # type: ignore[no-any-return]


def a_moment(now: datetime, *, asked_by: Caller | None = None) -> Moment:
    """That instant, under the policy that ships."""
    return Moment(now, POLICIES, asked_by)


class FakeWork:
    """A unit of work with the repositories it is given."""

    def __init__(self, **repositories: Any) -> None:
        self.outbox = FakeOutbox()
        self.timers = FakeTimers()
        for name, repository in repositories.items():
            setattr(self, name, repository)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"this FakeWork was given no {name}")
