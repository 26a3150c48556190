"""What a broker has, as it tells in its definitions, held one by one against what is declared. No broker here.

Who else uses the broker is left alone: a queue, a binding or a user is too much only where its name is one of ours.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shared.bus import topology
from shared.bus.topology.access import HOTLINE, STREET
from shared.bus.topology.remaking import INTERIM

OTHERS_OF_OURS = (topology.HOTLINE_QUEUE, topology.DEAD_CALLS, topology.STREETS_EXCHANGE)
Document = dict[str, Any]
Entry = dict[str, Any]


class Fault(StrEnum):
    """What is the matter with one thing on the broker."""

    MISSING = "missing"
    OTHER = "other"
    TOO_MUCH = "too much"


@dataclass(frozen=True)
class Difference:
    """One thing that the broker lacks, has otherwise, or has too much, and its entry in whichever document has it."""

    kind: str
    name: str
    fault: Fault
    entry: Entry
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.name}: {self.fault}" + (f" ({self.detail})" if self.detail else "")


@dataclass(frozen=True)
class Kind:
    """How one kind of thing is named, which of its attributes count, and whether one not declared is too much."""

    section: str
    word: str
    name: Callable[[Entry], str]
    compared: tuple[str, ...] = ()
    is_too_much: Callable[[Entry], bool] = lambda entry: False


def differences(declared: Document, found: Document) -> list[Difference]:
    """Of one virtual host. A section that the broker does not show (users need an administrator) is not compared."""
    shown = [kind for kind in KINDS if kind.section in found]
    return [one for kind in shown for one in _of_kind(kind, declared.get(kind.section, []), found[kind.section])]


def _of_kind(kind: Kind, declared: list[Entry], found: list[Entry]) -> Iterator[Difference]:
    wanted, there = ({kind.name(one): one for one in entries} for entries in (declared, found))
    for name, entry in wanted.items():
        if name not in there:
            yield Difference(kind.word, name, Fault.MISSING, entry)
        elif detail := _other(entry, there[name], kind.compared):
            yield Difference(kind.word, name, Fault.OTHER, entry, detail)
    for name, entry in there.items():
        if name not in wanted and kind.is_too_much(entry):
            yield Difference(kind.word, name, Fault.TOO_MUCH, entry)


def _other(wanted: Entry, found: Entry, compared: tuple[str, ...]) -> str:
    flat = [(_flat(entry, compared)) for entry in (wanted, found)]
    names = [name for name in sorted(flat[0].keys() | flat[1].keys()) if flat[0].get(name) != flat[1].get(name)]
    return "; ".join(f"{name} is {flat[1].get(name, 'not set')}, not {flat[0].get(name, 'set')}" for name in names)


def _flat(entry: Entry, compared: tuple[str, ...]) -> Entry:
    """Attributes, and those inside arguments and policies, side by side."""
    parts = [entry[name] if isinstance(entry.get(name), dict) else {name: entry.get(name)} for name in compared]
    return {name: value for part in parts for name, value in part.items()}


def _name(entry: Entry) -> str:
    return str(entry["name"])


def _binding(entry: Entry) -> str:
    arguments = json.dumps(entry["arguments"], sort_keys=True) if entry["arguments"] else ""
    return f"{entry['source']} -> {entry['destination']} by {entry['routing_key'] or arguments or 'all'}"


def _is_our_queue(entry: Entry) -> bool:
    return _is_ours(_name(entry)) or _name(entry).endswith(INTERIM)


def _is_ours(name: str) -> bool:
    owners = "|".join((*topology.SERVICES, topology.NEIGHBOURS))
    return bool(re.fullmatch(rf"({owners})\.(inbox|dead|returned)(\.\d+)?|street\.\d+\.notices", name))


def _leads_to_us(entry: Entry) -> bool:
    """To a queue that a service or a neighbour reads, or to the streets. (What feeds an interim queue ends with it.)"""
    return _is_ours(str(entry["destination"])) or entry["destination"] in OTHERS_OF_OURS


def _touches_us(entry: Entry) -> bool:
    """Only one policy holds for a queue: somebody else's takes the place of ours, or adds what loses messages."""
    try:
        return any(re.search(entry["pattern"], queue.name) for queue in topology.queues())
    except re.error:
        return False  # the broker's patterns know a few words that Python's don't


def _is_neighbour(entry: Entry) -> bool:
    return _name(entry) == HOTLINE or _name(entry).startswith(STREET)


def _right(entry: Entry) -> str:
    return str(entry["user"]) + (f" on {entry['exchange']}" if "exchange" in entry else "")


def _is_of_neighbour(entry: Entry) -> bool:
    return entry["user"] == HOTLINE or str(entry["user"]).startswith(STREET)


KINDS = (
    Kind("exchanges", "exchange", _name, ("type", "durable", "auto_delete", "internal")),
    Kind("queues", "queue", _name, ("durable", "auto_delete", "arguments"), _is_our_queue),
    Kind("bindings", "binding", _binding, (), _leads_to_us),
    Kind("policies", "policy", _name, ("pattern", "apply-to", "priority", "definition"), _touches_us),
    Kind("users", "user", _name, ("password_hash",), _is_neighbour),
    Kind("permissions", "permission", _right, ("configure", "write", "read"), _is_of_neighbour),
    Kind("topic_permissions", "topic permission", _right, ("write", "read"), _is_of_neighbour),
)
