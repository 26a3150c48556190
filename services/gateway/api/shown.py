"""What the board shows, as JSON: schemas and values, both made from its frozen shapes, so that they can't differ."""

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import orjson

from shared.contracts.json_schema import JsonSchema

PLACE = "#/components/schemas/"
_PLAIN: Mapping[object, JsonSchema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
}


def schema_of(kind: Any, components: dict[str, JsonSchema]) -> JsonSchema:
    """The schema of a type; of a shape a reference to one among the components, which it is put into."""
    if kind in _PLAIN:
        return dict(_PLAIN[kind])
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {"type": "string", "enum": [one.value for one in kind]}
    if get_origin(kind) is None:
        return _shape_of(kind, components, kind.__name__, {})
    return _made_of_others(kind, components)


def _made_of_others(kind: Any, components: dict[str, JsonSchema]) -> JsonSchema:
    origin: Any = get_origin(kind)
    inner = get_args(kind)
    if origin in (Union, UnionType):
        options = [schema_of(one, components) for one in inner if one is not NoneType]
        return {"anyOf": [*options, {"type": "null"}]}
    if hasattr(origin, "__dataclass_fields__"):
        given = dict(zip(origin.__parameters__, inner, strict=True))
        return _shape_of(origin, components, f"{origin.__name__}Of{inner[0].__name__}", given)
    if issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": schema_of(inner[1], components)}
    return {"type": "array", "items": schema_of(inner[0], components)}


def as_json(value: object) -> bytes:
    """The same value as its schema says."""
    return orjson.dumps(value, default=_members)


def _shape_of(kind: Any, components: dict[str, JsonSchema], name: str, given: Mapping[TypeVar, Any]) -> JsonSchema:
    name = f"board.{name}"
    if name not in components:
        components[name] = {}  # a shape may hold others of its own kind
        hints = get_type_hints(kind)
        kinds = {one.name: _with(hints[one.name], given) for one in dataclasses.fields(kind)}
        components[name] = {
            "type": "object",
            "description": " ".join((kind.__doc__ or "").split()),
            "properties": {field: schema_of(one, components) for field, one in kinds.items()},
            "required": list(kinds),
            "additionalProperties": False,
        }
    return {"$ref": PLACE + name}


def _with(hint: Any, given: Mapping[TypeVar, Any]) -> Any:
    """A hint with what a generic shape was made for."""
    inner = get_args(hint)
    return hint[tuple(given[one] for one in inner)] if any(one in given for one in inner) else hint


def _members(value: object) -> list[str]:
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} is nothing that the board shows")
