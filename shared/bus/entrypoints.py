"""`@subscribe` and `@timer`: how a service method says what it listens to and what wakes it."""

from collections.abc import Callable
from typing import Any, TypeVar

from nameko.extensions import Entrypoint

from shared.bus.inbox import Inbox
from shared.bus.reading import NotYet
from shared.bus.timers import TimerSweep
from shared.contracts.base import Event

__all__ = ["NotYet", "Subscribe", "Timer", "subscribe", "timer"]


F = TypeVar("F", bound=Callable[..., Any])


class Subscribe(Entrypoint):
    """A method for one type of event: `method(self, event, work)`. All methods of a service share its one inbox."""

    inbox = Inbox()

    def __init__(self, contract: type[Event], **kwargs: Any) -> None:
        self.contract = contract
        super().__init__(**kwargs)

    def setup(self) -> None:
        self.inbox.register_provider(self)

    def stop(self) -> None:
        self.inbox.unregister_provider(self)


class Timer(Entrypoint):
    """A method for one kind of timer: `method(self, due, work)`; `due` has kind, ref and due_at."""

    sweep = TimerSweep()

    def __init__(self, kind: str, **kwargs: Any) -> None:
        self.kind = kind
        super().__init__(**kwargs)

    def setup(self) -> None:
        self.sweep.register_provider(self)

    def stop(self) -> None:
        self.sweep.unregister_provider(self)


def subscribe(contract: type[Event]) -> Callable[[F], F]:
    """Make `method(self, event, work)` the one that hears of events of this type."""
    decorate: Callable[[F], F] = Subscribe.decorator(contract)
    return decorate


def timer(kind: str) -> Callable[[F], F]:
    """Make `method(self, due, work)` the one that timers of this kind wake."""
    decorate: Callable[[F], F] = Timer.decorator(kind)
    return decorate
