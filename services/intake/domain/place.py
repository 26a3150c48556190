"""Where a matter is: the lowest unit that covers every place an order names."""

from collections.abc import Sequence
from typing import NamedTuple

from shared.directory.dated import DatedUnits
from shared.units import Finding, NoCoveringUnit, Tier


class Located(NamedTuple):
    """A unit, and whether the order said so clearly. What is not clear is relayed by the district (Art. 12)."""

    unit_code: str
    is_clear: bool


class PlaceUnknown(Exception):
    """The order names units that don't exist; `messages` says which."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__("; ".join(messages))
        self.messages = messages


def locate(codes: Sequence[str], texts: Sequence[str], units: DatedUnits) -> Located:
    """By the unit codes if there are any, else by address and text. Raises PlaceUnknown.

    Where these contradict each other, the address holds, but not clearly; what lies elsewhere is the district's to see.
    A unit that has ended stands for what came after it.
    """
    if codes:
        return _covering(codes, texts, units)
    found = units.find_place(*texts)
    if found.unit is None:
        return Located(units.district, is_clear=False)
    is_clear = found.finding is Finding.OURS and found.unit.tier is not Tier.DISTRICT
    return Located(found.unit.code, is_clear=is_clear)


def _covering(codes: Sequence[str], texts: Sequence[str], units: DatedUnits) -> Located:
    now = {code: units.standing_for(code) for code in codes}
    if not all(now.values()):
        raise PlaceUnknown([_not_ours(code, units) for code, some in now.items() if not some])
    settled = [_one_of(code, some, texts, units) for code, some in now.items()]
    try:
        covering = units.covering_unit(one.unit_code for one in settled)
    except NoCoveringUnit as fault:
        raise PlaceUnknown([fault.message]) from None
    is_clear = all(one.is_clear for one in settled) and units.get(covering).tier is not Tier.DISTRICT
    return Located(covering, is_clear=is_clear)


def _one_of(code: str, some: Sequence[str], texts: Sequence[str], units: DatedUnits) -> Located:
    """Of several that came after a unit, the one in which the place lies; where nobody says, the unit above them."""
    if len(some) == 1:
        return Located(some[0], is_clear=True)
    found = units.find_place(*texts).unit
    inside = [one for one in some if found is not None and units.is_within(found.code, one)]
    return Located(inside[0], is_clear=True) if inside else Located(units.covering_unit(some), is_clear=False)


def _not_ours(code: str, units: DatedUnits) -> str:
    elsewhere = units.find_elsewhere(code)
    return f"Unknown unit: {code}." if elsewhere is None else f"Not ours: {code} is in {elsewhere.name}."
