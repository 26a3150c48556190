"""An emergency is handed over 移交 to 110, 119 or 120, and followed: no word ends the order, which goes on."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.vocabulary import EmergencyLine, HandoverOutcome


@dataclass(eq=False, kw_only=True)
class Handover:
    """`line` is None where the hotline put the caller through and did not say to whom.

    `unit_code` had the order then. The desk of the unit that has it says by `follow_by` what came of it, or it is an
    incident there.
    """

    id: str
    order_no: str
    line: EmergencyLine | None
    reference: str
    unit_code: str
    handed_by: str
    handed_at: datetime
    follow_by: datetime
    followed_at: datetime | None = None
    followed_by: str = ""
    outcome: HandoverOutcome | None = None

    @property
    def is_open(self) -> bool:
        return self.followed_at is None

    def follow(self, outcome: HandoverOutcome, *, by: str, at: datetime) -> None:
        self.outcome, self.followed_by, self.followed_at = outcome, by, at


def handover_id(order_no: str, number: int) -> str:
    return f"{order_no}/E{number}"
