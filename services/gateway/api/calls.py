"""`POST /api/v1/calls/<service>/<method>`: every call of every service, one resource each, made as whoever asks.

The service reads the request: what it refuses comes back as problem details that point to its fields.
"""

from collections.abc import Callable
from typing import Any

import orjson
from flask import Response, jsonify, request
from flask_smorest import Blueprint

from services.gateway.api.callers import caller_for
from services.gateway.api.catalogue import Call, all_calls
from services.gateway.at_hand import ask
from shared.auth import Role, named
from shared.errors import BadRequest

KEY, KEY_HEADER = "idempotency_key", "Idempotency-Key"
JSON = "application/json"
LONGEST_KEY = 100
KEY_PARAMETER = {
    "in": "header",
    "name": KEY_HEADER,
    "required": True,
    "description": "Chosen by the caller, for each thing to be done another one. The same again is done once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$"},
}
REFUSALS = ("400", "401", "403", "404", "409", "413", "415", "422", "429", "503")

calls = Blueprint("api_calls", __name__, url_prefix="/api/v1/calls", description="Every call of the services.")


def register_all() -> None:
    """Give each call of the catalogue its address. Once, before the blueprint is registered."""
    for call in all_calls():
        view = _view_of(call)
        calls.route(f"/{call.service}/{call.method}", methods=["POST"])(calls.doc(**_documented(call))(view))


def _view_of(call: Call) -> Callable[[], Response]:
    def made() -> Response:
        key = "" if call.reads else _key()
        content = _content()
        if key:
            content[KEY] = key
        return jsonify(ask(call.service, call.method, content, by=caller_for(call.roles, key)))

    made.__name__ = f"{call.service}_{call.method}"
    made.__doc__ = call.says
    return made


def _content() -> dict[str, Any]:
    if request.mimetype != JSON:
        raise BadRequest(f"the body must be {JSON}", {"Content-Type": [f"Must be {JSON}."]}, "unsupported_media_type")
    try:
        content = orjson.loads(request.get_data())
    except orjson.JSONDecodeError as fault:
        raise BadRequest(f"the body is no JSON: {fault}") from None
    if not isinstance(content, dict):
        raise BadRequest("the body must be one JSON object")
    if KEY in content:
        raise BadRequest("the idempotency key is a header", {KEY: [f"Must be the header {KEY_HEADER}."]})
    return content


def _key() -> str:
    key = request.headers.get(KEY_HEADER, "")
    if not 1 <= len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable() or " " in key:
        told = f"Must be there, with 1 to {LONGEST_KEY} letters, digits or signs."
        raise BadRequest("what acts needs an idempotency key", {KEY_HEADER: [told]})
    return key


def _documented(call: Call) -> dict[str, Any]:
    looks = "Looks, and changes nothing" if call.reads else "Acts"
    is_open = call.roles & {Role.PUBLIC, Role.RESIDENT}
    answers: dict[str, dict[str, Any]] = {code: {"$ref": "#/components/responses/Problem"} for code in REFUSALS}
    answers["200"] = {"description": "Done.", "content": {JSON: {"schema": call.reply}}}
    return {
        "operationId": f"{call.service}_{call.method}",
        "tags": [call.service],
        "summary": call.says.partition(". ")[0].removesuffix("."),
        "description": f"{call.says}\n\n{looks}; for {named(call.roles)}.",
        "parameters": [] if call.reads else [KEY_PARAMETER],
        "requestBody": {"required": True, "content": {JSON: {"schema": call.request}}},
        "responses": answers,
        "security": [*([{}] if is_open else []), {"token": []}, {"session": []}],
    }


register_all()
