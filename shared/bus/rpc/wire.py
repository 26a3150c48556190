"""A call and its answer as nameko puts them on the wire: read with care, written quickly."""

import time
from dataclasses import dataclass, field
from typing import Any

import orjson
from nameko.exceptions import MethodNotFound, serialize

from shared.contracts.texts import UNSTORABLE, unstorable_in
from shared.errors import BadRequest, GongshangError, Unavailable
from shared.logs import get_logger
from shared.telling import told

log = get_logger()

JSON = "application/json"
TOKEN_HEADER = "nameko.auth_token"


@dataclass(frozen=True)
class Delivered:
    """A call as the broker gave it. `tag` counts within one `generation` of the connection.

    With a `fault` it is not looked into. One that `is_returned` was under way when a process or its connection ended.
    """

    generation: int
    tag: int
    method: str
    body: bytes
    content_type: str | None
    reply_to: str
    correlation_id: str
    token: str | None
    fault: str = ""
    is_returned: bool = False
    arrived: float = field(default_factory=time.perf_counter)

    @property
    def can_be_answered(self) -> bool:
        """Whether there is an address that the broker takes as one."""
        return bool(self.reply_to) and self.reply_to.isprintable()


@dataclass(frozen=True)
class Answer:
    """What a call came to: plain JSON values or a reply, or an error."""

    result: Any = None
    error: Exception | None = None


def request_in(call: Delivered) -> Any:
    """The one request object: `args: [request]` or `kwargs: {"request": request}`. Raises BadRequest."""
    kind = (call.content_type or "").partition(";")[0].strip().lower()
    if kind != JSON:
        raise BadRequest(f"the message needs the property content_type: {JSON}")
    try:
        body = orjson.loads(call.body)
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"the body can't be decoded: {error}") from None
    request = _only_argument(body)
    place = unstorable_in(request) if b"\\u" in call.body else None
    if place is not None:
        raise BadRequest("some fields are wrong", {place or "request": [UNSTORABLE]})
    return request


def _only_argument(body: Any) -> Any:
    if not isinstance(body, dict) or "args" not in body or "kwargs" not in body:
        raise BadRequest('the body must be {"args": [request], "kwargs": {}}')
    args, kwargs = body["args"], body["kwargs"]
    if isinstance(args, list) and isinstance(kwargs, dict):
        if len(args) == 1 and not kwargs:
            return args[0]
        if not args and set(kwargs) == {"request"}:
            return kwargs["request"]
    raise BadRequest("the method takes exactly one argument, `request`, a JSON object")


def written(answer: Answer) -> bytes:
    """The body of the message that carries it back. Whatever the answer holds, there is one."""
    try:
        error = None if answer.error is None else serialize(_for_strangers(answer.error))
        return orjson.dumps({"result": answer.result, "error": error}, default=str, option=orjson.OPT_NON_STR_KEYS)
    except orjson.JSONEncodeError as fault:
        log.error("rpc_answer_not_written", error=told(fault), exc_info=fault)
        return orjson.dumps({"result": None, "error": serialize(_for_strangers(fault))})


def plain(value: Any) -> Any:
    """Replies and requests as JSON values: enums by value, instants as ISO 8601 with offset."""
    return orjson.loads(orjson.dumps(value))


def _for_strangers(error: Exception) -> Exception:
    """Errors of ours go out as classes that every client knows; of what we did not expect no detail gets out."""
    if isinstance(error, GongshangError):
        return error.for_strangers()
    if isinstance(error, MethodNotFound):
        return error
    return Unavailable("the service failed on this request; its log has the details")
