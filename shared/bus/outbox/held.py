"""What the relay passes over for now: order is kept within a subject, and one row that can't go out stops no other.

A row that can't go out holds up its subject. A row for which the broker has no queue holds up its routing key as well:
the key waits, longer each time. A key of which the broker has taken nothing yet is tried with one row alone, as what is
sent together with it on its subject would overtake it.
"""

import time
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import RowMapping

FIRST_SECONDS = 0.1
LONGEST_SECONDS = 5.0

Key = tuple[str, str]
Named = Mapping[str, Any] | RowMapping
"""A row, or as much of it as says where it goes and what it is about."""


class Held:
    """Kept in memory by whoever publishes. `after`: how far the outbox was looked through since `restart`."""

    def __init__(self, set_aside: Iterable[str]) -> None:
        self._taken: set[Key] = set()
        self._keys: set[Key] = set()
        self._seconds = FIRST_SECONDS
        self.restart(set_aside)

    def restart(self, set_aside: Iterable[str]) -> None:
        """Look through the outbox from its beginning. Subjects of rows that were set aside stay held up."""
        if self._keys:
            self._seconds = min(2 * self._seconds, LONGEST_SECONDS)
        self._keys = set()
        self._subjects = set(set_aside) - {""}
        self._until = time.monotonic() + LONGEST_SECONDS
        self.after = 0

    @property
    def is_any(self) -> bool:
        return bool(self._subjects or self._keys)

    @property
    def is_over(self) -> bool:
        """Whether it is time to restart."""
        return time.monotonic() >= self._until

    @property
    def keys(self) -> list[str]:
        """Routing keys that wait, by name."""
        return sorted({routing_key for _, routing_key in self._keys})

    def hold_subject(self, subject: str) -> None:
        """The empty subject is none, and holds up nobody."""
        if subject:
            self._subjects.add(subject)

    def hold_key(self, row: Named) -> None:
        if not self._keys:
            self._until = time.monotonic() + self._seconds
        self._keys.add(_key(row))
        self._taken.discard(_key(row))
        self.hold_subject(row["subject"])

    def note_taken(self, row: Named) -> None:
        """The broker took it, and so will take others like it."""
        if _key(row) not in self._taken:
            self._taken.add(_key(row))
            self._seconds = FIRST_SECONDS

    def let_pass(self, rows: Iterable[tuple[int, Named]]) -> list[int]:
        """Of the next rows, by their positions and in order, those that may be published together now."""
        passing: list[int] = []
        for position, row in rows:
            if row["subject"] in self._subjects or _key(row) in self._keys:
                self.hold_subject(row["subject"])
                self.after = position
            elif _key(row) in self._taken:
                passing.append(position)
                self.after = position
            elif passing:
                break
            else:
                self.after = position
                return [position]
        return passing


def _key(row: Named) -> Key:
    return row["exchange"], row["routing_key"]
