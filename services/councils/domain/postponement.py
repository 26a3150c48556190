"""For what reasons a session may be put off: never for time, efficiency or rank."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.councils.domain.errors import ReasonRefused


@dataclass(frozen=True)
class Postponement:
    """One postponing, as it is published."""

    reason: str
    by: str
    at: datetime
    was_to_start_at: datetime
    starts_at: datetime


@dataclass(frozen=True)
class ReasonRules:
    """Words that give away a reason nobody may use, and the explanation that is given then."""

    explanation: str
    refused: Sequence[str]

    def must_allow(self, reason: str) -> None:
        """Raises ReasonRefused for an empty reason, and for one of time, efficiency or rank."""
        said = " ".join(reason.casefold().split())
        if not said:
            raise ReasonRefused("a session can't be postponed without a reason", {"reason": ["Must not be empty."]})
        joined = said.replace(" ", "")
        for words in self.refused:
            if words.casefold() in said or words.casefold().replace(" ", "") in joined:
                raise ReasonRefused(self.explanation, {"reason": [f"“{words}” is no reason to postpone a session."]})
