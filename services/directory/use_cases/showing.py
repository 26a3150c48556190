"""One entry with what belongs to it, for people to look at; and whether all entries agree with each other."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.directory.domain.agreement import NAMES, Disagreement, disagreements, terms
from services.directory.domain.entry import Entry
from services.directory.domain.errors import UnknownEntry
from services.directory.domain.kinds import ALL, PRIVATE
from services.directory.storage.repository import DirectoryStore
from services.directory.use_cases.shelf import NotOne, Shelf
from shared.contracts import directory as told
from shared.contracts.directory import EntryPart
from shared.directory.periods import holds, lasts_beyond
from shared.units import BadUnitCode, Tier, canonical_code, tier_of

IN_A_UNIT = (
    told.UnitPart,
    told.OrganisationPart,
    told.DeskPart,
    told.StaffPart,
    told.HallPart,
    told.DeputyPart,
    told.PlaceEntryPart,
)


@dataclass
class Shown:
    """An entry, what holds of it at the instant, and what belongs to it then, by kind.

    `names` are those of the entries that it names.
    """

    entry: Entry
    now: EntryPart | None
    belongs: dict[str, Sequence[EntryPart]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


def show_entry(work: DirectoryStore, words: str, at: datetime) -> Shown:
    """By its id, or a unit by its code or name. Raises UnknownEntry."""
    shelf = Shelf(work)
    entry = _found(shelf, words, at)
    shown = Shown(entry, entry.at(at), _belonging(work, entry, at))
    near = [*entry.periods, *shown.belongs.get("shift", ())]
    for kind in sorted(set(NAMES.values())):
        ids = {id for one in near for id in _named(one, kind)}
        for id, other in shelf.load(ALL[kind], sorted(ids)).items():
            if other.periods:
                shown.names[id] = str(vars(other.at(at) or other.periods[-1])["name"])
    return shown


def check_all(work: DirectoryStore, now: datetime, categories: Collection[str]) -> list[Disagreement]:
    """Every entry that holds or will hold, as it is now or when it begins; what is over is left alone."""
    shelf = Shelf(work)
    found: list[Disagreement] = []
    all_entries = {name: shelf.all_of(name) for name in ALL}
    shelf.load_posts_with(vars(period)["login"] for post in all_entries["staff"] for period in post.periods)
    for name, entries in all_entries.items():
        lasting = [one for one in entries if lasts_beyond(one.periods[-1], now)]
        if name == "duty":
            lasting, remarks = _with_offices(lasting, shelf)
            found += remarks
        for entry in lasting:
            found += disagreements(entry, shelf, lambda period: _instants(period, now), categories)
        found += terms(lasting)
    return found


def _with_offices(duties: list[Entry], shelf: Shelf) -> tuple[list[Entry], list[Disagreement]]:
    """The lines of tiers that have an organisation; of each other tier one remark for all its lines."""
    there = {tier_of(str(vars(one.periods[-1])["unit"])) for one in shelf.all_of("organisation")}
    by_tier: dict[Tier, list[Entry]] = {tier: [] for tier in Tier}
    for duty in duties:
        by_tier[Tier(vars(duty.periods[-1])["tier"])].append(duty)
    remarks = [
        Disagreement(
            "duty",
            f"{len(lines)} lines",
            "organisation",
            f"are for a {tier.value}, and no organisation of one is entered yet",
            "its organisations and their desks: until then its orders get stuck",
            is_remark=True,
        )
        for tier, lines in by_tier.items()
        if lines and tier not in there
    ]
    return [one for tier, lines in by_tier.items() if tier in there for one in lines], remarks


def _instants(period: EntryPart, now: datetime) -> list[datetime]:
    if holds(period, now):
        return [now]
    return [period.valid_from] if period.valid_from > now else []


def _found(shelf: Shelf, words: str, at: datetime) -> Entry:
    try:
        code = canonical_code(words)
    except BadUnitCode:
        code = words
    for id in dict.fromkeys((code, words)):
        for kind in ALL.values():
            if shelf.entry(kind.name, id).periods:
                return shelf.entry(kind.name, id)
    try:
        return shelf.entry("unit", shelf.unit_named(words, at))
    except NotOne as fault:
        raise UnknownEntry(f"{words} {fault.wrong}, and no entry has it for an id; {fault.right}") from None


def _belonging(work: DirectoryStore, entry: Entry, at: datetime) -> dict[str, Sequence[EntryPart]]:
    """A unit's halls, organisations, desks and people; an organisation's desks and staff; a desk's shifts."""
    entries, id, kind = work.entries, entry.id, entry.kind.name
    if kind == "unit":
        return {_kind(part): entries.list_in(part, [id], at) for part in IN_A_UNIT}
    if kind == "organisation":
        unit = str(vars(entry.at(at) or entry.periods[-1])["unit"])
        staff = [one for one in entries.list_in(told.StaffPart, [unit], at) if one.organisation == id]
        return {"desk": entries.list_about(told.DeskPart, [id], at), "staff": staff}
    if kind == "desk":
        return {"shift": entries.list_about(told.ShiftPart, [id], at)}
    if kind == "place":
        contracts = entries.list_about(told.ContractPart, [id], at)
        return {"place": entries.list_about(told.PlaceEntryPart, [id], at), "contract": contracts}
    if kind == "person":
        return {"deputy": entries.list_about(told.DeputyPart, [id], at)}
    return {}


def _kind(part: type[EntryPart]) -> str:
    return next(kind.name for kind in ALL.values() if kind.part is part and kind.name not in PRIVATE)


def _named(period: EntryPart, kind: str) -> list[str]:
    """The ids of all entries of a kind that a period names."""
    values = [vars(period).get(field) for field, named in NAMES.items() if named == kind]
    return [str(id) for value in values if value for id in (value if isinstance(value, list) else [value])]
