"""The moment at which something is done: the instant, the rules that hold then, and who asks.

Every use case is given one, and reads neither the clock nor the policy file. One moment serves a whole batch.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self

from shared.auth import Caller
from shared.clock import Clock, clock_from
from shared.policy import Policy, PolicyBook
from shared.settings import settings


class PolicyAt:
    """The policy that holds at an instant. Looked up once per hour and unit: versions change at midnight."""

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


@dataclass(frozen=True)
class Moment:
    """`now` is an aware instant in UTC. Events and timers happen without a caller."""

    now: datetime
    policies: PolicyAt = field(repr=False)
    asked_by: Caller | None = None

    @property
    def caller(self) -> Caller:
        """Who asks. Only calls have one."""
        if self.asked_by is None:
            raise LookupError("nobody asks: an event or a timer set this off")
        return self.asked_by

    @property
    def policy(self) -> Policy:
        """What holds now, in the whole district."""
        return self.policies.at(self.now)

    def policy_in(self, unit_code: str | None) -> Policy:
        """What holds now in a unit, which may have values of its own."""
        return self.policies.at(self.now, unit_code)

    def policy_then(self, instant: datetime) -> Policy:
        """What held, or will hold, at another instant."""
        return self.policies.at(instant)

    def asked(self, caller: Caller) -> Self:
        """The same moment, for a call of this caller."""
        return replace(self, asked_by=caller)


class Moments:
    """Makes moments from the suite's clock and policy file. One per process and purpose."""

    def __init__(self, clock: Clock | None = None, book: PolicyBook | None = None) -> None:
        self.clock = clock or clock_from(settings())
        self.policies = PolicyAt(book or PolicyBook.load(settings().policy_file))

    def now(self) -> Moment:
        return Moment(self.clock.now(), self.policies)
