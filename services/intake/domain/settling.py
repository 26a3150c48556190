"""An order of which only a clerk can say which unit it is for: why, what is suggested, until when it waits."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.contracts.vocabulary import Doubt

MAY_LIE_ELSEWHERE = frozenset({Doubt.ELSEWHERE, Doubt.CONTRADICTION})


class Suggestion(StrEnum):
    """What the suite would do; a clerk decides."""

    GIVE_UNIT = "give_unit"
    RETURN_TO_HOTLINE = "return_to_hotline"


@dataclass(eq=False, kw_only=True)
class Unsettled:
    """`unit_code` is the unit whose clerks decide, and which has the order when they don't until `due_at`.

    `named` is what gave the doubt. It stays, settled, on record.
    """

    order_no: str
    unit_code: str
    doubt: Doubt
    named: list[str]
    suggested_unit: str
    waits_since: datetime
    due_at: datetime
    settled_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.settled_at is None

    @property
    def suggestion(self) -> Suggestion:
        is_away = not self.suggested_unit and self.doubt in MAY_LIE_ELSEWHERE
        return Suggestion.RETURN_TO_HOTLINE if is_away else Suggestion.GIVE_UNIT
