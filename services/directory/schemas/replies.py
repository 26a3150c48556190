"""What the directory answers, and how each answer is made from what is known."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.directory.domain.change import Action, Change, ChangeState
from services.directory.domain.people import PersonPart
from shared.bus.rpc.messages import reply
from shared.contracts.base import Part, part
from shared.contracts.directory import EntryPart, StaffPart
from shared.contracts.directory_words import Origin
from shared.directory.kinds import ENTRY_FIELDS, Kind


@part
class EntryLine(Part):
    """What holds of an entry at the instant that was asked for."""

    kind: str
    entry_id: str
    revision: int
    origin: Origin
    valid_from: datetime
    valid_to: datetime | None
    replaced_by: list[str]
    facts: dict[str, Any]


@reply
class EntryReply:
    """The entry as it was asked for, and all its periods."""

    entry: EntryLine
    periods: list[EntryLine]


@reply
class EntriesReply:
    """A page, by id; `next_after` is empty where it is the last."""

    entries: list[EntryLine]
    next_after: str


@part
class PostLine(Part):
    """What somebody may do in a unit, for an organisation."""

    person: str
    person_name: str
    organisation: str
    unit: str
    post: str
    roles: list[str]


@reply
class PostsReply:
    """None where nobody has the login, or no longer."""

    posts: list[PostLine]


@part
class ChangeLine(Part):
    """A line of the journal."""

    change_id: str
    kind: str
    entry_id: str
    unit_code: str
    action: Action
    facts: dict[str, Any]
    valid_from: datetime
    valid_to: datetime | None
    replaced_by: list[str]
    why: str
    asked_by: str
    asked_at: datetime
    decide_by: datetime | None
    state: ChangeState
    decided_by: str
    decided_at: datetime | None
    reason: str


@reply
class ChangeReply:
    """What became of a change: `done`, or `proposed` where somebody else must agree."""

    change: ChangeLine


@reply
class ChangesReply:
    """A page of the journal, in the order of ids."""

    changes: list[ChangeLine]
    next_after: str


@part
class FactLine(Part):
    """A fact that becomes another one, by the title of its column; private ones without what they are."""

    title: str
    before: str
    after: str


@part
class BookChangeLine(Part):
    """What would become of an entry: entered, changed, ended."""

    kind: str
    entry_id: str
    name: str
    fate: str
    valid_from: datetime
    valid_to: datetime | None
    facts: list[FactLine]


@part
class BookFaultLine(Part):
    """What is wrong in a row of a sheet, as a spreadsheet counts them; row 0 is the sheet as a whole."""

    sheet: str
    row: int
    column: str
    value: str
    wrong: str
    right: str


@reply
class BookReply:
    """What a book would change, the first of each; all are counted. With a fault nothing of it can be entered."""

    plan_sha256: str
    rows: int
    sheets: list[str]
    counts: dict[str, dict[str, int]]
    changes: list[BookChangeLine]
    faults: list[BookFaultLine]
    faults_in_all: int
    remarks: list[BookFaultLine]


@reply
class ImportedReply:
    """How many entries of each kind had which fate."""

    counts: dict[str, dict[str, int]]


@reply
class BookFileReply:
    """A workbook in base64."""

    name: str
    content: str


def entry_line(kind: Kind, period: EntryPart) -> EntryLine:
    """Phones are shown to nobody here."""
    entry = {name: value for name, value in vars(period).items() if name in ENTRY_FIELDS and name != "id"}
    facts = {name: value for name, value in vars(period).items() if name not in ENTRY_FIELDS}
    if isinstance(period, PersonPart):
        facts.pop("phone")
    return EntryLine(kind=kind.name, entry_id=period.id, facts=facts, **entry)


def posts_reply(posts: Sequence[StaffPart]) -> PostsReply:
    named = ("person", "person_name", "organisation", "unit", "post", "roles")
    return PostsReply(posts=[PostLine(**{name: getattr(post, name) for name in named}) for post in posts])


def entry_reply(kind: Kind, now: EntryPart, periods: Sequence[EntryPart]) -> EntryReply:
    return EntryReply(entry=entry_line(kind, now), periods=[entry_line(kind, one) for one in periods])


def entries_reply(kind: Kind, some: Sequence[EntryPart], *, next_after: str) -> EntriesReply:
    return EntriesReply(entries=[entry_line(kind, one) for one in some], next_after=next_after)


def change_reply(change: Change) -> ChangeReply:
    return ChangeReply(change=_change_line(change))


def changes_reply(changes: Sequence[Change], *, next_after: str) -> ChangesReply:
    return ChangesReply(changes=[_change_line(one) for one in changes], next_after=next_after)


def _change_line(change: Change) -> ChangeLine:
    values = dict(vars(change))
    del values["asked_person"]
    return ChangeLine(change_id=values.pop("id"), **values)
