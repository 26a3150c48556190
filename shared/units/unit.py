"""A unit of the district: what the units file says of it."""

from dataclasses import dataclass
from datetime import date

from shared.units.codes import Tier


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of the district. Dates are days in Shanghai; None means as far as the records go."""

    code: str
    name: str
    tier: Tier
    kind: str
    population: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    replaced_by: str | None = None

    def is_valid_on(self, day: date) -> bool:
        """Both ends belong to the validity."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)
