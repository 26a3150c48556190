"""What one transaction has read and is going to write: the part of a unit of work that knows nothing of the bus.

Everything a unit of work holds in memory is one of its parts. Between `mark` and `restore` a part gives back what it
was, so that a command that fails leaves no trace in the work of those beside it.
"""

from typing import Protocol

from sqlalchemy import Connection

from shared.storage.writes import Writes


class Part(Protocol):
    """Something a unit of work holds until its end."""

    def mark(self) -> None:
        """Remember how things are; the mark before this one is forgotten."""

    def restore(self) -> None:
        """Be again as at the last mark."""

    def flush(self, writes: Writes) -> None:
        """Hand over what is to be written. Once handed over it is written whatever else happens."""


class Work:
    """Its parts are flushed in the order in which they were made; what refers to a row comes after that row."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.writes = Writes(connection)
        self.parts: list[Part] = []

    def mark(self) -> None:
        for part in self.parts:
            part.mark()

    def restore(self) -> None:
        """Undo what was done since the mark. What was read in between stays known."""
        for part in self.parts:
            part.restore()

    def flush(self) -> None:
        """Write everything that waits to be written. The last thing that is done with a unit of work."""
        for part in self.parts:
            part.flush(self.writes)
        self.writes.flush()
