"""JSON Schemas (2020-12) of the events, made from their contracts: for people and programs that don't read Python.

They tell what a listener accepts. Fields that nobody knows are ignored, so every object allows additional ones.
Patterns mean the same to Python, JavaScript and Rust: no `\\d`, which is any digit in Python, and with each `$`, which
lets a line feed pass there, that there is none. `format` is meant: a validator must be told to check it.
"""

from collections.abc import Iterable
from enum import Enum
from functools import cache
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from marshmallow import Schema, fields, validate

from shared.contracts.base import Each, Event, schema_of
from shared.contracts.envelope import LONGEST_NAME, LONGEST_NAME_BYTES
from shared.contracts.fields import FullMatch, words_of

DIALECT = "https://json-schema.org/draft/2020-12/schema"
JsonSchema = dict[str, Any]
DECIMAL = r"^-?[0-9]+(\.[0-9]+)?$"
NO_LINE_FEED: JsonSchema = {"not": {"pattern": "\\n"}}

_COMPONENTS = "#/components/schemas/"
_DEFINITIONS = "#/$defs/"


def content_schema(contract: type[Event]) -> JsonSchema:
    """The schema of an event's content, what stands in `data`, with its parts in `$defs`."""
    known = {name: pointing_to(_DEFINITIONS, schema) for name, schema in component_schemas([contract]).items()}
    content = known.pop(contract.__name__)
    return {"$schema": DIALECT, "title": contract.__name__, **content, **({"$defs": known} if known else {})}


def message_schema(contract: type[Event]) -> JsonSchema:
    """The schema of the whole message body, a CloudEvent, with the content and its parts in `$defs`."""
    known = {name: pointing_to(_DEFINITIONS, schema) for name, schema in component_schemas([contract]).items()}
    return {
        "$schema": DIALECT,
        "title": contract.wire_type,
        **envelope_schema(contract, {"$ref": _DEFINITIONS + contract.__name__}),
        "$defs": known,
    }


def envelope_schema(contract: type[Event], content: JsonSchema) -> JsonSchema:
    """The CloudEvent around an event's content."""
    name = {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME}
    optional = {"type": ["string", "null"]}
    bytes_too = f"In UTF-8 at most {LONGEST_NAME_BYTES} bytes."
    return {
        "type": "object",
        "description": _sentence_of(contract),
        "properties": {
            "specversion": {"const": "1.0"},
            "id": {**name, "description": f"Says which event it is: the same id again changes nothing. {bytes_too}"},
            "source": {**name, "description": f"Who says it. {bytes_too}", "examples": [f"/{contract.publisher}"]},
            "type": {"const": contract.wire_type},
            "time": {
                **optional,
                "format": "date-time",
                "description": "When it happened, with offset; left out: when it arrives.",
            },
            "subject": {
                **optional,
                "maxLength": LONGEST_NAME,
                "description": f"What order matters for: the `{contract.subject_field}`.",
            },
            "datacontenttype": {**optional, "description": "JSON; left out: application/json."},
            "data": content,
            "data_base64": {
                "type": "string",
                "contentEncoding": "base64",
                "contentMediaType": "application/json",
                "contentSchema": content,
                "description": "The same as `data`, in its place.",
            },
        },
        "required": ["specversion", "id", "source", "type"],
        "oneOf": [{"required": ["data"]}, {"required": ["data_base64"]}],
        "additionalProperties": True,
    }


def component_schemas(contracts: Iterable[type[Event]]) -> dict[str, JsonSchema]:
    """The contents of events and all their parts by name, pointing to each other at `#/components/schemas/`."""
    plugin = MarshmallowPlugin(schema_name_resolver=_name_of)
    spec = APISpec("contracts", "1", "3.1.0", plugins=[plugin])
    described_exactly(plugin)
    for contract in contracts:
        spec.components.schema(contract.__name__, schema=schema_of(contract))
    found: dict[str, JsonSchema] = spec.to_dict()["components"]["schemas"]
    described = _described_classes()
    return {
        name: {"description": described[name], **schema, "additionalProperties": True}
        for name, schema in sorted(found.items())
    }


def described_exactly(plugin: MarshmallowPlugin) -> OpenAPIConverter:
    """Teach the converter of a plugin, once its APISpec is made, what apispec leaves out or gets wrong."""
    converter = plugin.converter
    assert converter is not None
    for told in (_members, _enum_words, _whole_text, _bounds, _decimals):
        converter.add_attribute_function(told)  # type: ignore[no-untyped-call]
    return converter


def _bounds(_: OpenAPIConverter, field: fields.Field[Any], ret: JsonSchema, **kwargs: Any) -> JsonSchema:
    """apispec takes a bound that itself is left out for one that is let in."""
    for check in field.validators:
        if isinstance(check, validate.Range):
            for bound, is_let_in in (("minimum", check.min_inclusive), ("maximum", check.max_inclusive)):
                if bound in ret and not is_let_in:
                    ret[f"exclusive{bound.capitalize()}"] = ret.pop(bound)
    return {}


def _decimals(_: OpenAPIConverter, field: fields.Field[Any], **kwargs: Any) -> JsonSchema:
    """apispec calls them numbers, also where they are written as text."""
    if isinstance(field, fields.Decimal) and field.as_string:
        return {"type": ["string", "null"] if field.allow_none else "string", "pattern": DECIMAL}
    return {}


def _members(converter: OpenAPIConverter, field: fields.Field[Any], **kwargs: Any) -> JsonSchema:
    """apispec doesn't see checks on the members of a list."""
    told: JsonSchema = {}
    for check in field.validators:
        if isinstance(check, Each):
            told["items"] = converter.field2property(fields.String(validate=check.check))
            told["maxItems"] = check.most
    return told


def _whole_text(_: OpenAPIConverter, field: fields.Field[Any], **kwargs: Any) -> JsonSchema:
    return NO_LINE_FEED if any(isinstance(check, FullMatch) for check in field.validators) else {}


def _enum_words(_: OpenAPIConverter, field: fields.Field[Any], **kwargs: Any) -> JsonSchema:
    """apispec gives the values of an enum, but neither their type nor what it is for."""
    if not isinstance(field, fields.Enum):
        return {}
    described = field.metadata.get("description") or _sentence_of(field.enum)
    told: JsonSchema = {"type": ["string", "null"] if field.allow_none else "string", "description": described}
    words = words_of(field)
    return told | ({"enum": words} if len(words) < len(field.enum.__members__) else {})


def pointing_to(place: str, schema: Any) -> Any:
    """The same schema with its references going to another place."""
    if isinstance(schema, dict):
        return {
            name: value.replace(_COMPONENTS, place) if name == "$ref" else pointing_to(place, value)
            for name, value in schema.items()
        }
    if isinstance(schema, list):
        return [pointing_to(place, member) for member in schema]
    return schema


def _name_of(schema: Any) -> str:
    kind = schema if isinstance(schema, type) else type(schema)
    return kind.__name__ if issubclass(kind, Schema) else str(schema)


@cache
def _described_classes() -> dict[str, str]:
    """The first sentences of every event and part, by class name."""
    from shared.contracts import MODULES, Part

    return {
        name: _sentence_of(value)
        for module in MODULES
        for name, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, Event | Part)
    }


def _sentence_of(described: type[Event] | type[Enum] | type) -> str:
    return " ".join((described.__doc__ or "").split())
