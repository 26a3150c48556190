"""What is told when something can't be done: a page for people, problem details (RFC 9457) for programs.

Errors of the suite keep their words and their fields; of a fault of ours no detail gets out, its log has them.
"""

from http import HTTPStatus
from typing import Any

from flask import Flask, Response, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from services.gateway.accounts.errors import TooMany
from shared.errors import (
    BadRequest,
    Conflict,
    GongshangError,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    Refused,
    Unavailable,
)
from shared.logs import get_logger
from shared.storage.engine import is_transient
from shared.telling import told

STATUSES: dict[type[GongshangError], HTTPStatus] = {
    BadRequest: HTTPStatus.BAD_REQUEST,
    NotAuthenticated: HTTPStatus.UNAUTHORIZED,
    NotAllowed: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    Refused: HTTPStatus.UNPROCESSABLE_ENTITY,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    TooMany: HTTPStatus.TOO_MANY_REQUESTS,
}
"""The most particular class that an error has counts. What is in none is a refusal, too."""
API = "/api/"
PROBLEM = "application/problem+json"
RETRY_AFTER_SECONDS = 5
DENIED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS})
COME_AGAIN = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})

log = get_logger()


def join(app: Flask) -> None:
    """Let the app tell trouble this way."""
    app.register_error_handler(GongshangError, tell)
    app.register_error_handler(HTTPException, _tell_of_http)
    app.register_error_handler(Exception, _tell_of_fault)


def status_of(error: GongshangError) -> HTTPStatus:
    """The status that says the same."""
    found = (STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)
    return next(found, HTTPStatus.UNPROCESSABLE_ENTITY)


def tell(error: GongshangError) -> Response:
    """The error as an answer."""
    status = status_of(error)
    if status in DENIED:
        log.warning("access_denied", route=_route(), code=error.code, address=request.remote_addr)
    answer = _answer(status, error.code, error.message, error.fields)
    if status in COME_AGAIN:
        answer.headers["Retry-After"] = _seconds(error)
    return answer


def again_later(page: str, error: Unavailable) -> Response:
    """A page of its own for what can't be done now, that says when to try again."""
    headers = {"Retry-After": _seconds(error)}
    return Response(page, HTTPStatus.SERVICE_UNAVAILABLE, headers, mimetype="text/html")


def _seconds(error: GongshangError) -> str:
    return str(getattr(error, "retry_after_seconds", RETRY_AFTER_SECONDS))


def problem(status: HTTPStatus, code: str, message: str, fields: dict[str, list[str]]) -> dict[str, Any]:
    """Problem details, with a JSON pointer to each faulty field."""
    errors = [{"pointer": _pointer(name), "detail": detail} for name, faults in fields.items() for detail in faults]
    told_ = {"type": "about:blank", "title": status.phrase, "status": int(status), "detail": message, "code": code}
    return told_ | ({"errors": errors} if errors else {})


def _tell_of_http(error: HTTPException) -> Response:
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    status = HTTPStatus(error.code or 500)
    answer = _answer(status, status.name.lower(), error.description or status.description, {})
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            answer.headers[name] = value
    return answer


def _tell_of_fault(error: Exception) -> Response:
    if is_transient(error):
        log.warning("database_away", route=_route(), error=told(error))
        return tell(Unavailable("the database is busy or away; try again in a moment"))
    log.error("request_failed", route=_route(), error=told(error), exc_info=error)
    return _answer(HTTPStatus.INTERNAL_SERVER_ERROR, "fault", "The server failed on this request.", {})


def _answer(status: HTTPStatus, code: str, message: str, fields: dict[str, list[str]]) -> Response:
    if request.path.startswith(API):
        answer = jsonify(problem(status, code, message, fields))
        answer.mimetype = PROBLEM
    else:
        answer = Response(
            render_template("trouble.html", status=int(status), code=code, message=message, fields=fields),
            mimetype="text/html",
        )
    answer.status_code = int(status)
    return answer


def _pointer(name: str) -> str:
    """`evidence.0.uri` as `#/evidence/0/uri`."""
    return "#/" + "/".join(part.replace("~", "~0").replace("/", "~1") for part in name.split("."))


def _route() -> str:
    return request.url_rule.rule if request.url_rule else "unknown"
