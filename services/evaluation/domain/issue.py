"""An issue as evaluation sees it: who holds it, when it was handled, how often the holder has had to do it again.

What supervision tells comes in order, what dispatch tells comes beside it; the two are kept apart and joined on
reading, so that it does not matter which is heard first.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass
class Issue:
    """`held_since` is None until it moves first. `sent_back_handling_at` is the handling that was not enough last.

    `redos` counts what was not enough of the holder: each had a redo, as long as the policy allows another one.

    What was handled from `judged_since` on is judged (None: whenever it was); if `work_goes_on` after the last move,
    whoever was the holder then.
    """

    id: str
    unit_code: str
    held_since: datetime | None = None
    judged_since: datetime | None = None
    work_goes_on: bool = False
    handled_unit: str = ""
    handled_at: datetime | None = None
    sent_back_handling_at: datetime | None = None
    redos: int = 0
    closed_at: datetime | None = None

    def move(self, to_unit: str, *, at: datetime, work_goes_on: bool = False) -> bool:
        """Another holder, or the same one from the start: open, and a redo is allowed again. False for old news.

        If work goes on, what was done before is judged under the new holder.
        """
        if self.held_since is not None and at < self.held_since:
            return False
        if (self.held_since, self.unit_code, self.closed_at) == (at, to_unit, None):
            return False
        self.unit_code, self.held_since, self.work_goes_on = to_unit, at, work_goes_on
        if not work_goes_on:
            self.judged_since = at
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
        """When what is to be judged was handled last.

        Where work began anew with the last move, what a former holder did before, or without having heard of it, is
        not judged.
        """
        if self.closed_at is not None or self.handled_at is None:
            return None
        if self.handled_unit != self.unit_code and not self.work_goes_on:
            return None
        if self.judged_since is not None and self.handled_at < self.judged_since:
            return None
        if self.handled_at == self.judged_since and self.handled_unit != self.unit_code:
            return None
        return self.handled_at

    @property
    def is_sent_back(self) -> bool:
        """Whether the last handling was found wanting already: who says so after that makes it climb no further."""
        return self.sent_back_handling_at is not None and self.sent_back_handling_at == self.handled_at

    def send_back(self) -> None:
        """The handling was not enough; only a later one is judged so again."""
        self.sent_back_handling_at = self.handled_at
        self.redos += 1
