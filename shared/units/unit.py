"""A unit of the district, what the units file says of it; and the names of units that lie elsewhere."""

from dataclasses import dataclass
from datetime import date

from shared.units.codes import Tier

KINDS = {
    Tier.DISTRICT: ("district",),
    Tier.STREET: ("street", "area", "township", "town"),
    Tier.COMMUNITY: ("community", "neighbourhood", "village"),
    Tier.GRID: ("grid",),
}
"""What a unit of each tier may be: 街道, 地区, 乡 or 镇; 居 or 村, or a community of which nobody says."""
ELSEWHERE = "elsewhere"
"""The kind of a unit of another district."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit. Dates are days in Shanghai; None means as far as the records go.

    `other_codes` are of the same unit in other registers. `is_rural` is None where no source says.
    """

    code: str
    name: str
    tier: Tier
    kind: str
    population: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    replaced_by: str | None = None
    aliases: tuple[str, ...] = ()
    other_codes: tuple[str, ...] = ()
    is_rural: bool | None = None

    def is_valid_on(self, day: date) -> bool:
        """Both ends belong to the validity."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)
