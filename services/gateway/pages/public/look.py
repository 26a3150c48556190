"""The switch of language and theme: it keeps the choice, and goes back to the page on which it was made."""

from urllib.parse import urlsplit

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from services.gateway.reader import LANGUAGE, THEME, THEMES
from services.gateway.words.catalogue import LANGUAGES

page = Blueprint("look", __name__)
A_YEAR = 365 * 24 * 3600


@page.get("/look")
def choose() -> Response:
    answer = redirect(_own_path(request.args.get("back", "/")), code=303)
    for name, allowed in ((LANGUAGE, LANGUAGES), (THEME, THEMES)):
        value = request.args.get(name, "")
        if value in allowed:
            answer.set_cookie(name, value, max_age=A_YEAR, secure=request.is_secure, httponly=True, samesite="Lax")
    return answer


def _own_path(address: str) -> str:
    """Only ever a page of ours: a path, and no host."""
    parts = urlsplit(address)
    is_ours = (
        not parts.scheme and not parts.netloc and address.startswith("/") and not address.startswith(("//", "/\\"))
    )
    return address if is_ours else "/"
