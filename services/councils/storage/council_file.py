"""What the service knows beside the policy and the directory: the calendar and `council.toml`, checked when read."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import marshmallow
import marshmallow_dataclass

from services.councils.domain.council import DrawRules, HallRules
from services.councils.domain.invitation import Mix
from services.councils.domain.slot import Holidays, SlotHours
from shared.calendars import shipped
from shared.toml_file import BadTomlFile, TomlFile

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
    halls: HallRules
    search: Search
    invitation: Mix
    draw: DrawRules


@dataclass(frozen=True)
class CouncilBook:
    """All of it in one place, read-only."""

    calendar: Holidays
    slots: SlotHours
    halls: HallRules
    search: Search
    mix: Mix
    draw: DrawRules

    @classmethod
    def load(cls, path: Path = SHIPPED) -> "CouncilBook":
        """Raises BadTomlFile, which names the field."""
        file = read_council_file(path)
        return cls(
            calendar=shipped(),
            slots=file.slots,
            halls=file.halls,
            search=file.search,
            mix=file.invitation,
            draw=file.draw,
        )


@cache
def council_book() -> CouncilBook:
    """The book of this process, read once."""
    return CouncilBook.load()


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
        for part in (field_obj, getattr(field_obj, "inner", None)):
            if isinstance(part, marshmallow.fields.Enum) and not part.by_value:
                part.by_value = True
                part.field = marshmallow.fields.String()
                part.choices_text = ", ".join(member.value for member in part.enum)


def _schema() -> marshmallow.Schema:
    return marshmallow_dataclass.class_schema(CouncilFile, base_schema=_Words)()


def _unusable(file: CouncilFile) -> list[str]:
    """What types alone can't tell."""
    faults = {
        "slots": not file.slots.working_day or not file.slots.day_off,
        "search.window_days": not 1 <= file.search.window_days <= 366,
        "search.windows": not 1 <= file.search.windows <= 366,
        "search.again_after_hours": file.search.again_after_hours <= 0,
        "slots.left_free": any(not name.strip() for name in file.slots.left_free),
        "halls.order": not file.halls.order,
        "halls.open_hours": not 0 < file.halls.open_hours <= 24,
        "draw.grid_deputies": file.draw.grid_deputies < file.invitation.deputies,
    }
    return [field for field, is_wrong in faults.items() if is_wrong]
