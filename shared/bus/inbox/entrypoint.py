"""`@subscribe`: how a service method says what it listens to."""

from collections.abc import Callable
from typing import Any, TypeVar

from nameko.extensions import Entrypoint

from shared.bus.inbox.consumer import Inbox
from shared.contracts.base import Event

F = TypeVar("F", bound=Callable[..., Any])


class Subscribe(Entrypoint):
    """A method for one type of event: `method(self, event, work, at)`. All methods of a service share its one inbox."""

    inbox = Inbox()

    def __init__(self, contract: type[Event], **kwargs: Any) -> None:
        self.contract = contract
        super().__init__(**kwargs)

    def setup(self) -> None:
        self.inbox.register_provider(self)

    def stop(self) -> None:
        self.inbox.unregister_provider(self)


def subscribe(*contracts: type[Event]) -> Callable[[F], F]:
    """Make `method(self, event, work, at)` the one that hears of events of this type, or of these types."""

    def decorate(method: F) -> F:
        for contract in contracts:
            method = Subscribe.decorator(contract)(method)
        return method

    return decorate
