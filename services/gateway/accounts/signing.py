"""Who asks: `signed_in()` for any view, `@staff_page(*roles)` for those of members of staff."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Flask, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from services.gateway.accounts import sessions
from services.gateway.accounts.limits import Limit
from services.gateway.accounts.posts import Posts
from services.gateway.person import OPERATING, NotOfPost, Person, Post
from services.gateway.storage.logins import Session
from shared.auth import Role, named
from shared.errors import GongshangError
from shared.logs import bound, get_logger

P = ParamSpec("P")
REQUESTS_AT_ONCE, REQUESTS_A_SECOND = 400, 60.0
TRIES_AT_ONCE, TRIES_A_SECOND = 40, 0.5
"""To sign in, or to take an invitation up."""
POSTS, TRIES = "gongshang_posts", "gongshang_tries"

log = get_logger()


def join(app: Flask) -> None:
    """Let the app know who asks; templates get `person`."""
    limit = Limit(REQUESTS_AT_ONCE, REQUESTS_A_SECOND)
    app.extensions[POSTS] = Posts()
    app.extensions[TRIES] = Limit(TRIES_AT_ONCE, TRIES_A_SECOND)

    @app.before_request
    def within_limits() -> None:
        if request.endpoint != "static" and not _is_this_machine():
            limit.take(request.remote_addr or "")

    app.after_request(sessions.give_cookies)
    app.context_processor(lambda: {"person": person_to_show()})


def take_try() -> None:
    """Raises TooMany where this address has tried to sign in too often."""
    current_app.extensions[TRIES].take(request.remote_addr or "")


def posts_of(login: str) -> tuple[Post, ...]:
    """Those somebody has now."""
    found: tuple[Post, ...] = current_app.extensions[POSTS](login)
    return found


def signed_in() -> Person | None:
    """Who is signed in, with the post they act in. None also for who has no post any more."""
    if "person" not in g:
        session = sessions.current()
        posts = _posts_in(session) if session else ()
        here = (session.organisation, session.unit) if session else ()
        post = next((one for one in posts if (one.organisation, one.unit) == here), posts[0] if posts else None)
        others = tuple(one for one in posts if one is not post)
        g.person = Person(session.login, post, others) if session and post else None
    person: Person | None = g.person
    return person


def _posts_in(session: Session) -> tuple[Post, ...]:
    """An operator's session is of no unit; what a login of their name may do in the directory is not theirs."""
    return posts_of(session.login) if session.unit else (OPERATING,)


def colleague() -> Person:
    """The same in a view of a `staff_page`, which nobody else gets to."""
    person = signed_in()
    assert person is not None, "a page of the staff"
    return person


def person_to_show() -> Person | None:
    """For the head of any page, also of one that tells trouble: perhaps the very trouble of finding out."""
    try:
        return signed_in()
    except (GongshangError, SQLAlchemyError):
        return None


def staff_page(*roles: Role) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """A page for members of staff with one of the roles, or of any. Others are refused, strangers asked to sign in."""

    def decorate(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def shown(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            person = signed_in()
            if person is None:
                return to_login()
            if roles and not person.is_any_of(*roles):
                log.warning("page_refused", route=str(request.url_rule), caller=person.login)
                raise NotOfPost.of(person, roles, f"this page is for: {named(roles)}")
            with bound(caller=person.login):
                return view(*args, **kwargs)

        shown.roles = roles  # type: ignore[attr-defined]
        return shown

    return decorate


def to_login() -> Response:
    """Sign in first, then come back here."""
    back = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return redirect(url_for("accounts.login", next=back), 303)


def _is_this_machine() -> bool:
    """Nobody else can have such an address: a proxy has named whom it asks for."""
    return (request.remote_addr or "").startswith("127.") or request.remote_addr == "::1"


def path_inside(wanted: str) -> str:
    """Where to go on: a path of ours, whatever somebody wrote into the address."""
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if is_ours else "/"
