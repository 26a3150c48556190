"""Whom a complaint is against 被反映者: the organisations that its words name, as far as they have to do with its unit.

They neither handle it, nor decide about it, nor read who called. A complaint against the committee of a unit is not for
that unit: the one above it has it.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from shared.contracts.directory import OrganisationPart
from shared.contracts.directory_words import OrganisationKind
from shared.directory.dated import DatedUnits
from shared.units import Tier, tier_of

LEAST_NAME = 3
OWN_COMMITTEES = (Tier.GRID, Tier.COMMUNITY)


class Against(NamedTuple):
    """The ids of the organisations that an order is against, and the unit that it is for by that."""

    respondents: tuple[str, ...]
    unit_code: str


class Respondents:
    """The organisations that may be complained about, as they hold at one instant."""

    def __init__(self, organisations: Iterable[OrganisationPart]) -> None:
        self._around: dict[str, list[tuple[Sequence[str], OrganisationPart]]] = defaultdict(list)
        for one in organisations:
            names = [plainly(name) for name in (one.name, *one.aliases)]
            for unit in one.serves or [one.unit]:
                self._around[unit].append((names, one))

    def named(self, said: str, unit_code: str, units: DatedUnits) -> Against:
        """Those that what was said names, among them that serve the unit or one above it."""
        plain = plainly(said)
        around = units.lineage_of(unit_code)
        found = [one for unit in around for names, one in self._around.get(unit, ()) if is_any_named(plain, names)]
        own = [
            one.unit for one in found if one.kind is OrganisationKind.COMMITTEE and tier_of(one.unit) in OWN_COMMITTEES
        ]
        highest = min(own, key=len, default="")
        above = units.parent_of(highest) if highest else None
        return Against(tuple(sorted({one.id for one in found})), above or unit_code)


def as_lines(organisation_ids: Iterable[str]) -> str:
    """As an order and its issue keep them."""
    return "\n".join(organisation_ids)


def ids_in(lines: str) -> list[str]:
    """What `as_lines` was given."""
    return lines.split("\n") if lines else []


def is_any_named(plain: str, names: Iterable[str]) -> bool:
    """Whether a text that is plain already names one of these, whichever of the two is written shorter."""
    return any(min(len(plain), len(name)) >= LEAST_NAME and (plain in name or name in plain) for name in names)


def plainly(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
