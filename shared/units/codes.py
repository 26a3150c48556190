"""Unit codes. A code alone says its tier and its parent.

Grid, community, street and district codes have 15, 12, 9 and 6 digits; a unit's code begins with its parent's.
"""

from collections.abc import Iterable
from enum import StrEnum

from shared.errors import BadRequest


class BadUnitCode(BadRequest):
    """This is not the code of a unit."""

    code = "bad_unit_code"


class NoCoveringUnit(BadRequest):
    """No single unit covers these units: they lie in different districts."""

    code = "no_covering_unit"


class Tier(StrEnum):
    """How high a unit stands. Tiers compare by height: `Tier.GRID < Tier.DISTRICT`."""

    GRID = "grid"
    COMMUNITY = "community"
    STREET = "street"
    DISTRICT = "district"

    @property
    def height(self) -> int:
        return _HEIGHTS[self.value]

    @property
    def above(self) -> "Tier | None":
        """The next tier up; None above the district."""
        return None if self is Tier.DISTRICT else list(Tier)[self.height + 1]

    def __lt__(self, other: str) -> bool:
        return self.height < Tier(other).height

    def __le__(self, other: str) -> bool:
        return self.height <= Tier(other).height

    def __gt__(self, other: str) -> bool:
        return self.height > Tier(other).height

    def __ge__(self, other: str) -> bool:
        return self.height >= Tier(other).height


_HEIGHTS = {"grid": 0, "community": 1, "street": 2, "district": 3}
_TIER_BY_LENGTH = {6: Tier.DISTRICT, 9: Tier.STREET, 12: Tier.COMMUNITY, 15: Tier.GRID}
_DIGITS = frozenset("0123456789")
_CHINA = "156"


def tier_of(code: str) -> Tier:
    """The tier a code says it belongs to. Raises BadUnitCode."""
    tier = _TIER_BY_LENGTH.get(len(code))
    if tier is None or not _DIGITS.issuperset(code):
        raise BadUnitCode(
            f"{code!r} is not a unit code: it must have 6 (district), 9 (street), 12 (community) or 15 (grid) digits",
            {"unit": [f"Not a unit code: {code[:40]!r}."]},
        )
    return tier


def canonical_code(text: str) -> str:
    """The code that others write longer: 110105015000 is the street 110105015, 156110105 the country and a district.

    Use it on every code that comes from a file, a message or a person. Raises BadUnitCode.
    """
    code = text[3:] if text.startswith(_CHINA) and len(text) - 3 in _TIER_BY_LENGTH else text
    tier_of(code)
    while len(code) > 6 and code.endswith("000"):
        code = code[:-3]
    return code


def parent_of(code: str) -> str | None:
    """The code of the unit above; None for a district."""
    return None if tier_of(code) is Tier.DISTRICT else code[:-3]


def ancestors_of(code: str) -> tuple[str, ...]:
    """The codes of all units above, nearest first."""
    tier_of(code)
    return tuple(code[:length] for length in range(len(code) - 3, 5, -3))


def is_within(code: str, unit: str) -> bool:
    """Whether `code` is `unit` itself or lies inside it."""
    tier_of(code), tier_of(unit)
    return code.startswith(unit)


def covering_unit(codes: Iterable[str]) -> str:
    """The lowest unit that covers all of them: their longest common prefix that is a unit. Raises NoCoveringUnit."""
    codes = sorted(codes)
    for code in codes:
        tier_of(code)
    # What the first and the last in order share, all between them share too.
    lineage = [codes[0], *ancestors_of(codes[0])] if codes else []
    for unit in lineage:
        if codes[-1].startswith(unit):
            return unit
    raise NoCoveringUnit(f"no unit covers all of: {', '.join(codes) or 'nothing'}")
