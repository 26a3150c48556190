"""Putting a session off: for one of the reasons of a closed list. Words may be added; they are never searched."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.vocabulary import PostponementReason


@dataclass(frozen=True)
class Postponement:
    """One postponing, as it is published."""

    reason: PostponementReason
    words: str
    by: str
    at: datetime
    was_to_start_at: datetime
    starts_at: datetime
