"""Faults of a policy file: what they are, and on which line.

TOML parsers keep no line numbers, so lines are looked up by the headings and keys of the text.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_HEADING = re.compile(r"^\[{1,2}\s*([\w.\s]+?)\s*\]{1,2}")
_KEY = re.compile(r"^([\w-]+)\s*=")
_PLAIN = {
    "Missing data for required field.": "is missing",
    "Unknown field.": "is unknown",
    "Not a valid boolean.": "must be true or false",
    "Not a valid string.": "must be text in quotes",
}


@dataclass(frozen=True)
class PolicyFault:
    """One fault. `line` is None where none can be named, as for something that is missing from the whole file."""

    line: int | None
    field: str
    message: str

    def __str__(self) -> str:
        return ": ".join(part for part in (f"line {self.line}" if self.line else "", self.field, self.message) if part)


class BadPolicyFile(ValueError):
    """A policy file can't be used. `faults` has all of them."""

    def __init__(self, path: Path, faults: list[PolicyFault]) -> None:
        self.faults = faults
        super().__init__(f"{path}: " + "; ".join(map(str, faults)))


def lines_of(text: str) -> dict[str, int]:
    """Where each heading and key stands: `versions.0.sla.general_days` → line."""
    where: dict[str, int] = {}
    counts: dict[str, int] = defaultdict(int)
    prefix = ""
    for line, written in enumerate(text.splitlines(), start=1):
        if heading := _HEADING.match(written):
            name, _, section = heading[1].partition(".")
            if written.startswith("[["):
                counts[name] += 1
            prefix = ".".join(part for part in (name, str(counts[name] - 1), section) if part)
            where.setdefault(prefix, line)
        elif key := _KEY.match(written.strip()):
            where.setdefault(f"{prefix}.{key[1]}".lstrip("."), line)
    return where


def leaves_of(place: str, messages: Any) -> Iterator[tuple[str, str]]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from leaves_of(place if key == "_schema" else f"{place}.{key}", inner)
    else:
        for message in messages if isinstance(messages, list) else [messages]:
            yield place, _PLAIN.get(str(message), str(message))
