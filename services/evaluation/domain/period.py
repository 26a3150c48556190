"""A period 考评周期: a calendar month in Shanghai. It is open, then frozen, then published; after that only errata.

Callbacks and orders count in the period that is open when they are recorded: one that comes after the freeze, however
little, counts in the next. So a frozen period never changes, and can be computed again.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Self

from services.evaluation.domain.errors import PeriodNotFrozen, PeriodNotOver, PeriodNotPublished
from services.evaluation.domain.result import canonical
from shared.clock import SHANGHAI


class PeriodState(StrEnum):
    OPEN = "open"
    FROZEN = "frozen"
    PUBLISHED = "published"


@dataclass
class Period:
    """From `starts_at` until just before `ends_at`. `result` are the canonical bytes, once it is frozen."""

    id: str
    starts_at: datetime
    ends_at: datetime
    state: PeriodState = PeriodState.OPEN
    samples: int = 0
    sha256: str = ""
    result: bytes | None = None
    frozen_at: datetime | None = None
    published_at: datetime | None = None
    errata: int = 0

    @classmethod
    def around(cls, instant: datetime, start_day: int) -> Self:
        """The period an instant lies in, named after the month in which it starts."""
        day = instant.astimezone(SHANGHAI).date()
        first = day.replace(day=start_day)
        if first > day:
            first = _month_before(first)
        return cls(f"{first:%Y-%m}", _midnight(first), _midnight(_month_after(first)))

    @property
    def is_open(self) -> bool:
        return self.state is PeriodState.OPEN

    def freezes_at(self, days_after: int) -> datetime:
        """When it is frozen by itself: so many days after its end."""
        return self.ends_at + timedelta(days=days_after)

    def freeze(self, result: bytes, samples: int, *, at: datetime) -> None:
        """Fix the result for ever."""
        if not self.is_open:
            raise ValueError(f"period {self.id} is {self.state.value} already")
        self.state, self.frozen_at = PeriodState.FROZEN, at
        self.result, self.sha256, self.samples = result, hashlib.sha256(result).hexdigest(), samples

    def must_have_ended(self, *, at: datetime) -> None:
        """Raises PeriodNotOver."""
        if at < self.ends_at:
            raise PeriodNotOver(f"period {self.id} runs until {self.ends_at.astimezone(SHANGHAI):%Y-%m-%d}")

    def must_be_over(self) -> None:
        """Raises PeriodNotFrozen."""
        if self.is_open:
            raise PeriodNotFrozen(f"period {self.id} runs until {self.ends_at.astimezone(SHANGHAI):%Y-%m-%d}")

    def publish(self, *, at: datetime) -> bool:
        """False if it was public before. Raises PeriodNotFrozen."""
        self.must_be_over()
        if self.state is PeriodState.PUBLISHED:
            return False
        self.state, self.published_at = PeriodState.PUBLISHED, at
        return True

    def mend(self, reason: str, correction: str, *, by: str, at: datetime) -> "Erratum":
        """A correction beside the result, which stays as it is. Raises PeriodNotPublished."""
        if self.state is not PeriodState.PUBLISHED:
            raise PeriodNotPublished(f"period {self.id} is {self.state.value}")
        self.errata += 1
        return Erratum(self.id, self.errata, reason, correction, self.sha256, issued_by=by, issued_at=at)


@dataclass
class Erratum:
    """A correction 更正 of a published period, in public. `period_sha256` says which result it mends."""

    period_id: str
    number: int
    reason: str
    correction: str
    period_sha256: str
    issued_by: str
    issued_at: datetime

    @property
    def sha256(self) -> str:
        """Of the erratum itself, in canonical form."""
        said = {
            "period_id": self.period_id,
            "erratum_no": self.number,
            "reason": self.reason,
            "correction": self.correction,
            "period_sha256": self.period_sha256,
        }
        return hashlib.sha256(canonical(said)).hexdigest()


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def _month_after(day: date) -> date:
    return day.replace(year=day.year + day.month // 12, month=day.month % 12 + 1)


def _month_before(day: date) -> date:
    return day.replace(year=day.year - (day.month == 1), month=(day.month - 2) % 12 + 1)
