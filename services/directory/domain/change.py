"""A change of an entry: who wanted it, why, and what became of it. The journal keeps every one."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.directory.domain.errors import AlreadyDecided, OwnProposal


class Action(StrEnum):
    """What a change does."""

    ENTER = "enter"
    CHANGE = "change"
    END = "end"


class ChangeState(StrEnum):
    """A change that needs no second opinion is done at once."""

    PROPOSED = "proposed"
    DONE = "done"
    REJECTED = "rejected"


@dataclass(eq=False)
class Change:
    """One change. From `valid_from` on the facts hold, until `valid_to` if it is named."""

    id: str
    kind: str
    entry_id: str
    unit_code: str
    action: Action
    facts: dict[str, Any]
    valid_from: datetime
    valid_to: datetime | None
    replaced_by: list[str]
    why: str
    asked_by: str
    asked_at: datetime
    state: ChangeState = ChangeState.PROPOSED
    decided_by: str = ""
    decided_at: datetime | None = None
    reason: str = ""

    @classmethod
    def of_many(cls, what: str, named: str, *, unit_code: str, why: str, by: str, at: datetime) -> "Change":
        """What is put in by thousands is one line in the journal."""
        made = cls(what, what, named, unit_code, Action.ENTER, {}, at, None, [], why, by, at)
        made.id = f"{at:%Y%m%dT%H%M%S}-{what}-{uuid.uuid4().hex[:12]}"
        made.do(at=at)
        return made

    def decide(self, *, approve: bool, by: str, at: datetime, reason: str) -> None:
        """Raises OwnProposal for whoever asked for it, AlreadyDecided the second time."""
        if self.state is not ChangeState.PROPOSED:
            raise AlreadyDecided(f"the change {self.id} is {self.state} already, by {self.decided_by}")
        if by == self.asked_by:
            raise OwnProposal(f"{by} asked for the change {self.id}; somebody else decides")
        self.state = ChangeState.DONE if approve else ChangeState.REJECTED
        self.decided_by, self.decided_at, self.reason = by, at, reason

    def do(self, *, at: datetime) -> None:
        """Nobody else needs to agree."""
        self.state, self.decided_by, self.decided_at = ChangeState.DONE, self.asked_by, at
