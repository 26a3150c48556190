"""The record of a session: a chain of entries, each closed by a hash over itself and the one before.

Nothing in it is ever changed or taken out. The hash is sha256 over the previous hash and the entry as canonical JSON
(keys sorted, no spaces, UTF-8), so anybody can check it without this program.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

FIRST_HASH = "0" * 64
"""What the first entry of every session is chained to."""


@dataclass(eq=False)
class Entry:
    """One thing that happened in a session. `content` is canonical JSON text, kept to the byte."""

    session_id: str
    number: int
    kind: str
    recorded_by: str
    recorded_at: datetime
    content: str
    previous_hash: str
    hash: str


def chain(
    session_id: str, number: int, previous_hash: str, kind: str, by: str, at: datetime, content: dict[str, Any]
) -> Entry:
    """The entry that follows the one with `previous_hash`."""
    entry = Entry(session_id, number, kind, by, at.astimezone(UTC), canonical(content), previous_hash, "")
    entry.hash = hash_of(entry)
    return entry


def canonical(content: object) -> str:
    """JSON with one spelling only."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hash_of(entry: Entry) -> str:
    """What the hash of an entry must be."""
    signed = canonical(
        {
            "session_id": entry.session_id,
            "number": entry.number,
            "kind": entry.kind,
            "recorded_by": entry.recorded_by,
            "recorded_at": entry.recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
            "content": json.loads(entry.content),
        }
    )
    return hashlib.sha256((entry.previous_hash + signed).encode()).hexdigest()


def faults_in(entries: Iterable[Entry], *, head_hash: str) -> list[str]:
    """What is wrong with a record, one sentence per fault; nothing if it is whole and ends at `head_hash`."""
    faults, previous, number = [], FIRST_HASH, 0
    for entry in entries:
        number += 1
        if entry.number != number:
            faults.append(f"entry {number} is missing: found {entry.number} in its place")
        if entry.previous_hash != previous:
            faults.append(f"entry {entry.number} does not follow the one before it")
        if hash_of(entry) != entry.hash:
            faults.append(f"entry {entry.number} was changed")
        previous, number = entry.hash, entry.number
    if previous != head_hash:
        faults.append("the record does not end where the session says it ends")
    return faults
