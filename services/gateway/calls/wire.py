"""A call and its reply on the wire: nameko's protocol, as the services speak it, written and read without nameko."""

from collections.abc import Mapping
from typing import Any

import amqp
import orjson

from shared.errors import BadRequest, GongshangError, NotFound, Unavailable

JSON = "application/json"
TOKEN_HEADER = "nameko.auth_token"
UNKNOWN_METHOD = "MethodNotFound"
_KINDS = {kind.__name__: kind for kind in GongshangError.__subclasses__()}


def message_of(request: Mapping[str, Any], token: str, *, reply_to: str, correlation_id: str) -> amqp.Message:
    """The message that makes a call."""
    try:
        body = orjson.dumps({"args": [request], "kwargs": {}})
    except orjson.JSONEncodeError as fault:
        raise BadRequest(f"the request can't be sent: {fault}") from None
    return amqp.Message(
        body,
        content_type=JSON,
        content_encoding="utf-8",
        reply_to=reply_to,
        correlation_id=correlation_id,
        application_headers={TOKEN_HEADER: token},
    )


def result_in(body: bytes) -> dict[str, Any]:
    """What was answered. Raises the error that was, as the class of `shared.errors` that it had, with its code."""
    try:
        answer = orjson.loads(body)
        result, error = answer["result"], answer["error"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise Unavailable("the service's answer can't be read") from None
    if error is not None:
        raise _error_in(error)
    found: dict[str, Any] = result
    return found


def _error_in(error: Mapping[str, Any]) -> GongshangError:
    name, arguments = str(error.get("exc_type")), error.get("exc_args") or []
    if name == UNKNOWN_METHOD:
        return NotFound("the service has no such call")
    message, fields, code = (*arguments, "", {}, "")[:3] if len(arguments) >= 3 else (str(error.get("value")), {}, "")
    return _kind(name)(str(message), fields if isinstance(fields, dict) else {}, str(code))


def _kind(name: str) -> type[GongshangError]:
    """Every class of `shared.errors`, also those below others, such as TokenExpired."""
    if name not in _KINDS:
        below = [inner for kind in GongshangError.__subclasses__() for inner in kind.__subclasses__()]
        _KINDS.update({kind.__name__: kind for kind in below if kind.__module__ == GongshangError.__module__})
    return _KINDS.get(name, GongshangError)
