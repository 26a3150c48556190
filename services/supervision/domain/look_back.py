"""A look-back 回头看: a closed matter is looked at again after the policy's lengths of time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.supervision.domain.case import Case


@dataclass(kw_only=True)
class LookBack:
    """`number` counts from 1 after each closing; `dropped_at` says that the matter came back before."""

    id: str
    issue_id: str
    number: int
    due_at: datetime
    announced_at: datetime | None = None
    dropped_at: datetime | None = None
    done_at: datetime | None = None
    done_by: str = ""
    has_relapsed: bool | None = None
    remark: str = ""

    @property
    def is_ahead(self) -> bool:
        return self.done_at is None and self.dropped_at is None

    @property
    def is_due(self) -> bool:
        return self.is_ahead and self.announced_at is not None

    def record(self, *, has_relapsed: bool, remark: str, by: str, at: datetime) -> None:
        self.has_relapsed, self.remark, self.done_by, self.done_at = has_relapsed, remark, by, at


def look_backs_after(case: Case, lengths: Iterable[timedelta], *, at: datetime) -> list[LookBack]:
    """Those that follow a closing. A case that relapsed gets new ones; ids tell the closings apart."""
    return [
        LookBack(
            id=f"{case.issue_id}/L{case.relapses + 1}.{number}",
            issue_id=case.issue_id,
            number=number,
            due_at=at + length,
        )
        for number, length in enumerate(lengths, start=1)
    ]
