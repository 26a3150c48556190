"""The units of the district: their codes, the directory that knows their names, and finding them in texts."""

from shared.units.codes import (
    BadUnitCode,
    NoCoveringUnit,
    Tier,
    ancestors_of,
    canonical_code,
    covering_unit,
    is_within,
    parent_of,
    tier_of,
)
from shared.units.directory import ElsewhereUnit, UnitDirectory, UnknownUnit
from shared.units.files import BadUnitsFile
from shared.units.places import Finding, Found, NamedPlace, PlaceFinder
from shared.units.unit import Unit

__all__ = [
    "BadUnitCode",
    "BadUnitsFile",
    "ElsewhereUnit",
    "Finding",
    "Found",
    "NamedPlace",
    "NoCoveringUnit",
    "PlaceFinder",
    "Tier",
    "Unit",
    "UnitDirectory",
    "UnknownUnit",
    "ancestors_of",
    "canonical_code",
    "covering_unit",
    "is_within",
    "parent_of",
    "tier_of",
]
