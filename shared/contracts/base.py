"""What an event contract is: a frozen dataclass and its marshmallow schema in one definition.

A contract never changes once it has a version: a new field, a narrower check or another meaning is a new class
with the next number (`IssueRaisedV2`), listed beside the old one. `tests/contracts` holds fingerprints of them all.
"""

import dataclasses
import re
from collections.abc import Callable
from datetime import datetime
from enum import Enum
from functools import cache
from types import MappingProxyType
from typing import Any, ClassVar, Protocol, Self, TypeVar, dataclass_transform, get_args, get_type_hints

import marshmallow
import marshmallow_dataclass
from marshmallow import validate

from shared.contracts.fields import Instant, Number, Whole, YesOrNo
from shared.contracts.plain import DOUBTS, Read, part_reader

AHEAD = frozenset({"due_at", "settles_at"})
"""By when something is to happen."""


class ContractSchema(marshmallow.Schema):
    """Types are strict; what a newer publisher added is ignored, so that older listeners keep working."""

    TYPE_MAPPING: dict[type, type[marshmallow.fields.Field[Any]]] = {  # noqa: RUF012
        datetime: Instant,
        int: Whole,
        float: Number,
        bool: YesOrNo,
    }

    class Meta:
        unknown = marshmallow.EXCLUDE


class ContractBroken(Exception):
    """The content of an event is not what its contract says; `fields` names each field and what was wrong."""

    def __init__(self, wire_type: str, faults: dict[str, Any]) -> None:
        super().__init__(f"{wire_type}: {faults}")
        self.wire_type = wire_type
        self.fields = faults


class Subject(Protocol):
    """Whatever has one: events and commands. It says what their order matters for."""

    @property
    def subject(self) -> str: ...


class Part:
    """A group of fields inside an event, such as a place or a funding share."""


class Event:
    """Something that happened, as others may rely on it. Subclasses are made with `@event`."""

    wire_type: ClassVar[str]
    publisher: ClassVar[str]
    subject_field: ClassVar[str]

    @property
    def subject(self) -> str:
        """What the order of events matters for: an issue id, an order number before there is one, or a period."""
        return str(getattr(self, self.subject_field))

    def to_wire(self) -> dict[str, Any]:
        """The content as plain JSON values; instants as ISO 8601 with offset."""
        return {name: _plain(value) for name, value in vars(self).items()}

    @classmethod
    def from_wire(cls, content: Any) -> Self:
        """Read and check plain JSON values; raises ContractBroken with a message for every faulty field."""
        try:
            plainly: Self = plain_reader_of(cls)(content)
            return plainly
        except DOUBTS:
            return cls._from_unusual(content)

    @classmethod
    def _from_unusual(cls, content: Any) -> Self:
        try:
            read: Self = schema_of(cls).load(content)
        except marshmallow.ValidationError as error:
            raise ContractBroken(cls.wire_type, error.normalized_messages()) from None  # type: ignore[no-untyped-call]
        return read


@cache
def instant_field(contract: type[Event]) -> str:
    """Which says when it happened: contracts put their own instant last, but for when something is due then."""
    names = [field.name for field in dataclasses.fields(contract) if field.name.endswith("_at")]  # type: ignore[arg-type]
    return next((name for name in reversed(names) if name not in AHEAD), names[-1])


def _plain(value: Any) -> Any:
    """A value as the schema would write it, several times as fast: events are written far more often than read."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return {name: _plain(one) for name, one in vars(value).items()} if isinstance(value, Part) else value


C = TypeVar("C", bound=type)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(dataclasses.field,))
def part(cls: C) -> C:
    """Make a class a part of contracts: frozen, keywords only, enums by their value on the wire."""
    made: Any = dataclasses.dataclass(frozen=True, kw_only=True)(cls)
    _put_enums_by_value(made)
    return made  # type: ignore[no-any-return]


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(dataclasses.field,))
def event(*, publisher: str, subject: str) -> Callable[[C], C]:
    """Make a class an event contract; its name gives the type: `IssueRaisedV1` is `issue_raised.v1` on the wire."""

    def make(cls: C) -> C:
        made: Any = part(cls)
        made.wire_type = _wire_type(cls.__name__)
        made.publisher = publisher
        made.subject_field = subject
        return made  # type: ignore[no-any-return]

    return make


def text(*, longest: int = 200, shortest: int = 1, default: Any = dataclasses.MISSING, says: str = "") -> Any:
    """A piece of text with its bounds in characters."""
    return checked(validate.Length(min=shortest, max=longest), default=default, says=says)


def checked(*checks: Any, default: Any = dataclasses.MISSING, says: str = "") -> Any:
    """A field with marshmallow validators and a sentence that goes into the published schema."""
    metadata: dict[str, Any] = {"validate": list(checks)} if checks else {}
    if says:
        metadata["metadata"] = {"description": says}
    return dataclasses.field(default=default, metadata=metadata)


def listed(check: Any) -> Any:
    """A list that may be left out, and is empty then."""
    return dataclasses.field(default_factory=list, metadata={"validate": check})


@dataclasses.dataclass(frozen=True)
class Each:
    """A validator for a list: at most so many members, each of which passes the check."""

    check: Any
    most: int

    def __call__(self, members: list[Any]) -> None:
        if len(members) > self.most:
            raise marshmallow.ValidationError(f"Must have at most {self.most} entries.")
        for member in members:
            self.check(member)


def each(check: Any, *, most: int = 1000) -> Any:
    """Every member of a list must pass the check, and there may be at most so many."""
    return Each(check, most)


def _make_schema(cls: type) -> marshmallow.Schema:
    return marshmallow_dataclass.class_schema(cls, base_schema=ContractSchema)()


schema_of: Callable[[type], marshmallow.Schema] = cache(_make_schema)
"""The marshmallow schema of an event or part, made once."""


def _make_plain_reader(cls: type) -> Read:
    return part_reader(cls, schema_of(cls))


plain_reader_of: Callable[[type], Read] = cache(_make_plain_reader)
"""What reads such an event where it is just as its contract says, made once. Raises one of DOUBTS elsewhere."""


def _wire_type(class_name: str) -> str:
    matched = re.fullmatch(r"(?P<words>[A-Za-z]+)V(?P<version>\d+)", class_name)
    if matched is None:
        raise TypeError(f"the contract {class_name} must end in its version, like IssueRaisedV1")
    words = re.sub(r"(?<!^)(?=[A-Z])", "_", matched["words"]).lower()
    return f"{words}.v{matched['version']}"


def _put_enums_by_value(cls: Any) -> None:
    """marshmallow_dataclass writes the names of enums unless each field says otherwise; ours go by value."""
    hints = get_type_hints(cls)
    for one in dataclasses.fields(cls):
        kinds = (hints[one.name], *get_args(hints[one.name]))
        if any(isinstance(kind, type) and issubclass(kind, Enum) for kind in kinds):
            one.metadata = MappingProxyType({**one.metadata, "by_value": True})
