"""One entry at a time: entered, changed or ended, by whom and why; some of it only when another agrees."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.directory.domain import rules
from services.directory.domain.agreement import NAMES
from services.directory.domain.change import Action, Change, ChangeState
from services.directory.domain.entry import Entry
from services.directory.domain.errors import BadFacts, ChangedSince, UnknownEntry
from services.directory.domain.kinds import ALL, PRIVATE, kind_named
from services.directory.domain.natural import NATURAL_KEYS, natural_id
from services.directory.schemas.replies import ChangeReply, change_reply
from services.directory.schemas.requests import ChangeEntry, DecideChange, EndEntry, ProposeEntry
from services.directory.storage.repository import DirectoryStore
from services.directory.use_cases.checking import checked_facts, must_agree
from services.directory.use_cases.exercises import give_way
from services.directory.use_cases.telling import tell
from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.contracts.directory import EntryPart, StaffPart
from shared.contracts.directory_words import Origin
from shared.directory.kinds import Kind
from shared.directory.periods import lasts_beyond

SERVICE = "directory"
DECISION = "decision"
"""The kind of the timer; it refers to the change."""
MOST_READ = 10_000


def propose_entry(work: DirectoryStore, request: ProposeEntry, at: Moment) -> ChangeReply:
    """Something new. A community is proposed by its street and entered when the district agrees."""
    return _asked(work, request, request.entry_id or _made_id(request), Action.ENTER, at)


def change_entry(work: DirectoryStore, request: ChangeEntry, at: Moment) -> ChangeReply:
    """From an instant on, also a past one: then it is a correction, and the journal shows what was said before."""
    return _asked(work, request, request.entry_id, Action.CHANGE, at)


def end_entry(work: DirectoryStore, request: EndEntry, at: Moment) -> ChangeReply:
    """It no longer holds from an instant on."""
    kind = kind_named(request.kind)
    entry = work.entries.load(kind, [request.entry_id])[request.entry_id]
    if not entry.periods:
        raise _unknown(entry)
    ends_at = request.valid_to or at.now
    change = _change(work, kind, entry, Action.END, {}, ends_at, None, request.replaced_by, request.why, at)
    return _done_or_proposed(work, kind, entry, change, at)


def decide_change(work: DirectoryStore, request: DecideChange, at: Moment) -> ChangeReply:
    """Approved, it holds from the instant it was asked for, unless the entry has become another one since."""
    change = work.changes.lock(request.change_id)
    rules.must_decide(at.caller, change.kind, change.unit_code, work.units(at.now))
    change.decide(approve=request.approve, by=at.caller, at=at.now, reason=request.reason)
    work.timers.cancel(DECISION, change.id)
    if request.approve:
        _must_be_as_it_was(work, change)
        kind = ALL[change.kind]
        entry = work.entries.load(kind, [change.entry_id])[change.entry_id]
        _apply(work, change, entry)
        _carry_out(work, entry, at)
    return change_reply(change)


def decide_by_default(work: DirectoryStore, due: Due, at: Moment) -> None:
    """Nobody did in time: all stays as it was, and may be proposed again."""
    change = work.changes.lock(due.ref)
    if change.state is ChangeState.PROPOSED:
        change.lapse(by=SERVICE, at=at.now)


def _must_be_as_it_was(work: DirectoryStore, change: Change) -> None:
    """Raises ChangedSince: who proposed it had not seen what was changed meanwhile, and would undo it."""
    for done in work.changes.list_of(None, ChangeState.DONE, change.kind, change.entry_id, "", MOST_READ):
        if done.decided_at is not None and done.decided_at > change.asked_at:
            what = f"{change.kind} {change.entry_id} was changed by {done.asked_by} since"
            raise ChangedSince(f"{what}: reject this, and propose it anew")


def _carry_out(work: DirectoryStore, entry: Entry, at: Moment) -> None:
    """Tell what the entry has become, and keep it. Last of all: what is put down is not undone for one call alone."""
    ended = give_way(work, [entry], at.now)
    tell(work, [entry, *ended], at)
    for one in (entry, *ended):
        work.entries.save([one])


def _apply(work: DirectoryStore, change: Change, entry: Entry) -> None:
    """Make the entry what the change says. Raises BadFacts where that does not fit with the others."""
    if change.action is Action.ENTER:
        entry.enter(change.facts, change.valid_from, change.valid_to, Origin.ENTERED)
    elif change.action is Action.CHANGE:
        entry.change(change.facts, change.valid_from, change.valid_to, Origin.ENTERED)
    else:
        entry.end(change.valid_from, change.replaced_by)
    must_agree(work, entry, change.valid_from)


def _made_id(request: ProposeEntry) -> str:
    """By what the entry is. Raises BadFacts for a unit, which has a code."""
    if kind_named(request.kind).name not in NATURAL_KEYS:
        raise BadFacts("a unit's id is its code", {"entry_id": ["6, 9, 12 or 15 digits."]})
    return natural_id(request.kind, request.facts)


def _asked(
    work: DirectoryStore, request: ProposeEntry | ChangeEntry, entry_id: str, action: Action, at: Moment
) -> ChangeReply:
    kind = kind_named(request.kind)
    entry = work.entries.load(kind, [entry_id])[entry_id]
    starts_at = request.valid_from or at.now
    facts = checked_facts(work, kind, entry_id, request.facts)
    if action is Action.CHANGE and not entry.periods:
        raise _unknown(entry)
    _must_hang(work, kind, entry.id, facts)
    change = _change(work, kind, entry, action, facts, starts_at, request.valid_to, (), request.why, at)
    return _done_or_proposed(work, kind, entry, change, at)


def _done_or_proposed(work: DirectoryStore, kind: Kind, entry: Entry, change: Change, at: Moment) -> ChangeReply:
    units = work.units(at.now)
    _must_ask(work, kind, entry, change, at)
    _apply(work, change, entry)  # what could never be is refused now rather than when it is decided
    if rules.needs_decision(at.caller, kind.name, change.entry_id, units):
        change.decide_by = at.now + at.policy.directory.decide_within
        work.timers.set(DECISION, change.id, change.decide_by)
    else:
        change.do(at=at.now)
        _carry_out(work, entry, at)
    if kind.name in PRIVATE:
        change.facts = {}
    work.changes.add(change)
    return change_reply(change)


def _must_ask(work: DirectoryStore, kind: Kind, entry: Entry, change: Change, at: Moment) -> None:
    """Raises NotAllowed unless all is the caller's: what the entry is as long as the change reaches, and becomes."""
    units = work.units(at.now)
    reached = [one for one in entry.periods if lasts_beyond(one, change.valid_from)] or entry.periods[-1:]
    said = [*map(vars, reached), *([change.facts] if change.facts else [])]
    for unit in dict.fromkeys(_whose(work, kind, entry.id, facts, at) for facts in said):
        rules.must_ask(at.caller, kind.name, unit, units)
    if kind.name == "unit" and not rules.needs_decision(at.caller, kind.name, entry.id, units):
        rules.must_place(at.caller, str(change.facts.get("parent", "")), units)
    if kind.name == "staff" and change.facts:
        people = people_behind(work, at.caller.subject)
        for facts in said:
            rules.must_not_be_theirs(at.caller, facts, people)


def _whose(work: DirectoryStore, kind: Kind, entry_id: str, facts: Mapping[str, Any], at: Moment) -> str:
    """The unit whose an entry is; the district where it hangs on nobody's."""
    if kind.name in rules.BELONGS_TO:
        facts = next(iter(map(vars, _hung_on(work, kind, facts)[-1:])), {})
    return rules.unit_of(kind, entry_id, facts) or work.units(at.now).district


def _must_hang(work: DirectoryStore, kind: Kind, entry_id: str, facts: Mapping[str, Any]) -> None:
    """Raises BadFacts where a shift, acting or contract is about what is not known: it would be nobody's."""
    if kind.name in rules.BELONGS_TO and not _hung_on(work, kind, facts):
        field = rules.BELONGS_TO[kind.name]
        told = {field: [f"It names {facts[field]}, which is no {NAMES[field]} that is known."]}
        raise BadFacts(f"the {kind.name} {entry_id} has faults", told)


def _hung_on(work: DirectoryStore, kind: Kind, facts: Mapping[str, Any]) -> Sequence[EntryPart]:
    """All periods of what an entry without a unit of its own belongs to."""
    field = rules.BELONGS_TO[kind.name]
    return work.entries.periods_of(ALL[NAMES[field]], [facts[field]])


def people_behind(work: DirectoryStore, login: str) -> set[str]:
    """Who has, or had, a login; nobody for a system."""
    return {post.person for post in work.entries.periods_about(StaffPart, [login])}


def _change(
    work: DirectoryStore,
    kind: Kind,
    entry: Entry,
    action: Action,
    facts: dict[str, Any],
    valid_from: datetime,
    valid_to: datetime | None,
    replaced_by: Sequence[str],
    why: str,
    at: Moment,
) -> Change:
    said = facts or vars(entry.periods[-1])
    is_new_unit = kind.name == "unit" and not entry.periods and bool(said.get("parent"))
    return Change(
        id=f"{at.now:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:12]}",
        kind=kind.name,
        entry_id=entry.id,
        unit_code=said["parent"] if is_new_unit else _whose(work, kind, entry.id, said, at),
        action=action,
        facts=facts,
        valid_from=valid_from,
        valid_to=valid_to,
        replaced_by=list(replaced_by),
        why=why,
        asked_by=at.caller.subject,
        asked_person=at.caller.person_id,
        asked_at=at.now,
    )


def _unknown(entry: Entry) -> UnknownEntry:
    return UnknownEntry(f"no {entry.kind.name} has the id {entry.id!r}", {"entry_id": ["Unknown."]})
