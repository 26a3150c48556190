"""Entries made in bulk, by nobody's hands: what ships, and what is made for exercises."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.directory.domain.kinds import ALL
from shared.clock import SHANGHAI
from shared.contracts.directory import EntryPart
from shared.contracts.directory_words import Origin

RECORDS_BEGIN_AT = datetime(2000, 1, 1, tzinfo=SHANGHAI)
"""From when on that holds of which nobody says since when."""


@dataclass(frozen=True)
class Draft:
    """An entry to be: its facts, and how long they hold."""

    kind: str
    id: str
    facts: Any
    valid_from: datetime = RECORDS_BEGIN_AT
    valid_to: datetime | None = None
    replaced_by: tuple[str, ...] = ()

    def period(self, origin: Origin, revision: int = 1) -> EntryPart:
        """Its one period. What we make ourselves needs no check."""
        entry = {"id": self.id, "revision": revision, "origin": origin, "replaced_by": list(self.replaced_by)}
        return ALL[self.kind].period(
            entry | {"valid_from": self.valid_from, "valid_to": self.valid_to}, vars(self.facts)
        )
