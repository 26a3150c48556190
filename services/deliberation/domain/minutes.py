"""The minutes 会议纪要 of a session: draft, circulated, corrected, approved, signed. Signed, they only grow."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.deliberation.domain.errors import MinutesNotReady


class MinutesState(StrEnum):
    """How far the minutes are."""

    DRAFT = "draft"
    CIRCULATED = "circulated"
    CORRECTED = "corrected"
    APPROVED = "approved"
    SIGNED = "signed"


@dataclass(eq=False)
class Minutes:
    """Where the minutes of a session stand. What they say is the session's record."""

    session_id: str
    state: MinutesState = MinutesState.DRAFT
    corrections: int = 0
    signed_by: str = ""
    signed_at: datetime | None = None
    signed_hash: str = ""

    def circulate(self) -> None:
        self._must_be("circulated", MinutesState.DRAFT)
        self.state = MinutesState.CIRCULATED

    def correct(self) -> None:
        """Append a correction. What was approved must be approved again; what is signed stays signed."""
        if self.state is MinutesState.DRAFT:
            raise MinutesNotReady("a draft is not corrected; circulate it first")
        self.corrections += 1
        if self.state is not MinutesState.SIGNED:
            self.state = MinutesState.CORRECTED

    def approve(self) -> None:
        self._must_be("approved", MinutesState.CIRCULATED, MinutesState.CORRECTED)
        self.state = MinutesState.APPROVED

    def sign(self, *, by: str, at: datetime) -> None:
        self._must_be("signed", MinutesState.APPROVED)
        self.state, self.signed_by, self.signed_at = MinutesState.SIGNED, by, at

    def _must_be(self, step: str, *allowed: MinutesState) -> None:
        if self.state not in allowed:
            raise MinutesNotReady(f"minutes are {step} when {' or '.join(allowed)}; these are {self.state}")
