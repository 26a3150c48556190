"""Requests and replies of RPC: frozen dataclasses with their schema, like events; a request refuses unknown fields."""

import dataclasses
from typing import Any, TypeVar, dataclass_transform

import marshmallow
import marshmallow_dataclass
from marshmallow import fields, validate
from marshmallow.exceptions import SCHEMA as WHOLE

from shared.contracts.base import ContractSchema, each, part
from shared.contracts.hotline import UNIT_CODE
from shared.contracts.requests import REASONS, RequestReason, Want
from shared.errors import BadRequest
from shared.units.codes import BadUnitCode, canonical_code

LONGEST_CODE = 15
C = TypeVar("C", bound=type)
T = TypeVar("T")


class StrictSchema(ContractSchema):
    """Whoever sends a field that there is none of is told which there are."""

    class Meta:
        unknown = marshmallow.RAISE

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        told = {"unknown": f"Unknown field. There are: {', '.join(self.fields)}.", "type": "Must be an object."}
        self.error_messages = {**self.error_messages, **told}


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(dataclasses.field,))
def request(cls: C) -> C:
    """Make a class a request: `text()`, `checked()` and the like give its checks."""
    return part(cls)


class UnitCode(fields.String):
    """Read as the code it is, however long it is written; what is no code is left for the checks."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        written: str = super()._deserialize(value, attr, data, **kwargs)
        try:
            return canonical_code(written)
        except BadUnitCode:
            return written


def unit_code(*, may_be_empty: bool = False) -> Any:
    """The unit that a request names, or empty, where it may be."""
    if may_be_empty:
        field = UnitCode(load_default="", validate=validate.Length(max=LONGEST_CODE))
        return dataclasses.field(default="", metadata={"marshmallow_field": field})
    return dataclasses.field(metadata={"marshmallow_field": UnitCode(required=True, validate=UNIT_CODE)})


def unit_codes(*, most: int) -> Any:
    """The units that a request names, none if it is left out."""
    codes = fields.List(UnitCode(), load_default=list, validate=each(UNIT_CODE, most=most))
    return dataclasses.field(default_factory=list, metadata={"marshmallow_field": codes})


def reason_for(want: Want) -> Any:
    """A reason of what is wanted. Whoever gives another is told these, and not all that are reasons of anything."""
    reasons = REASONS[want]
    told = f"Must be one of: {', '.join(reasons)}."
    field = fields.Enum(
        RequestReason,
        by_value=True,
        required=True,
        validate=validate.OneOf(reasons, error=told),
        error_messages={"unknown": told},
    )
    return dataclasses.field(metadata={"marshmallow_field": field})


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(dataclasses.field,))
def reply(cls: C) -> C:
    """Make a class a reply."""
    return part(cls)


def read_request(cls: type[T], wire: Any) -> T:
    """Raises BadRequest, which names each faulty field."""
    if not isinstance(wire, dict):
        raise BadRequest("the request must be one JSON object", {"request": ["Must be an object."]})
    try:
        read: T = strict_schema_of(cls).load(wire)
    except marshmallow.ValidationError as error:
        raise BadRequest("some fields are wrong", _flat(error.normalized_messages())) from None
    return read


def write_reply(answer: Any) -> Any:
    """A reply as plain JSON values."""
    return strict_schema_of(type(answer)).dump(answer)


def strict_schema_of(cls: type) -> marshmallow.Schema:
    """Made once per class."""
    if cls not in _schemas:
        _schemas[cls] = marshmallow_dataclass.class_schema(cls, base_schema=StrictSchema)()
    return _schemas[cls]


_schemas: dict[type, marshmallow.Schema] = {}


def _flat(messages: Any, prefix: str = "") -> dict[str, list[str]]:
    """Nested messages by dotted names: {"evidence.0.uri": ["Not a valid string."]}."""
    if isinstance(messages, list):
        return {prefix or "request": [str(message) for message in messages]}
    flat: dict[str, list[str]] = {}
    for name, inner in messages.items():
        flat |= _flat(inner, ".".join(one for one in (prefix, str(name)) if one and one != WHOLE))
    return flat
