"""Reads the files that operators write in TOML: every fault at once, each with its line, its field and what is wrong.

TOML parsers keep no line numbers, so lines are looked up by the headings and keys of the text.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from marshmallow import Schema, ValidationError

from shared.settings import FaultyFile

_HEADING = re.compile(r"^\[{1,2}\s*([\w.\s]+?)\s*\]{1,2}")
_KEY = re.compile(r"^([\w-]+)\s*=")
_PLAIN = {
    "Missing data for required field.": "is missing",
    "Unknown field.": "is unknown",
    "Not a valid boolean.": "must be true or false",
    "Not a valid string.": "must be text in quotes",
    "Not a valid list.": "must be a list",
}


@dataclass(frozen=True)
class Fault:
    """One fault. `line` is None where none can be named, as for something that is missing from the whole file."""

    line: int | None
    field: str
    message: str

    def __str__(self) -> str:
        return ": ".join(part for part in (f"line {self.line}" if self.line else "", self.field, self.message) if part)


class BadTomlFile(FaultyFile):
    """A file can't be used. `faults` has all of them."""

    faults: list[Fault]

    def __init__(self, path: Path, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__(f"{path}: " + "; ".join(map(str, faults)))


@dataclass(frozen=True)
class TomlFile:
    """What a file says, and on which line it says it."""

    path: Path
    content: dict[str, Any]
    lines: Mapping[str, int]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Raises BadTomlFile for what is no TOML at all."""
        try:
            text = path.read_text(encoding="utf-8")
            return cls(path, tomllib.loads(text), _lines_of(text))
        except OSError as fault:
            raise BadTomlFile(path, [Fault(None, "", f"can't be read: {fault.strerror}")]) from None
        except UnicodeDecodeError:
            raise BadTomlFile(path, [Fault(None, "", "is not UTF-8 text")]) from None
        except tomllib.TOMLDecodeError as fault:
            at = re.search(r"line (\d+)", str(fault))
            raise BadTomlFile(path, [Fault(int(at[1]) if at else None, "", f"is not TOML: {fault}")]) from None

    def checked_by(self, schema: Schema) -> Any:
        """What the schema makes of it. Raises BadTomlFile with every fault, in order of lines."""
        try:
            return schema.load(self.content)
        except ValidationError as refused:
            faults = [self.fault(field, message) for field, message in leaves_of("", refused.messages)]
            raise BadTomlFile(self.path, sorted(faults, key=lambda fault: fault.line or 0)) from None

    def fault(self, field: str, message: str) -> Fault:
        """On the line of the field, or of the nearest heading above it."""
        place = field
        while place and place not in self.lines:
            place = place.rpartition(".")[0]
        return Fault(self.lines.get(place), field, message)


def leaves_of(place: str, messages: Any) -> Iterator[tuple[str, str]]:
    """Each field of marshmallow's messages, and what is wrong there."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from leaves_of(place if key == "_schema" else f"{place}.{key}".lstrip("."), inner)
    else:
        for message in messages if isinstance(messages, list) else [messages]:
            yield place, _PLAIN.get(str(message), str(message))


def _lines_of(text: str) -> dict[str, int]:
    """Where each heading and key stands: `versions.0.sla.general_days` → line."""
    where: dict[str, int] = {}
    counts: Counter[str] = Counter()
    prefix = ""
    for line, written in enumerate(text.splitlines(), start=1):
        if heading := _HEADING.match(written):
            name, _, section = heading[1].partition(".")
            counts[name] += written.startswith("[[")
            number = str(counts[name] - 1) if counts[name] else ""
            prefix = ".".join(part for part in (name, number, section) if part)
            where.setdefault(prefix, line)
        elif key := _KEY.match(written.strip()):
            where.setdefault(f"{prefix}.{key[1]}".lstrip("."), line)
    return where
