"""A fingerprint of each contract: what others rely on, as a hash. Wording may be mended, nothing else may change.

`fingerprints.json` holds them as they were when each version came out; a test compares.
"""

import hashlib
import json
from importlib.resources import files
from typing import Any

from shared.contracts.base import Event
from shared.contracts.json_schema import content_schema

_WORDING = frozenset({"description", "title", "$schema"})
_SETS = frozenset({"required", "enum", "type"})


def fingerprint(contract: type[Event]) -> str:
    """SHA-256 of the canonical JSON of publisher, subject and schema, without the wording."""
    relied_on = {
        "publisher": contract.publisher,
        "subject": contract.subject_field,
        "content": _canonical(content_schema(contract)),
    }
    wire = json.dumps(relied_on, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(wire.encode()).hexdigest()


def listed_fingerprints() -> dict[str, str]:
    """The fingerprints as they were listed, by wire type."""
    listed: dict[str, str] = json.loads((files("shared.contracts") / "fingerprints.json").read_text("utf-8"))
    return listed


def _canonical(schema: Any) -> Any:
    """Without wording, and with what is a set in order."""
    if not isinstance(schema, dict):
        return schema
    kept: dict[str, Any] = {}
    for name, value in schema.items():
        if name in ("properties", "$defs"):
            kept[name] = {one: _canonical(inner) for one, inner in value.items()}
        elif name in _SETS and isinstance(value, list):
            kept[name] = sorted(value, key=str)
        elif name not in _WORDING:
            kept[name] = _canonical(value)
    return kept
