"""What is told when something can't be done: a page for people, problem details (RFC 9457) for programs.

Errors of the suite keep their words and their fields; of a fault of ours no detail gets out, its log has them.
"""

from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from services.gateway.accounts.errors import FormNotOurs, TooMany
from services.gateway.accounts.forms import words_sent
from services.gateway.accounts.signing import person_to_show
from services.gateway.person import NotOfPost
from services.gateway.words.troubles import BY_CODE as WORDS_BY_CODE
from services.gateway.words.troubles import TROUBLES, Trouble
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
BY_CODE = {"unsupported_media_type": HTTPStatus.UNSUPPORTED_MEDIA_TYPE}
HEADERS = frozenset({"Idempotency-Key", "Content-Type"})
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
    if error.code in BY_CODE:
        return BY_CODE[error.code]
    found = (STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)
    return next(found, HTTPStatus.UNPROCESSABLE_ENTITY)


def tell(error: GongshangError) -> Response:
    """The error as an answer."""
    status = status_of(error)
    if status in DENIED:
        log.warning("access_denied", route=_route(), code=error.code, address=request.remote_addr)
    answer = _answer(status, error.code, error.message, error.fields, _who_may(error))
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
    errors = [{**_place(name), "detail": detail} for name, faults in fields.items() for detail in faults]
    told_ = {"type": "about:blank", "title": status.phrase, "status": int(status), "detail": message, "code": code}
    return told_ | ({"errors": errors} if errors else {})


def _tell_of_http(error: HTTPException) -> Response:
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    status = HTTPStatus(error.code or 500)
    told_of = _flat(getattr(error, "data", {}).get("messages", {}))
    answer = _answer(status, status.name.lower(), error.description or status.description, told_of)
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            answer.headers[name] = value
    return answer


def _flat(messages: dict[str, dict[str, list[str]]]) -> dict[str, list[str]]:
    """What webargs found wrong, without where in the request it looked; of lists without the number."""
    faults: dict[str, list[str]] = {}
    for fields in messages.values():
        for name, told_ in fields.items():
            several = [one for some in told_.values() for one in some] if isinstance(told_, dict) else told_
            faults[name] = [str(one) for one in several]
    return faults


def _tell_of_fault(error: Exception) -> Response:
    if is_transient(error):
        log.warning("database_away", route=_route(), error=told(error))
        return tell(Unavailable("the database is busy or away; try again in a moment"))
    log.error("request_failed", route=_route(), error=told(error), exc_info=error)
    return _answer(HTTPStatus.INTERNAL_SERVER_ERROR, "fault", "The server failed on this request.", {})


def _answer(
    status: HTTPStatus, code: str, message: str, fields: dict[str, list[str]], refused: NotOfPost | None = None
) -> Response:
    if request.path.startswith(API):
        answer = jsonify(problem(status, code, message, fields))
        answer.mimetype = PROBLEM
    else:
        answer = Response(
            render_template(
                "trouble.html", status=int(status), told=_words(status, code), refused=refused, **_to_send_again(code)
            ),
            mimetype="text/html",
        )
    answer.status_code = int(status)
    return answer


def _words(status: HTTPStatus, code: str) -> Trouble:
    return WORDS_BY_CODE.get(code) or TROUBLES.get(status, TROUBLES[HTTPStatus.INTERNAL_SERVER_ERROR])


def _who_may(error: GongshangError) -> NotOfPost | None:
    """Of a page of the staff, or of what somebody wanted there: of the roles that may do that, those that see this."""
    page = getattr(current_app.view_functions.get(request.endpoint or ""), "roles", None)
    if error.code != NotAllowed.code or page is None:
        return None
    roles = error.roles if isinstance(error, NotOfPost) else page
    return NotOfPost.of(person_to_show(), [one for one in roles if not page or one in page], error.message)


def _to_send_again(code: str) -> dict[str, Any]:
    """Of a form that came too late: what was written, and the page it stands on."""
    if code != FormNotOurs.code:
        return {}
    is_of_staff = hasattr(current_app.view_functions.get(request.endpoint or ""), "roles")
    return {"words": words_sent(), "back": _page_of_form(), "is_of_staff": is_of_staff}


def _page_of_form() -> str:
    """The same address where it is also one to look at."""
    pages = current_app.create_url_adapter(request)
    is_page = pages is not None and pages.test(request.path, method="GET")
    return request.full_path.rstrip("?") if is_page else "/"


def _place(name: str) -> dict[str, str]:
    """Of a field: `evidence.0.uri` as `#/evidence/0/uri`. Parameters and headers have no such pointer."""
    if name in HEADERS:
        return {"header": name}
    if request.method == "GET":
        return {"parameter": name}
    pointer = "/".join(part.replace("~", "~0").replace("/", "~1") for part in name.split("."))
    return {"pointer": "#" if name == "request" else f"#/{pointer}"}


def _route() -> str:
    return request.url_rule.rule if request.url_rule else "unknown"
