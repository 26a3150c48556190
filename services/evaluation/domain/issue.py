"""An issue as evaluation sees it: who holds it, when it was handled, how often the holder has had to do it again.

What supervision tells comes in order, what dispatch tells comes beside it; the two are kept apart and joined on
reading, so that it does not matter which is heard first.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass
class Issue:
    """`held_since` is None until it moves first. `sent_back_handling_at` is the handling that was not enough last."""

    id: str
    unit_code: str
    held_since: datetime | None = None
    handled_unit: str = ""
    handled_at: datetime | None = None
    sent_back_handling_at: datetime | None = None
    redos: int = 0
    closed_at: datetime | None = None

    def move(self, to_unit: str, *, at: datetime) -> bool:
        """Another holder, or the same one from the start: open, and a redo is allowed again. False for old news."""
        if self.held_since is not None and at < self.held_since:
            return False
        if (self.held_since, self.unit_code, self.closed_at) == (at, to_unit, None):
            return False
        self.unit_code, self.held_since = to_unit, at
        self.redos, self.closed_at = 0, None
        return True

    def take_back(self, to_unit: str, *, held_since: datetime, at: datetime) -> None:
        """The last move is undone: this unit has held it since then. News of before the last move are old."""
        if self.held_since is None or at >= self.held_since:
            self.unit_code, self.held_since = to_unit, held_since

    def close(self, *, at: datetime) -> None:
        """Nothing is judged any more, until it moves again."""
        if self.held_since is None or at >= self.held_since:
            self.closed_at = at

    def handle(self, by_unit: str, *, at: datetime) -> None:
        """All its tasks are done. The latest handling counts."""
        if self.handled_at is None or at >= self.handled_at:
            self.handled_unit, self.handled_at = by_unit, at

    @property
    def handling(self) -> datetime | None:
        """When the present holder handled it last.

        What a former holder did before it lost the issue, or without having heard that it had, is not judged.
        """
        if self.closed_at is not None or self.handled_at is None or self.handled_unit != self.unit_code:
            return None
        if self.held_since is not None and self.handled_at < self.held_since:
            return None
        return self.handled_at

    @property
    def is_sent_back(self) -> bool:
        """Whether the last handling was found wanting already: who says so after that changes nothing more."""
        return self.sent_back_handling_at is not None and self.sent_back_handling_at == self.handled_at

    def send_back(self, *, is_redo: bool) -> None:
        """The handling was not enough; only a later one is judged so again."""
        self.sent_back_handling_at = self.handled_at
        self.redos += is_redo
