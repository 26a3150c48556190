"""Where a matter is: the lowest unit that covers all places an order names, or the doubt that a clerk must settle."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from shared.contracts.vocabulary import Doubt
from shared.directory.dated import DatedUnits
from shared.units import Finding, Found, NoCoveringUnit, Tier


class Located(NamedTuple):
    """A unit, and whether the order said so clearly. What is not clear is relayed by the district (Art. 12).

    With a `doubt` the unit is the one whose order desk settles it; `suggested` is the unit that the suite would give it
    to, empty where it would return it, and `named` what gave the doubt.
    """

    unit_code: str
    is_clear: bool
    doubt: Doubt | None = None
    suggested: str = ""
    named: tuple[str, ...] = ()


def locate(codes: Sequence[str], texts: Sequence[str], units: DatedUnits) -> Located:
    """By the unit codes if there are any, else by address and text. A unit that ended stands for what came after it.

    Never where its text alone says otherwise than its address, nor here what lies elsewhere: these are in doubt.
    """
    if codes:
        return _of_codes(codes, texts, units)
    found = units.find_place(*texts)
    if found.finding is Finding.ELSEWHERE:
        return Located(units.district, is_clear=False, doubt=Doubt.ELSEWHERE, named=found.names)
    if found.finding is Finding.CONTRADICTION:
        return _contradicting(found, texts, units)
    if found.unit is None:
        return Located(units.district, is_clear=False)
    return Located(found.unit.code, is_clear=found.unit.tier is not Tier.DISTRICT)


def _of_codes(codes: Sequence[str], texts: Sequence[str], units: DatedUnits) -> Located:
    standing = {code: units.standing_for(code) for code in codes}
    settled = [_one_of(some, texts, units) for some in standing.values() if some]
    if not all(standing.values()):
        return _doubtful(standing, [one.unit_code for one in settled], texts, units)
    covering = _covering((one.unit_code for one in settled), units)
    is_clear = all(one.is_clear for one in settled) and units.get(covering).tier is not Tier.DISTRICT
    return Located(covering, is_clear=is_clear)


def _one_of(some: Sequence[str], texts: Sequence[str], units: DatedUnits) -> Located:
    """Of several that came after a unit, the one in which the place lies; where nobody says, the unit above them."""
    if len(some) == 1:
        return Located(some[0], is_clear=True)
    part = part_of(some, texts, units)
    return Located(part, is_clear=True) if part else Located(units.covering_unit(some), is_clear=False)


def part_of(parts: Sequence[str], texts: Sequence[str], units: DatedUnits) -> str | None:
    """In which of these units the place lies that address and text name; None if they name none of them."""
    found = units.find_place(*texts).unit
    return next((one for one in parts if found is not None and units.is_within(found.code, one)), None)


def _doubtful(
    standing: Mapping[str, Sequence[str]], ours: Sequence[str], texts: Sequence[str], units: DatedUnits
) -> Located:
    """Some codes stand for no unit of ours. What they name beside these is suggested, else what the texts name."""
    missing = [code for code, some in standing.items() if not some]
    named = tuple(_why_not(code, units) for code in missing)
    if all(units.has_ended(code) for code in missing):
        covering = _covering((*ours, *(units.heir_of(code) for code in missing)), units)
        told = units.find_place(*texts).unit
        suggested = told.code if told is not None and units.is_within(told.code, covering) else covering
        return Located(covering, is_clear=False, doubt=Doubt.UNIT_ENDED, suggested=suggested, named=named)
    is_elsewhere = all(units.find_elsewhere(code) is not None for code in missing)
    doubt = Doubt.ELSEWHERE if is_elsewhere else Doubt.UNKNOWN_UNIT
    told = None if ours or is_elsewhere else units.find_place(*texts).unit
    suggested = _covering(ours, units) if ours else told.code if told is not None else ""
    if doubt is Doubt.UNKNOWN_UNIT:
        suggested = suggested or units.district
    return Located(units.district, is_clear=False, doubt=doubt, suggested=suggested, named=named)


def _contradicting(found: Found, texts: Sequence[str], units: DatedUnits) -> Located:
    """Whose desk covers all that address and text name, each by itself; what the address names is suggested."""
    apart = [units.find_place(texts[0]), *(units.find_place("", one) for one in texts[1:])]
    ours = [one.unit.code for one in apart if one.unit is not None]
    is_ours_alone = ours and not any(one.finding is Finding.ELSEWHERE for one in apart)
    covering = _covering(ours, units) if is_ours_alone else units.district
    suggested = found.unit.code if found.unit is not None else ""
    return Located(covering, is_clear=False, doubt=Doubt.CONTRADICTION, suggested=suggested, named=found.names)


def _covering(codes: Iterable[str], units: DatedUnits) -> str:
    try:
        return units.covering_unit(codes)
    except NoCoveringUnit:
        return units.district


def _why_not(code: str, units: DatedUnits) -> str:
    if units.has_ended(code):
        return f"Has ended: {code}."
    elsewhere = units.find_elsewhere(code)
    return f"Unknown unit: {code}." if elsewhere is None else f"Not ours: {code} is in {elsewhere.name}."
