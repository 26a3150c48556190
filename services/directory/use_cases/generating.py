"""Makes people, desks and halls for exercises, from a seed: as many as a demonstration needs, or the programme's own.

What was entered stays as it is, and where it stands nothing is made. The same again changes nothing; another seed or
form takes the place of what was made before.
"""

import gc
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Any

from services.directory.domain.change import Change
from services.directory.domain.drawing import Drawing
from services.directory.domain.entry import Entry
from services.directory.domain.exercise import place_of
from services.directory.domain.exercise_plan import ExercisePlan
from services.directory.domain.kinds import ALL
from services.directory.domain.making import Draft
from services.directory.domain.shipped_duties import ShippedDuties
from services.directory.domain.staffing import Staffing
from services.directory.storage.repository import DirectoryStore
from services.directory.use_cases.telling import tell, tell_that_all_is_told
from shared.bus.moment import Moment
from shared.contracts.directory import EntryPart
from shared.contracts.directory_words import Origin
from shared.directory.dated import DatedUnits
from shared.directory.periods import lasts_beyond

MADE = ("person", "organisation", "staff", "desk", "shift", "deputy", "hall")


@dataclass(frozen=True)
class Wanted:
    """What is to be made, and who wants it."""

    plan: ExercisePlan
    duties: ShippedDuties
    seed: int
    full: bool
    by: str


def generate(work: DirectoryStore, wanted: Wanted, at: Moment) -> Counter[str]:
    """Says how many entries of each kind changed. Nobody else changes any meanwhile."""
    work.entries.lock()
    changed: Counter[str] = Counter()
    with _collecting_no_garbage():
        drafts = _drafts(wanted, work.units(at.now))
        names = {draft.id: draft.facts.name for draft in drafts["person"]}
        left_out: set[str] = set()
        for kind in MADE:
            some = _brought_about(work, kind, drafts.pop(kind, ()), left_out, at)
            changed[kind] = len(some)
            work.entries.save(some)
            tell(work, some, at, names=names)
    if changed.total():
        work.changes.add(_line(wanted, work.units(at.now).district, at))
        tell_that_all_is_told(work, changed.total(), at)
    return changed


@contextmanager
def _collecting_no_garbage() -> Iterator[None]:
    """All of it stays until the end: looking through it again and again would take as long as making it."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _drafts(wanted: Wanted, units: DatedUnits) -> dict[str, list[Draft]]:
    drafts: dict[str, list[Draft]] = defaultdict(list)
    offices = Staffing(wanted.plan.desks, wanted.duties, units, wanted.seed).offices()
    councils = Drawing(wanted.plan, units, wanted.seed, wanted.full).councils()
    for draft in chain(offices, councils):
        drafts[draft.kind].append(draft)
    return drafts


def _line(wanted: Wanted, district: str, at: Moment) -> Change:
    why = f"generated with seed {wanted.seed}{', in full' if wanted.full else ''}"
    return Change.of_many("exercise", f"seed {wanted.seed}", unit_code=district, why=why, by=wanted.by, at=at.now)


def _brought_about(
    work: DirectoryStore, kind: str, drafts: Sequence[Draft], left_out: set[str], at: Moment
) -> list[Entry]:
    """Those that are new or other than before, and those that end. `left_out` has what what follows may not name."""
    known = {entry.id: entry for entry in work.entries.all_of(ALL[kind])}
    entered = [entry for entry in known.values() if not entry.is_exercise]
    taken = {place for entry in entered if (last := _lasting(entry, at)) and (place := place_of(kind, vars(last)))}
    changed, kept = [], set()
    for draft in drafts:
        facts = vars(draft.facts)
        entry = known.get(draft.id) or Entry(ALL[kind], draft.id)
        if (entry.periods and not entry.is_exercise) or place_of(kind, facts) in taken or _names_any(facts, left_out):
            left_out.add(f"{kind} {draft.id}")
            continue
        kept.add(draft.id)
        if not _is_as(draft, entry):
            entry.periods = [draft.period(Origin.EXERCISE, entry.revision + 1)]
            changed.append(entry)
    for entry in known.values():
        if entry.is_exercise and entry.id not in kept and entry.at(at.now) is not None:
            entry.end(at.now, [])
            changed.append(entry)
    return changed


def _names_any(facts: dict[str, Any], left_out: set[str]) -> bool:
    """Whether it belongs to an organisation or desk that was not made."""
    return f"organisation {facts.get('organisation')}" in left_out or f"desk {facts.get('desk')}" in left_out


def _is_as(draft: Draft, entry: Entry) -> bool:
    if len(entry.periods) != 1:
        return False
    (one,) = entry.periods
    has = vars(one)
    lasts = (one.valid_from, one.valid_to) == (draft.valid_from, draft.valid_to)
    return lasts and all(has[name] == value for name, value in vars(draft.facts).items())


def _lasting(entry: Entry, at: Moment) -> EntryPart | None:
    """What holds or will hold."""
    return next((one for one in entry.periods if lasts_beyond(one, at.now)), None)
