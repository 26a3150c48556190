"""A clerk's book by call: what it would change, entering it, and the book of what is known in their unit.

The rules are those of single entries: each changes what is in their unit; what another must agree to is proposed.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from services.directory.domain import rules
from services.directory.domain.agreement import NAMES
from services.directory.domain.entry import Entry
from services.directory.domain.errors import BookHasFaults, ChangedSince, OwnPost
from services.directory.domain.kinds import ALL, PRIVATE
from services.directory.schemas import replies
from services.directory.schemas.requests import CheckBook, ExportBook, ImportBook
from services.directory.schemas.saying import changes_in_words, name_of
from services.directory.schemas.sheets import SHEETS
from services.directory.storage.book_upload import book_in
from services.directory.storage.book_writing import write_workbook
from services.directory.storage.repository import DirectoryStore
from services.directory.use_cases.entries import people_behind
from services.directory.use_cases.exports import empty_pages, pages_of
from services.directory.use_cases.imports import Fate, ImportPlan, Planned, carry_out_import, plan_import
from shared.bus.moment import Moment
from shared.clock import SHANGHAI
from shared.contracts.directory import EntryPart, UnitPart
from shared.directory.periods import lasts_beyond
from shared.errors import NotAllowed
from shared.files.faults import Fault, SheetFault

MOST_SHOWN = 200
Planning = Mapping[tuple[str, str], Entry]


def check_book(work: DirectoryStore, request: CheckBook, at: Moment) -> replies.BookReply:
    """Nothing is entered. Raises UnreadableBook."""
    book = book_in(request.name, request.content)
    plan = plan_import(work, book, at, request.categories)
    plan.faults += _not_theirs(work, plan, at)
    return replies.BookReply(
        plan_sha256=_sha256_of(plan),
        rows=len(book.rows),
        sheets=book.read_as,
        counts=_counts(plan),
        changes=[_change_line(one) for one in islice(plan.changes, MOST_SHOWN)],
        faults=[_fault_line(one) for one in plan.faults[:MOST_SHOWN]],
        faults_in_all=len(plan.faults),
        remarks=[_fault_line(one) for one in plan.remarks[:MOST_SHOWN]],
    )


def import_book(work: DirectoryStore, request: ImportBook, at: Moment) -> replies.ImportedReply:
    """All of it. Raises UnreadableBook, NotAllowed, BookHasFaults; ChangedSince where it would do something else."""
    plan = plan_import(work, book_in(request.name, request.content), at, request.categories)
    if refused := _not_theirs(work, plan, at):
        raise NotAllowed(f"{at.caller.subject} may not enter {len(refused)} of its rows; the first: {refused[0]}")
    if plan.faults:
        raise BookHasFaults(f"{len(plan.faults)} faults; the first: {plan.faults[0]}")
    if _sha256_of(plan) != request.plan_sha256:
        raise ChangedSince("what it changes was changed since it was checked: check it again")
    carry_out_import(work, plan, at, by=at.caller.subject, why=request.why)
    return replies.ImportedReply(counts=_counts(plan))


def export_book(work: DirectoryStore, request: ExportBook, at: Moment) -> replies.BookFileReply:
    """Without people, residents and phones. What is there alone for exercises is not in it."""
    units = work.units(at.now)
    own = at.caller.unit or units.district
    kinds = {sheet.kind for sheet in SHEETS}
    within = None if own == units.district else set(units.inside(own))
    pages = [] if request.is_template else pages_of(work, kinds, at.now, request.categories, within=within)
    held = work.entries.find(UnitPart, own, at.now)
    name, today = held.name if held else own, at.now.astimezone(SHANGHAI)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "book.xlsx"
        write_workbook(file, pages or empty_pages(), name, f"截至 {today:%Y年%-m月%-d日}")
        content = base64.b64encode(file.read_bytes()).decode()
    return replies.BookFileReply(name=f"directory-{own}.xlsx", content=content)


def _counts(plan: ImportPlan) -> dict[str, dict[str, int]]:
    return {kind: {fate.value: fated[fate] for fate in Fate} for kind, fated in plan.counts().items()}


def _sha256_of(plan: ImportPlan) -> str:
    """Of all that it changes, from what to what."""
    changes = [(one.entry.kind.name, one.entry.id, *map(list, (one.before, one.entry.periods))) for one in plan.changes]
    return hashlib.sha256(repr(changes).encode()).hexdigest()


def _not_theirs(work: DirectoryStore, plan: ImportPlan, at: Moment) -> list[SheetFault]:
    """A fault for each row that is not the caller's to change."""
    planning = {(one.entry.kind.name, one.entry.id): one.entry for one in plan.planned}
    people = people_behind(work, at.caller.subject)
    changed = [one for one in plan.changes if one.row is not None or not one.entry.is_exercise]
    return [_refused(one, *why) for one in changed for why in islice(_refusals(work, planning, one, people, at), 1)]


def _refusals(
    work: DirectoryStore, planning: Planning, one: Planned, people: set[str], at: Moment
) -> Iterator[tuple[str, str]]:
    """Why the caller may not: what is wrong, and what would be right."""
    units, kind, entry = work.units(at.now), one.entry.kind, one.entry
    begins = min((period.valid_from for period in one.new_periods), default=at.now)
    reached = [period for period in one.before if lasts_beyond(period, begins)] or one.before[-1:]
    own = at.caller.unit or units.district
    for facts in map(vars, (*reached, *one.new_periods)):
        unit = _unit_of(work, planning, entry, facts) or units.district
        try:
            rules.must_ask(at.caller, kind.name, unit, units)
            if kind.name == "unit":
                rules.must_place(at.caller, str(facts.get("parent", "")), units)
            if kind.name == "staff":
                rules.must_not_be_theirs(at.caller, facts, people)
        except OwnPost:
            yield "is a post of your own", "somebody else, who enters it"
        except NotAllowed:
            yield f"lies in {unit}, which is not yours to change", f"what lies in {own}"
    if rules.needs_decision(at.caller, kind.name, entry.id, units):
        yield "is a community: its street proposes it, and the district agrees", "a proposal of its own"


def _unit_of(work: DirectoryStore, planning: Planning, entry: Entry, facts: Mapping[str, object]) -> str:
    """Whose it is, or will be by this book."""
    if (kind := entry.kind.name) in rules.BELONGS_TO:
        field = rules.BELONGS_TO[kind]
        named, id = NAMES[field], str(facts[field])
        held = planning.get((named, id)) or work.entries.load(ALL[named], [id])[id]
        facts = vars(held.periods[-1]) if held.periods else {}
    return rules.unit_of(entry.kind, entry.id, facts)


def _refused(one: Planned, wrong: str, right: str) -> SheetFault:
    where, number = (one.row.where, one.row.number) if one.row else ("", 0)
    return SheetFault(where, Fault(number, "单位", name_of(one.entry.periods[-1]), wrong, right))


def _change_line(one: Planned) -> replies.BookChangeLine:
    kind = one.entry.kind.name
    period: EntryPart = one.new_periods[-1] if one.new_periods else one.entry.periods[-1]
    differences = changes_in_words(kind, one.before[-1], period) if one.fate is Fate.CHANGED else []
    return replies.BookChangeLine(
        kind=kind,
        entry_id=one.entry.id,
        name=name_of(period),
        fate=one.fate,
        valid_from=period.valid_from,
        valid_to=period.valid_to,
        facts=[
            replies.FactLine(title=title, before=before, after=after) if kind not in PRIVATE else _hidden(title)
            for title, before, after in differences
        ],
    )


def _hidden(title: str) -> replies.FactLine:
    return replies.FactLine(title=title, before="", after="")


def _fault_line(one: SheetFault) -> replies.BookFaultLine:
    return replies.BookFaultLine(sheet=one.sheet, **asdict(one.fault))
