"""Checks what is to be entered: its fields, and that what it names is there at that instant."""

from datetime import datetime
from typing import Any

from services.directory.domain.agreement import NAMES
from services.directory.domain.errors import BadFacts
from services.directory.domain.kinds import ALL
from services.directory.storage.repository import DirectoryStore
from services.directory.use_cases.telling import names_of
from shared.bus.rpc.messages import read_request
from shared.directory.kinds import Kind
from shared.errors import BadRequest


def checked_facts(work: DirectoryStore, kind: Kind, entry_id: str, raw: dict[str, Any], at: datetime) -> dict[str, Any]:
    """Raises BadFacts, which names each faulty field and what would be right."""
    filled = raw | _filled(work, kind, raw)
    try:
        facts = vars(read_request(kind.facts, filled))
    except BadRequest as fault:
        raise BadFacts(f"the {kind.name} {entry_id} has faults", fault.fields) from None
    faults = _missing(work, kind, facts, at)
    if faults:
        raise BadFacts(f"the {kind.name} {entry_id} names what is not there", faults)
    return dict(facts)


def _filled(work: DirectoryStore, kind: Kind, raw: dict[str, Any]) -> dict[str, Any]:
    """The name of a person, who was entered once."""
    if kind.name not in ("staff", "deputy") or not isinstance(raw.get("person"), str):
        return {}
    person = raw["person"]
    name = names_of(work, [person]).get(person)
    return {"person_name": name} if name else {}


def _missing(work: DirectoryStore, kind: Kind, facts: dict[str, Any], at: datetime) -> dict[str, list[str]]:
    faults: dict[str, list[str]] = {}
    for field, named in NAMES.items():
        value = facts.get(field)
        if not value or kind.name == "duty":
            continue
        ids = value if isinstance(value, list) else [value]
        found = work.entries.load(ALL[named], ids)
        absent = [id for id in ids if found[id].at(at) is None]
        if absent:
            faults[field] = [f"No {named} {', '.join(absent)} at {at:%Y-%m-%d}. Enter it first, or name another."]
    return faults
