"""Sessions of who signed in: kept in the database, so that they can be ended; the browser has a secret alone."""

import secrets
from datetime import UTC, datetime, timedelta

from flask import Response, g, request
from sqlalchemy import Engine

from services.gateway.at_hand import at_hand
from services.gateway.person import Post
from services.gateway.storage.logins import Session, acting, looking, mark_of

IDLE, LONGEST = timedelta(hours=2), timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
"""Written down no more often: a look at a page is no write."""
FORGOTTEN_AFTER = timedelta(days=90)


def moment() -> datetime:
    """Sessions and locks live in the machine's time, never on the suite's clock."""
    return datetime.now(UTC)


def cookie_name() -> str:
    """Over TLS one that no other host and no plain page can set."""
    return "__Host-session" if request.is_secure else "session"


def begin(login: str, post: Post) -> None:
    """Let the browser that asks be theirs from now on; a session it had before is over."""
    secret, now = secrets.token_urlsafe(32), moment()
    session = Session(mark_of(secret), login, post.organisation, post.unit, now, now, None)
    earlier = current()
    with acting(at_hand().engine) as logins:
        if earlier is not None:
            logins.change_session(earlier.mark, ended_at=now)
        logins.forget_sessions(now - FORGOTTEN_AFTER)
        logins.add_session(session)
    g.session, g.session_secret, g.gives_session = session, secret, secret


def end() -> None:
    """Sign this browser out."""
    session = current()
    if session is not None:
        with acting(at_hand().engine) as logins:
            logins.change_session(session.mark, ended_at=moment())
    g.session, g.session_secret, g.gives_session = None, "", ""


def change_post(post: Post) -> None:
    """Act in another post from now on."""
    session = current()
    assert session is not None
    with acting(at_hand().engine) as logins:
        logins.change_session(session.mark, organisation=post.organisation, unit=post.unit)
    g.pop("session", None)


def current() -> Session | None:
    """Of the browser that asks, if it is still good. Looked up once a request."""
    if "session" not in g:
        g.session_secret = request.cookies.get(cookie_name(), "")
        g.session = _good(at_hand().engine, g.session_secret) if g.session_secret else None
    session: Session | None = g.session
    return session


def secret_of_browser() -> str:
    """What only this browser has: of its session, or of its visit without one."""
    return str(g.session_secret) if current() is not None else str(g.get("visit", ""))


def give_cookies(answer: Response) -> Response:
    """After the view: the browser gets its new secret, or loses it."""
    secret = g.get("gives_session")
    if secret:
        answer.set_cookie(cookie_name(), secret, httponly=True, samesite="Lax", secure=request.is_secure, path="/")
    elif secret == "":
        answer.delete_cookie(cookie_name(), httponly=True, samesite="Lax", secure=request.is_secure, path="/")
    if g.get("session") is not None:
        answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _good(engine: Engine, secret: str) -> Session | None:
    with looking(engine) as logins:
        session = logins.find_session(mark_of(secret))
    now = moment()
    if session is None or session.ended_at or now - session.seen_at > IDLE or now - session.began_at > LONGEST:
        return None
    if now - session.seen_at > SEEN_EVERY:
        with acting(engine) as logins:
            logins.change_session(session.mark, seen_at=now)
    return session
