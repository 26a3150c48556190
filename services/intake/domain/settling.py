"""An order of which only a clerk can say which unit it is for: why, what is suggested, until when it waits."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.intake.domain.errors import ReturnedBefore
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

    def must_be_returnable(self) -> None:
        """Raises ReturnedBefore for an order that the hotline had taken up after all."""
        if self.doubt is Doubt.REINSTATED:
            raise ReturnedBefore(f"the hotline had order {self.order_no} taken up after all: give it to a unit")

    def reopen(self, *, at: datetime, due_at: datetime, unit_code: str) -> None:
        """On the list again, to be given to a unit."""
        self.doubt, self.unit_code = Doubt.REINSTATED, unit_code
        self.suggested_unit = self.suggested_unit or unit_code
        self.waits_since, self.due_at, self.settled_at = at, due_at, None
