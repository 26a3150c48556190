"""An issue as evaluation sees it: who holds it, when it was handled, how often the holder has had to do it again.

What supervision tells comes in order, what dispatch tells comes beside it; the two are kept apart and joined on
reading, so that it does not matter which is heard first.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass
class Issue:
    """`held_since` is None until it moves for the first time. `judged_handling_at` is the handling judged last.

    `rank_unit` stands for the holder in the ranks, as of when it came to hold it.
    """

    id: str
    unit_code: str
    held_since: datetime | None = None
    handled_unit: str = ""
    handled_at: datetime | None = None
    judged_handling_at: datetime | None = None
    redos: int = 0
    closed_at: datetime | None = None
    rank_unit: str = ""

    def move(self, to_unit: str, *, at: datetime) -> None:
        """Another holder, or the same one from the start: it is open, and a redo is allowed again. Old news are not."""
        if self.held_since is not None and at < self.held_since:
            return
        if (self.held_since, self.unit_code, self.closed_at) == (at, to_unit, None):
            return
        self.unit_code, self.held_since = to_unit, at
        self.redos, self.closed_at = 0, None

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
    def handling_to_judge(self) -> datetime | None:
        """When the present holder handled it, if that was not judged yet.

        What a former holder did before it lost the issue, or without having heard that it had, is not judged.
        """
        if self.closed_at is not None or self.handled_at is None or self.handled_unit != self.unit_code:
            return None
        if self.held_since is not None and self.handled_at < self.held_since:
            return None
        if self.judged_handling_at is not None and self.handled_at <= self.judged_handling_at:
            return None
        return self.handled_at

    def note_judged(self, *, is_redo: bool) -> None:
        """The handling is judged; only a later one is judged again."""
        self.judged_handling_at = self.handled_at
        self.redos += is_redo
