"""The moment at which something is done: the instant, the rules that hold then, and who asks.

Every use case is given one, and reads neither the clock nor the policy file. One moment serves a whole batch.
"""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol, Self

from shared.auth import Caller
from shared.clock import Clock, clock_from
from shared.directory.copy import NotTold
from shared.directory.dated import DatedUnits
from shared.policy import Lineage, Policy, PolicyBook, lineage_by_code
from shared.settings import settings


class Knows(Protocol):
    """What is asked of a unit of work."""

    def units(self, now: datetime) -> DatedUnits: ...


class PolicyAt:
    """The policy that holds at an instant. Looked up once per hour and lineage: versions change at midnight."""

    def __init__(self, book: PolicyBook) -> None:
        self._book = book
        self._found: dict[tuple[str, Lineage], Policy] = {}

    @property
    def differs_by_unit(self) -> bool:
        """Whether any unit has values of its own."""
        return self._book.differs_by_unit

    def at(self, now: datetime, lineage: Lineage = ()) -> Policy:
        key = (now.isoformat()[:13], lineage)
        if key not in self._found:
            if len(self._found) > 1000:
                self._found.clear()
            self._found[key] = self._book.at(now, lineage)
        return self._found[key]


@dataclass(frozen=True)
class Moment:
    """`now` is an aware instant in UTC. Events and timers happen without a caller.

    `work` knows which units lie inside which at that instant.
    """

    now: datetime
    policies: PolicyAt = field(repr=False)
    asked_by: Caller | None = None
    work: Knows | None = field(default=None, repr=False, compare=False)

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
        """What holds now in a unit, which may have values of its own, or of what it lies in now."""
        return self.policies.at(self.now, self._lineage_of(unit_code))

    def policy_then(self, instant: datetime) -> Policy:
        """What held, or will hold, at another instant."""
        return self.policies.at(instant)

    def _lineage_of(self, unit_code: str | None) -> Lineage:
        """Looked up only where it makes a difference; by the code where nobody has told which units there are."""
        if unit_code is None or not self.policies.differs_by_unit:
            return ()
        if self.work is None:
            return lineage_by_code(unit_code)
        with suppress(NotTold):
            return self.work.units(self.now).lineage_of(unit_code)[::-1]
        return lineage_by_code(unit_code)

    def asked(self, caller: Caller) -> Self:
        """The same moment, for a call of this caller."""
        return replace(self, asked_by=caller)


class Moments:
    """Makes moments from the suite's clock and policy file. One per process and purpose."""

    def __init__(self, clock: Clock | None = None, book: PolicyBook | None = None) -> None:
        self.clock = clock or clock_from(settings())
        self.policies = PolicyAt(book or PolicyBook.load(settings().policy_file))

    def now(self, work: Knows | None = None) -> Moment:
        return Moment(self.clock.now(), self.policies, work=work)
