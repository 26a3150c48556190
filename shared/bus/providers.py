"""What services are given beside their unit of work: the suite's clock and its policies."""

from datetime import datetime
from typing import Any

from nameko.extensions import DependencyProvider

from shared.clock import Clock, clock_from
from shared.policy import Policy, PolicyBook
from shared.settings import settings


class SuiteClock(DependencyProvider):
    """`self.clock.now()`: the instant it is for the suite, aware UTC."""

    clock: Clock

    def setup(self) -> None:
        self.clock = clock_from(settings())

    def get_dependency(self, worker_ctx: Any) -> Clock:
        return self.clock


class PolicyAt:
    """The policy that holds at an instant. Looked up once per day and unit: versions change at midnight."""

    def __init__(self, book: PolicyBook) -> None:
        self._book = book
        self._found: dict[tuple[str, str | None], Policy] = {}

    def at(self, now: datetime, unit_code: str | None = None) -> Policy:
        key = (now.isoformat()[:13], unit_code)
        if key not in self._found:
            if len(self._found) > 1000:
                self._found.clear()
            self._found[key] = self._book.at(now, unit_code)
        return self._found[key]


class SuitePolicy(DependencyProvider):
    """`self.policy.at(now, unit_code=None)`: all policy values that hold then, there."""

    def setup(self) -> None:
        self.policy = PolicyAt(PolicyBook.load(settings().policy_file))

    def get_dependency(self, worker_ctx: Any) -> PolicyAt:
        return self.policy
