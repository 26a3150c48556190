"""The organisations that are ranked by themselves, from the copy of the directory: departments 部门 and enterprises."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from services.evaluation.domain.ranking import DEPARTMENT, ENTERPRISE
from shared.contracts.directory import OrganisationPart
from shared.contracts.directory_words import OrganisationKind
from shared.directory.as_of import AsOf
from shared.directory.copy import DirectoryCopy
from shared.units import Tier, tier_of

ENTERPRISES = frozenset({OrganisationKind.ENTERPRISE, OrganisationKind.PROPERTY_COMPANY})
DEPARTMENTS = frozenset({OrganisationKind.DEPARTMENT, OrganisationKind.CITY_DEPARTMENT})


class Ranked(NamedTuple):
    """An organisation that stands in the ranks, and with whom."""

    name: str
    group: str


def ranked_as_of(copy: DirectoryCopy, now: datetime) -> dict[str, Ranked]:
    """By id, those that have ended too: what they are charged for may still be answered. Raises NotTold."""
    return _ranked.at(copy, now)


def _as_of(periods: Sequence[OrganisationPart], now: datetime) -> dict[str, Ranked]:
    begun = sorted((one for one in periods if one.valid_from <= now), key=lambda one: one.valid_from)
    return {one.id: Ranked(one.name, group) for one in begun if (group := _group_of(one))}


def _group_of(one: OrganisationPart) -> str:
    """Departments of streets and communities answer within these, and are ranked with them."""
    if one.kind in ENTERPRISES:
        return ENTERPRISE
    return DEPARTMENT if one.kind in DEPARTMENTS and tier_of(one.unit) is Tier.DISTRICT else ""


_ranked = AsOf(OrganisationPart, _as_of)
