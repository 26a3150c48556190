"""An entry of the directory with what belongs to it, in words that a person can read."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from services.directory.domain.kinds import PRIVATE
from services.directory.schemas.replies import entry_line
from services.directory.schemas.saying import (
    ORIGINS,
    changed_facts,
    day,
    described,
    facts_in_words,
    period_in_words,
    title_of,
)
from services.directory.schemas.words import DEPUTY_CATEGORIES, EXPERT_FIELDS, written
from services.directory.use_cases.showing import Shown
from shared.contracts.directory import DeputyPart, EntryPart, HallPart, ShiftPart, StaffPart

MOST_SHOWN = 20


def lines_of(shown: Shown, at: datetime) -> Iterator[str]:
    """What holds, what belongs to it, and what held before or will hold after."""
    entry, now = shown.entry, shown.now
    period = now or entry.periods[-1]
    yield f"{title_of(entry.kind.name)} {described(period)}, {ORIGINS[period.origin]}"
    yield f"  {period_in_words(period)}" + ("" if now else f": does not hold on {day(at)}")
    for title, text in facts_in_words(entry.kind.name, period):
        if entry.kind.name not in PRIVATE or title in ("姓名", "单位"):
            yield f"  {title}: {_with_names(text, shown)}"
    for kind, some in shown.belongs.items():
        if some:
            yield from _belonging(kind, some, shown)
    others = [one for one in entry.periods if one is not period]
    for one in others:
        what = changed_facts(entry.kind.name, one, period) if entry.kind.name not in PRIVATE else []
        yield f"  {period_in_words(one)}: {'; '.join(what) or 'the same'}"


def as_object(shown: Shown) -> dict[str, Any]:
    """For programs."""
    kind = shown.entry.kind
    belonging = {name: [one.id for one in some] for name, some in shown.belongs.items()}
    periods = [vars(entry_line(kind, one)) for one in shown.entry.periods]
    return {
        "kind": kind.name,
        "id": shown.entry.id,
        "holds": shown.now is not None,
        "entry": vars(entry_line(kind, shown.now or shown.entry.periods[-1])),
        "periods": periods,
        "belongs": belonging,
    }


def _belonging(kind: str, some: Sequence[EntryPart], shown: Shown) -> Iterator[str]:
    yield f"  {title_of(kind)} ({len(some)}){_by_category(some)}"
    if kind != "deputy":
        for one in some[:MOST_SHOWN]:
            yield f"    {described(one)}{_more(one, shown)}"
        if len(some) > MOST_SHOWN:
            yield f"    … and {len(some) - MOST_SHOWN} more"


def _by_category(some: Sequence[EntryPart]) -> str:
    words = {**DEPUTY_CATEGORIES, **EXPERT_FIELDS}
    counted = Counter(written(words, one.category) for one in some if isinstance(one, DeputyPart))
    return ": " + "、".join(f"{name} {count}" for name, count in counted.most_common()) if counted else ""


def _more(one: EntryPart, shown: Shown) -> str:
    if isinstance(one, HallPart):
        return f": {one.address}; {one.opening_hours}; {one.contact}"
    if isinstance(one, StaffPart):
        return ": " + ", ".join(part for part in (one.post, one.login, "、".join(one.roles)) if part)
    if isinstance(one, ShiftPart):
        days = dict(facts_in_words("shift", one))["日子"]
        return f": {shown.names.get(one.person, one.person)}, {days} {one.starts}-{one.ends}"
    return ""


def _with_names(text: str, shown: Shown) -> str:
    return "；".join(_with_name(one, shown.names.get(one, "")) for one in text.split("；"))


def _with_name(id: str, name: str) -> str:
    if not name:
        return id
    return f"{id} {name}" if id.isdigit() else f"{name} ({id})"
