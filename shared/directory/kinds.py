"""The kinds of entries, and for each by what it is looked up beside its id: its unit, and what it is about."""

from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from functools import cached_property
from typing import Any, get_type_hints

from shared.contracts import directory as told
from shared.contracts.base import Event


@dataclass(frozen=True)
class Kind:
    """A kind of entry. `unit` and `about` name the fields it is looked up by; empty where there is none."""

    name: str
    part: type[told.EntryPart]
    facts: type[Any]
    event: type[Event]
    unit: str = "unit"
    about: str = ""

    def period(self, entry: dict[str, Any], facts: dict[str, Any]) -> told.EntryPart:
        """A period as it was kept. What is kept was checked when it came in, and is not checked again."""
        values = self._defaults | facts | entry
        values.update((name, word(values[name])) for name, word in self._words.items())
        made: told.EntryPart = object.__new__(self.part)
        vars(made).update(values)
        return made

    @cached_property
    def _words(self) -> dict[str, type[StrEnum]]:
        hints = get_type_hints(self.part)
        return {name: hint for name, hint in hints.items() if isinstance(hint, type) and issubclass(hint, StrEnum)}

    @cached_property
    def _defaults(self) -> dict[str, Any]:
        return {one.name: one.default for one in fields(self.part) if one.default is not MISSING}


KINDS = (
    Kind("unit", told.UnitPart, told.UnitFacts, told.UnitsChangedV1, unit="parent"),
    Kind("place", told.PlaceEntryPart, told.PlaceFacts, told.PlacesChangedV1, unit="units", about="within"),
    Kind("organisation", told.OrganisationPart, told.OrganisationFacts, told.OrganisationsChangedV1, about="name"),
    Kind("contract", told.ContractPart, told.ContractFacts, told.ContractsChangedV1, unit="", about="place"),
    Kind("desk", told.DeskPart, told.DeskFacts, told.DesksChangedV1, about="organisation"),
    Kind("shift", told.ShiftPart, told.ShiftFacts, told.ShiftsChangedV1, unit="", about="desk"),
    Kind("acting", told.ActingPart, told.ActingFacts, told.ActingChangedV1, unit="", about="person"),
    Kind("staff", told.StaffPart, told.StaffFacts, told.StaffChangedV1, about="login"),
    Kind("deputy", told.DeputyPart, told.DeputyFacts, told.DeputiesChangedV1, about="person"),
    Kind("hall", told.HallPart, told.HallFacts, told.HallsChangedV1),
    Kind("duty", told.DutyPart, told.DutyFacts, told.DutiesChangedV1, unit="", about="category"),
)

BY_NAME = {kind.name: kind for kind in KINDS}
BY_PART: dict[type, Kind] = {kind.part: kind for kind in KINDS}
BY_EVENT: dict[type, Kind] = {kind.event: kind for kind in KINDS}

ENTRY_FIELDS = tuple(field.name for field in fields(told.EntryPart))
