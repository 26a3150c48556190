"""Checks what is to be entered by call: its fields, and that it fits with all that is there."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from services.directory.domain.agreement import disagreements
from services.directory.domain.entry import Entry
from services.directory.domain.errors import BadFacts
from services.directory.schemas.cells import several
from services.directory.storage.repository import DirectoryStore
from services.directory.use_cases.shelf import Shelf
from services.directory.use_cases.telling import names_of
from shared.bus.rpc.messages import read_request
from shared.contracts.directory import EntryPart
from shared.directory.kinds import Kind
from shared.errors import BadRequest


def checked_facts(work: DirectoryStore, kind: Kind, entry_id: str, raw: dict[str, Any]) -> dict[str, Any]:
    """Raises BadFacts, which names each faulty field and what would be right."""
    filled = raw | _filled(work, kind, raw)
    try:
        facts = dict(vars(read_request(kind.facts, filled)))
    except BadRequest as fault:
        raise BadFacts(f"the {kind.name} {entry_id} has faults", fault.fields) from None
    if untidy := dict(_untidy({"entry_id": [entry_id]} | facts)):
        raise BadFacts(f"the {kind.name} {entry_id} has what no file could say", untidy)
    return facts


def must_agree(work: DirectoryStore, entry: Entry, instant: datetime) -> None:
    """Raises BadFacts where what holds of an entry from an instant on does not fit with the others."""
    shelf = Shelf(work)
    shelf.put(entry)

    def begins(period: EntryPart) -> list[datetime]:
        return [instant] if period.valid_from == instant else []

    faults: dict[str, list[str]] = {}
    for found in disagreements(entry, shelf, begins, ()):
        faults.setdefault(found.field, []).append(f"It {found.wrong}; right is {found.right}.")
    if faults:
        raise BadFacts(f"the {entry.kind.name} {entry.id} does not fit with what is there", faults)


def _untidy(facts: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Texts that would be others once they were exported and imported again."""
    for name, value in facts.items():
        if isinstance(value, str) and value != value.strip():
            yield name, ["Must not begin or end with blanks."]
        if isinstance(value, list) and any(several(one) != [one] for one in value):
            yield (
                name,
                ["Must have no blanks around it, and no ；, 、 or line break: in files these stand between values."],
            )


def _filled(work: DirectoryStore, kind: Kind, raw: dict[str, Any]) -> dict[str, Any]:
    """The name of a person, who was entered once."""
    if kind.name not in ("staff", "deputy") or not isinstance(raw.get("person"), str):
        return {}
    person = raw["person"]
    name = names_of(work, [person]).get(person)
    return {"person_name": name} if name else {}
