"""Every call with the JSON Schemas of its request and reply, as data: for who may not load the services themselves."""

import json
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

from services import ANSWERING
from services.cli.suite.calls import KEY, Call, calls_of
from shared.bus.rpc.messages import strict_schema_of
from shared.contracts.json_schema import JsonSchema, described_exactly, pointing_to

PLACE = "#/components/schemas/"


def all_calls() -> dict[str, Any]:
    """`calls` in the order of processes and names; `schemas` by name, pointing to each other as OpenAPI wants it."""
    calls: list[dict[str, Any]] = []
    schemas: dict[str, JsonSchema] = {}
    for process in ANSWERING:
        plugin = MarshmallowPlugin()
        spec = APISpec(process, "1", "3.1.0", plugins=[plugin])
        converter = described_exactly(plugin)
        for _, call in sorted(calls_of(process).items()):
            request, reply = (
                converter.resolve_nested_schema(strict_schema_of(one)) for one in (call.request_class, call.reply_class)
            )
            calls.append(_line(call, request, reply))
        schemas |= {f"{process}.{name}": one for name, one in spec.to_dict()["components"]["schemas"].items()}
    return {
        "calls": [_named_apart(one["service"], one) for one in calls],
        "schemas": {
            name: _without_key(_named_apart(name.partition(".")[0], one)) for name, one in sorted(schemas.items())
        },
    }


def as_text(found: dict[str, Any]) -> str:
    """One call and one schema a line, so that two people who change different ones don't meet."""
    calls = ",\n".join(_as_json(one) for one in found["calls"])
    schemas = ",\n".join(f"{_as_json(name)}: {_as_json(one)}" for name, one in found["schemas"].items())
    return f'{{"calls": [\n{calls}\n],\n"schemas": {{\n{schemas}\n}}}}'


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _line(call: Call, request: JsonSchema, reply: JsonSchema) -> dict[str, Any]:
    return {
        "service": call.process,
        "method": call.method,
        "says": call.says,
        "roles": sorted(call.roles),
        "reads": call.reads,
        "request": request,
        "reply": reply,
    }


def _named_apart(process: str, schema: Any) -> Any:
    """Two services may use one name for different things."""
    return pointing_to(f"{PLACE}{process}.", schema)


def _without_key(schema: JsonSchema) -> JsonSchema:
    """Over HTTP the idempotency key is a header."""
    if KEY not in schema.get("properties", {}):
        return schema
    properties = {name: one for name, one in schema["properties"].items() if name != KEY}
    needed = [name for name in schema.get("required", []) if name != KEY]
    return {**schema, "properties": properties} | ({"required": needed} if needed else {})
