"""Ids made from what an entry is by nature, for files and calls that give it none: the same again has the same id.

To rename something, its id has to be named: under another name it would be another thing.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

NATURAL_KEYS: Mapping[str, tuple[str, ...]] = {
    "place": ("units", "kind", "within", "name"),
    "organisation": ("unit", "name"),
    "contract": ("organisation", "place", "subject"),
    "desk": ("organisation", "name"),
    "shift": ("desk", "person", "starts"),
    "acting": ("person", "acting", "desk"),
    "person": ("unit", "name"),
    "staff": ("person", "organisation"),
    "deputy": ("person", "unit", "role"),
    "resident": ("person", "unit", "place", "residence"),
    "hall": ("unit", "name"),
    "duty": ("category", "tier", "organisation"),
}
"""What makes two rows one and the same entry. A unit's id is its code."""


def natural_id(kind: str, facts: Mapping[str, Any]) -> str:
    """Of an expert the field counts too: somebody may be one in two fields."""
    key = [_word(facts.get(field)) for field in NATURAL_KEYS[kind]]
    if kind == "deputy" and facts.get("role") == "expert":
        key.append(_word(facts.get("category")))
    return f"{kind}-{hashlib.sha256('|'.join(key).encode()).hexdigest()[:16]}"


def _word(value: object) -> str:
    """Of several values the first: more units may be added to a place."""
    first = value[0] if isinstance(value, list) and value else value
    return str(first or "").strip()
