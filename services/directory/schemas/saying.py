"""Entries of the directory in the words of its sheets."""

from datetime import datetime

from services.directory.domain.restating import last_day
from services.directory.schemas.cells import cell_of
from services.directory.schemas.sheets import BY_KIND, Column
from services.directory.schemas.words import DEPUTY_CATEGORIES, EXPERT_FIELDS, written
from shared.clock import SHANGHAI
from shared.contracts.directory import EntryPart
from shared.contracts.directory_words import Origin

ORIGINS = {Origin.SHIPPED: "shipped", Origin.ENTERED: "entered", Origin.EXERCISE: "made for exercises"}
TITLED_BY = ("name", "person_name", "acting_name", "subject", "category", "id")


def title_of(kind: str) -> str:
    return BY_KIND[kind].title


def described(period: EntryPart) -> str:
    """By its name, and the id in brackets."""
    name = name_of(period)
    return name if name == period.id else f"{name} ({period.id})"


def name_of(period: EntryPart) -> str:
    """What it is called; its id, where it has no name."""
    values = vars(period)
    return next(str(values[field]) for field in TITLED_BY if values.get(field))


def in_words(column: Column, value: object) -> str:
    """A fact as its cell in a sheet would have it."""
    if column.field == "category" and isinstance(value, str):
        return written({**DEPUTY_CATEGORIES, **EXPERT_FIELDS}, value)
    cell = cell_of(column, value)
    return f"{cell:g}" if isinstance(cell, float) else str(cell)


def facts_in_words(kind: str, period: EntryPart) -> list[tuple[str, str]]:
    """Every fact that is known, with the title of its column."""
    values = vars(period)
    columns = [one for one in BY_KIND[kind].columns if one.field in values and one.field not in ("id", "replaced_by")]
    named = [one for one in columns if not one.field.startswith("valid_")]
    return [(one.title, text) for one in named if (text := in_words(one, values[one.field]))]


def changed_facts(kind: str, before: EntryPart, after: EntryPart) -> list[str]:
    """`地址: 甲楼 → 乙楼` for each that differs."""
    return [f"{title}: {one or '-'} → {other or '-'}" for title, one, other in changes_in_words(kind, before, after)]


def changes_in_words(kind: str, before: EntryPart, after: EntryPart) -> list[tuple[str, str, str]]:
    """Each fact that differs by its title, as it was and as it is."""
    one, other = dict(facts_in_words(kind, before)), dict(facts_in_words(kind, after))
    titles = [title for title in {**one, **other} if one.get(title) != other.get(title)]
    return [(title, one.get(title, ""), other.get(title, "")) for title in titles]


def period_in_words(period: EntryPart) -> str:
    """From when to when, with the last day."""
    end = f" until {last_day(period.valid_to)}" if period.valid_to else ""
    after = f", then {', '.join(period.replaced_by)}" if period.replaced_by else ""
    return f"from {day(period.valid_from)}{end}{after}"


def day(instant: datetime) -> str:
    return f"{instant.astimezone(SHANGHAI):%Y-%m-%d}"
