"""Forms: each carries a mark that only our pages can give this browser, and a key by which it is done once."""

import hashlib
import hmac
import secrets
import uuid
from urllib.parse import urlsplit

from flask import Flask, Response, g, request

from services.gateway.accounts import sessions
from services.gateway.accounts.errors import FormNotOurs
from services.gateway.secret import shared_secret

FIELD, HEADER, KEY_FIELD = "csrf", "X-CSRF-Token", "form_key"
VISIT = "visit"
UNSAID = frozenset({FIELD, KEY_FIELD, "login", "password", "again", "old", "code", "name"})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def join(app: Flask) -> None:
    """Let the app take forms of its own pages alone; templates get `csrf()` and `form_key()`."""
    app.before_request(must_be_ours)
    app.after_request(_give_visit)
    app.add_template_global(csrf, "csrf")
    app.add_template_global(form_key, "form_key")


def csrf() -> str:
    """The mark for a form's hidden field `csrf`."""
    if sessions.current() is None and not _visit():
        g.visit = g.gives_visit = secrets.token_urlsafe(24)
    return _mark_of(sessions.secret_of_browser())


def form_key() -> str:
    """The idempotency key of a form: a fresh one, or the one that was sent, where the form is shown once more."""
    sent = request.form.get(KEY_FIELD, "")
    try:
        return str(uuid.UUID(sent))
    except ValueError:
        return str(uuid.uuid4())


def words_sent() -> list[str]:
    """What somebody wrote into a form that is not taken, so that it can be copied: sentences, no codes, nothing secret.

    Nothing of what another site sent, or a program.
    """
    if HEADER in request.headers or not _is_from_here():
        return []
    written = (value.strip() for name, value in request.form.items() if name not in UNSAID)
    return [value for value in written if not value.isascii() or any(map(str.isspace, value))]


def must_be_ours() -> None:
    """Raises FormNotOurs. A program that proves itself by a token sends no cookie that others could misuse."""
    if request.method in SAFE or request.headers.get("Authorization", "").startswith("Bearer "):
        return
    if not _is_from_here():
        raise FormNotOurs
    if request.path.startswith("/api/") and sessions.current() is None:
        return
    _visit()
    sent = request.form.get(FIELD) or request.headers.get(HEADER, "")
    secret = sessions.secret_of_browser()
    if not secret or not hmac.compare_digest(sent.encode(), _mark_of(secret).encode()):
        raise FormNotOurs


def _visit() -> str:
    if "visit" not in g:
        g.visit = request.cookies.get(VISIT, "")
    return str(g.visit)


def _is_from_here() -> bool:
    """As far as the browser says where the page came from."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def _mark_of(secret: str) -> str:
    return hmac.new(shared_secret(), secret.encode(), hashlib.sha256).hexdigest()


def _give_visit(answer: Response) -> Response:
    if visit := g.get("gives_visit"):
        answer.set_cookie(VISIT, visit, httponly=True, samesite="Lax", secure=request.is_secure, path="/")
    return answer
