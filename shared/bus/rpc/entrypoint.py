"""`@rpc`: how a service method says that it can be called: one request object in, one reply object out, by whom."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from nameko.exceptions import deserialize_to_instance
from nameko.extensions import Entrypoint

from shared.auth import Role
from shared.bus.rpc.answering import Method
from shared.bus.rpc.calls import Calls
from shared.errors import error_classes

F = TypeVar("F", bound=Callable[..., Any])


class RpcEntrypoint(Entrypoint):
    """A method that can be called. All methods of a service share its one queue."""

    calls = Calls()

    def __init__(self, method: Method, **kwargs: Any) -> None:
        self.method = method
        super().__init__(**kwargs)

    def setup(self) -> None:
        self.calls.register_provider(self)

    def stop(self) -> None:
        self.calls.unregister_provider(self)


def rpc(
    request_class: type, reply_class: type, *, roles: Sequence[Role], reads: bool = False, private: bool = False
) -> Callable[[F], F]:
    """Make `method(self, request, work, at)` an RPC for callers with one of the roles.

    A command's request has an `idempotency_key` and a `subject`; with `reads` there is neither, and nothing is written.
    The reply of a `private` command is kept sealed.
    """
    named = {one.name for one in dataclasses.fields(request_class)}
    if not reads and "idempotency_key" not in named:
        raise TypeError(f"the command {request_class.__name__} needs the field idempotency_key")

    def decorate(method: F) -> F:
        found = Method(method.__name__, method, request_class, frozenset(roles), reads, private)
        method.request_class, method.reply_class = request_class, reply_class  # type: ignore[attr-defined]
        method.roles, method.reads = tuple(sorted(roles)), reads  # type: ignore[attr-defined]
        decorated: F = RpcEntrypoint.decorator(found)(method)
        return decorated

    return decorate


def register_errors() -> None:
    """So that nameko clients in Python get our errors back as themselves."""
    for error_class in error_classes():
        deserialize_to_instance(error_class)
