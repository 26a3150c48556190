"""What the service knows beside the policy: units, calendar and `council.toml`, checked when it is read."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import marshmallow
import marshmallow_dataclass

from services.councils.domain.directory import DirectoryPlan
from services.councils.domain.invitation import Mix
from services.councils.domain.postponement import ReasonRules
from services.councils.domain.slot import SlotHours, WorkingDays
from shared.calendars import Calendar
from shared.settings import settings
from shared.toml_file import BadTomlFile, TomlFile
from shared.units import UnitDirectory

SHIPPED = Path(__file__).resolve().parents[1] / "council.toml"


@dataclass(frozen=True)
class Search:
    """How far ahead free halls and people are looked for: so many windows of so many days, then again later."""

    window_days: int
    windows: int
    again_after_hours: float

    @property
    def window(self) -> timedelta:
        return timedelta(days=self.window_days)

    @property
    def again_after(self) -> timedelta:
        return timedelta(hours=self.again_after_hours)


@dataclass(frozen=True)
class CouncilFile:
    """The sections of `council.toml`."""

    slots: SlotHours
    search: Search
    invitation: Mix
    postponement: ReasonRules
    directory: DirectoryPlan


@dataclass(frozen=True)
class CouncilBook:
    """All of it in one place, read-only."""

    units: UnitDirectory
    calendar: WorkingDays
    slots: SlotHours
    search: Search
    mix: Mix
    reasons: ReasonRules
    plan: DirectoryPlan

    @classmethod
    def load(cls, units_file: Path | None = None, path: Path = SHIPPED) -> "CouncilBook":
        """Raises BadTomlFile, which names the field."""
        file = read_council_file(path)
        return cls(
            units=UnitDirectory.load(units_file),
            calendar=Calendar.load(),
            slots=file.slots,
            search=file.search,
            mix=file.invitation,
            reasons=file.postponement,
            plan=file.directory,
        )


@cache
def council_book() -> CouncilBook:
    """The book of this process, read once."""
    return CouncilBook.load(settings().units_file)


def read_council_file(path: Path = SHIPPED) -> CouncilFile:
    """Raises BadTomlFile with every fault that can be told apart."""
    read = TomlFile.read(path)
    try:
        file: CouncilFile = read.checked_by(_schema())
    except BadTomlFile:
        raise
    except ValueError as fault:
        raise BadTomlFile(path, [read.fault("invitation", str(fault))]) from None
    if unusable := _unusable(file):
        raise BadTomlFile(path, [read.fault(field, "can't be used with this value") for field in unusable])
    return file


class _Words(marshmallow.Schema):
    """Enums go by their value, as everywhere on the wire and in files."""

    def on_bind_field(self, field_name: str, field_obj: marshmallow.fields.Field[Any]) -> None:
        for part in (field_obj, getattr(field_obj, "inner", None), getattr(field_obj, "key_field", None)):
            if isinstance(part, marshmallow.fields.Enum) and not part.by_value:
                part.by_value = True
                part.field = marshmallow.fields.String()
                part.choices_text = ", ".join(member.value for member in part.enum)


def _schema() -> marshmallow.Schema:
    return marshmallow_dataclass.class_schema(CouncilFile, base_schema=_Words)()


def _unusable(file: CouncilFile) -> list[str]:
    """What types alone can't tell."""
    plan = file.directory
    faults = {
        "slots": not file.slots.working_day or not file.slots.day_off,
        "search.window_days": not 1 <= file.search.window_days <= 366,
        "search.windows": not 1 <= file.search.windows <= 366,
        "search.again_after_hours": file.search.again_after_hours <= 0,
        "postponement.refused": any(not words.strip() for words in file.postponement.refused),
        "directory.grid_deputies": plan.grid_deputies < file.invitation.deputies,
        "directory.deputies": any(count < file.invitation.deputies for count in plan.deputies.values()),
        "directory.categories": not plan.categories or any(weight < 0 for weight in plan.categories.values()),
        "directory.experts": sum(plan.experts.values()) < file.invitation.mediation_experts,
        "directory.halls": any(hall.count < 1 for hall in plan.halls),
        "directory.hall_order": not {hall.tier for hall in plan.halls if hall.kind in plan.hall_order}.issuperset(
            ("grid", "community", "street", "district")
        ),
        "directory.names": not (plan.names.surnames and plan.names.given and plan.names.roads),
    }
    return [field for field, is_wrong in faults.items() if is_wrong]
