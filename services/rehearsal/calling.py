"""Carries out what people do: each act is a script of calls, one after the other; many scripts run side by side.

The first calls of all scripts are sent together, then the second ones, and so on: as if all sat at their desks at
once. Which call belongs to which script never depends on the order of replies.
"""

from collections import Counter
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from shared.auth import Role
from shared.errors import GongshangError

AT_ONCE = 60


@dataclass(frozen=True)
class Ask:
    """One call, by somebody of a role in a unit (none: the whole district), or of an organisation there."""

    service: str
    method: str
    request: dict[str, Any]
    role: Role
    unit: str | None = None
    organisation: str = ""


Script = Generator[Ask, dict[str, Any], None]


Tokens = Callable[[Role, str | None, str], str]
"""Gives a token of somebody who has the role in the unit, or in the nearest one above that has anybody.

If an organisation is named, of one of its members.
"""


@dataclass
class Running:
    script: Script
    ask: Ask
    finish: Callable[[], dict[str, Any]] | None = None


class Client(Protocol):
    """What can begin a call: `Telephone`, or the suite's `RpcClient`."""

    def begin(
        self, service: str, method: str, request: dict[str, Any], *, token: str
    ) -> Callable[[], dict[str, Any]]: ...


class Calling:
    """Runs scripts over one connection. `calls` counts what was asked, `refused` by method and error code."""

    def __init__(self, client: Client, tokens: Tokens) -> None:
        self._client, self._tokens = client, tokens
        self.calls: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    def run(self, scripts: Iterable[Script]) -> None:
        waiting = [Running(script, ask) for script in scripts if (ask := next(script, None)) is not None]
        while waiting:
            running, waiting = waiting[:AT_ONCE], waiting[AT_ONCE:]
            for one in running:
                one.finish = self._begin(one.ask)
            waiting = [one for one in running if self._go_on(one)] + waiting

    def _begin(self, ask: Ask) -> Callable[[], dict[str, Any]]:
        self.calls[f"{ask.service}.{ask.method}"] += 1
        begun: Callable[[], dict[str, Any]] = self._client.begin(
            ask.service, ask.method, ask.request, token=self._tokens(ask.role, ask.unit, ask.organisation)
        )
        return begun

    def _go_on(self, one: Running) -> bool:
        """Give a script its reply. Whether it has another call to make."""
        assert one.finish is not None
        try:
            try:
                reply = one.finish()
            except GongshangError as refusal:
                self.refused[f"{one.ask.service}.{one.ask.method}: {refusal.code}"] += 1
                one.ask = one.script.throw(refusal)
            else:
                one.ask = one.script.send(reply)
        except (StopIteration, GongshangError):
            return False
        return True
