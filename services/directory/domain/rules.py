"""Who may change what: a unit's clerk what is in the unit; communities are proposed by streets and approved above.

Changing a community is proposed by the street and approved by the district (居民委员会组织法, in force 2026-01-01).
"""

from collections.abc import Collection, Mapping
from typing import Any

from services.directory.domain.errors import OwnPost
from shared.auth import Caller
from shared.contracts.directory_words import OrganisationKind, Standing
from shared.directory.dated import DatedUnits
from shared.directory.kinds import Kind
from shared.errors import NotAllowed
from shared.units import Tier, tier_of

BELONGS_TO = {"shift": "desk", "acting": "person", "contract": "organisation"}
"""Kinds that name no unit: theirs is that of what stands in this field."""


def unit_of(kind: Kind, entry_id: str, facts: Mapping[str, Any]) -> str:
    """Whose an entry is; empty where it is the whole district's."""
    if kind.name == "unit":
        return entry_id
    if kind.name == "place":
        units = facts.get("units") or [""]
        return str(units[0])
    return str(facts.get("unit", ""))


def must_ask(caller: Caller, kind: str, unit_code: str, units: DatedUnits) -> None:
    """Raises NotAllowed for what lies outside the caller's unit, and for their own unit itself."""
    own = caller.unit or units.district
    if kind == "unit" and unit_code != units.district and unit_code == own:
        raise NotAllowed(f"{own} is changed by the unit above it, not by itself")
    if not units.is_within(unit_code, own):
        raise NotAllowed(f"{caller.subject} may act in {own}, not in {unit_code}")


def must_place(caller: Caller, parent: str, units: DatedUnits) -> None:
    """Raises NotAllowed where a unit would come to lie outside the caller's own, and nobody above decides it."""
    own = caller.unit or units.district
    if parent and not units.is_within(parent, own):
        raise NotAllowed(f"{caller.subject} may put a unit into {own}, not into {parent}")


def must_not_be_theirs(caller: Caller, facts: Mapping[str, Any], people: Collection[str]) -> None:
    """Raises OwnPost for a post of the caller's own, under whichever login. `people` are who the caller is."""
    if facts.get("login") == caller.subject or facts.get("person") in people:
        raise OwnPost(f"{caller.subject} may not change a post of their own; somebody else does")


def needs_decision(caller: Caller, kind: str, entry_id: str, units: DatedUnits) -> bool:
    """A street proposes its communities, the district decides. What else is in one's unit is one's own."""
    own = caller.unit or units.district
    return kind == "unit" and tier_of(entry_id) is Tier.COMMUNITY and own != units.district


def must_decide(caller: Caller, kind: str, unit_code: str, units: DatedUnits) -> None:
    """Raises NotAllowed for everybody but the district."""
    if (caller.unit or units.district) != units.district:
        raise NotAllowed(f"a {kind} of {unit_code} is decided by the district")


def usual_standing(kind: OrganisationKind) -> Standing:
    """Those below the district's hand are given tasks; owners, enterprises and the city are asked."""
    commanded = (OrganisationKind.DEPARTMENT, OrganisationKind.COMMITTEE, OrganisationKind.PROPERTY_COMPANY)
    return Standing.COMMANDED if kind in commanded else Standing.ASKED
