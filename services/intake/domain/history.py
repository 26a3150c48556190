"""What was decided about an order, by whom and why. Entries are only ever added."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.intake.domain.complaint import Complaint

NOBODY = "intake"
"""Who decides what nobody decided in time."""
THE_HOTLINE = "hotline"


class Decided(StrEnum):
    """What was decided."""

    SETTLED = "settled"
    DEFAULTED = "defaulted"
    RETURNED = "returned"
    ANSWERED = "answered"
    REFERRED = "referred"
    REINSTATED = "reinstated"
    CORRECTED = "corrected"
    EXTENDED = "extended"
    SPLIT = "split"
    HANDED_OVER = "handed_over"
    FOLLOWED = "followed"
    REDISPATCHED = "redispatched"
    RECALLED = "recalled"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    AMENDED = "amended"
    SUPPLEMENTED = "supplemented"
    VERIFIED = "verified"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class HistoryEntry:
    """`before` and `after` are the unit, the category or whatever else it changed, as plain words."""

    id: str
    order_no: str
    number: int
    kind: Decided
    before: dict[str, str]
    after: dict[str, str]
    reason: str
    decided_by: str
    decided_at: datetime


def entry_on(
    complaint: Complaint,
    kind: Decided,
    *,
    reason: str,
    by: str,
    at: datetime,
    before: dict[str, str] | None = None,
    after: dict[str, str] | None = None,
) -> HistoryEntry:
    """The next entry of an order, which counts it."""
    complaint.decisions += 1
    return HistoryEntry(
        id=f"{complaint.order_no}/{complaint.decisions}",
        order_no=complaint.order_no,
        number=complaint.decisions,
        kind=kind,
        before=before or {},
        after=after or {},
        reason=reason,
        decided_by=by,
        decided_at=at,
    )
