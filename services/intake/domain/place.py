"""Where a matter is: the lowest unit that covers every place an order names."""

from collections.abc import Sequence
from typing import NamedTuple

from shared.units import Finding, NoCoveringUnit, Tier, UnitDirectory, ancestors_of, covering_unit, tier_of


class Located(NamedTuple):
    """A unit, and whether the order said so clearly. What is not clear is relayed by the district (Art. 12)."""

    unit_code: str
    is_clear: bool


class PlaceUnknown(Exception):
    """The order names units that don't exist; `messages` says which."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__("; ".join(messages))
        self.messages = messages


def locate(codes: Sequence[str], texts: Sequence[str], units: UnitDirectory) -> Located:
    """By the unit codes if there are any, else by address and text. Raises PlaceUnknown.

    Where these contradict each other, the address holds, but not clearly; what lies elsewhere is the district's to see.
    """
    if codes:
        return _clear_below_the_district(_covering(codes, units))
    found = units.find_place(*texts)
    if found.unit is None:
        return Located(units.of_tier(Tier.DISTRICT)[0].code, is_clear=False)
    is_clear = found.finding is Finding.OURS and found.unit.tier is not Tier.DISTRICT
    return Located(found.unit.code, is_clear=is_clear)


def _covering(codes: Sequence[str], units: UnitDirectory) -> str:
    found = {code: units.find(code) for code in codes}
    if None in found.values():
        raise PlaceUnknown([_not_ours(code, units) for code, unit in found.items() if unit is None])
    try:
        covering = covering_unit(unit.code for unit in found.values() if unit is not None)
    except NoCoveringUnit as fault:
        raise PlaceUnknown([fault.message]) from None
    return next(code for code in (covering, *ancestors_of(covering)) if units.find(code) is not None)


def _not_ours(code: str, units: UnitDirectory) -> str:
    elsewhere = units.find_elsewhere(code)
    return f"Unknown unit: {code}." if elsewhere is None else f"Not ours: {code} is in {elsewhere.name}."


def _clear_below_the_district(code: str) -> Located:
    return Located(code, is_clear=tier_of(code) is not Tier.DISTRICT)
