"""The flow as arrows: one for each pair of services that talk, with the names of all events that go that way.

The directory tells everybody who and where, and the board hears everybody: both are named below the picture, not drawn
in it.
"""

from collections import defaultdict
from dataclasses import dataclass

from shared.contracts.base import Event
from shared.contracts.flow import HOTLINE_REPLIES, LISTENERS, STREET_NOTICES
from shared.contracts.picture_style import BAR, COLUMN

BOARD = "board"


@dataclass(frozen=True)
class Arrow:
    """What one service tells another."""

    sender: str
    receiver: str
    events: tuple[str, ...]

    @property
    def distance(self) -> int:
        """How many places apart in the column."""
        return abs(COLUMN.index(self.sender) - COLUMN.index(self.receiver))

    @property
    def is_upward(self) -> bool:
        return COLUMN.index(self.sender) > COLUMN.index(self.receiver)

    @property
    def in_lane(self) -> bool:
        """Whether it must go round other boxes."""
        return BAR not in (self.sender, self.receiver) and self.distance > 1

    def joins(self, one: str, another: str) -> bool:
        return {self.sender, self.receiver} == {one, another}

    def other(self, name: str) -> str:
        return self.receiver if self.sender == name else self.sender


def arrows() -> list[Arrow]:
    """In the order of the flow; those to supervision before those from it."""
    told: dict[tuple[str, str], list[str]] = defaultdict(list)
    for receiver, contracts in _heard().items():
        if receiver == BOARD:
            continue
        for contract in (one for one in contracts if one.publisher in COLUMN or one.publisher == BAR):
            told[contract.publisher, receiver].append(contract.wire_type.rpartition(".")[0])
    found = [Arrow(sender, receiver, tuple(dict.fromkeys(events))) for (sender, receiver), events in told.items()]
    return sorted(found, key=lambda arrow: (arrow.sender == BAR, arrow.sender, arrow.receiver))


def _heard() -> dict[str, tuple[type[Event], ...]]:
    return {**LISTENERS, "hotline": HOTLINE_REPLIES, "streets": STREET_NOTICES}
