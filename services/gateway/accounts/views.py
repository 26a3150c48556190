"""Signing in and out, taking an invitation up, changing one's password, acting in another post."""

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.gateway.accounts import logins, sessions
from services.gateway.accounts.errors import WrongLogin
from services.gateway.accounts.passwords import is_right
from services.gateway.accounts.signing import colleague, path_inside, posts_of, staff_page, take_try
from services.gateway.at_hand import at_hand
from services.gateway.pages.forms import Form
from services.gateway.person import OPERATING
from services.gateway.storage.logins import Account, acting, looking
from services.gateway.trouble import status_of
from services.gateway.words.catalogue import zh
from services.gateway.words.refusals import refusal as words_of
from shared.errors import BadRequest, GongshangError, NotAllowed
from shared.logs import get_logger

page = Blueprint("accounts", __name__)

MISSING = {
    "login": zh("请填写用户名"),
    "password": zh("请填写密码"),
    "old": zh("请填写现在的密码"),
}

log = get_logger()


@page.get("/login")
def login() -> ResponseReturnValue:
    """The form."""
    return _form("accounts/login.html", next=path_inside(request.args.get("next", "/my-work")))


@page.post("/login")
def sign_in() -> ResponseReturnValue:
    """Wrong passwords are counted and written down before anything is told."""
    take_try()
    name, onwards = request.form.get("login", "").strip(), path_inside(request.form.get("next", "/my-work"))
    try:
        _must_have("login", "password")
        account = _prove(name, request.form.get("password", ""))
        posts = (OPERATING,) if account.is_operator else posts_of(name)
        if not posts:
            raise NotAllowed("the directory has no post of yours now")
    except GongshangError as refusal:
        log.warning("login_refused", code=refusal.code, login=name[:100])
        return _form("accounts/login.html", refusal, next=onwards, login=name)
    sessions.begin(name, posts[0])
    log.info("signed_in", login=name)
    return redirect(onwards, 303)


@page.post("/logout")
def logout() -> ResponseReturnValue:
    """This browser alone."""
    sessions.end()
    return redirect("/", 303)


@page.get("/invite/<secret>")
def invite(secret: str) -> ResponseReturnValue:
    """Looking at the link does not use it up."""
    take_try()
    with looking(at_hand().engine) as kept:
        name = logins.login_invited(kept, secret, sessions.moment())
    return _form("accounts/invite.html", login=name)


@page.post("/invite/<secret>")
def accept(secret: str) -> ResponseReturnValue:
    """Who was invited gives themselves a password, and signs in with it."""
    take_try()
    with looking(at_hand().engine) as kept:
        name = logins.login_invited(kept, secret, sessions.moment())
    try:
        password = _twice_the_same()
        with acting(at_hand().engine) as kept:
            logins.accept(kept, secret, password, sessions.moment())
    except BadRequest as refusal:
        return _form("accounts/invite.html", refusal, login=name)
    log.info("invitation_taken_up", login=name)
    return redirect("/login", 303)


@page.get("/password")
@staff_page()
def password() -> ResponseReturnValue:
    """The form."""
    return _form("accounts/password.html")


@page.post("/password")
@staff_page()
def change_password() -> ResponseReturnValue:
    """All other browsers of theirs are signed out."""
    person, session = colleague(), sessions.current()
    assert session is not None
    take_try()
    try:
        _must_have("old", "password")
        fresh = _twice_the_same()
        with acting(at_hand().engine) as kept:
            account = kept.find_account(person.login, to_change=True)
            if account is None:
                raise WrongLogin
            old = request.form.get("old", "")
            kept.keep_account(logins.change_password(account, old, fresh, sessions.moment()))
            kept.end_sessions(person.login, sessions.moment(), but=session.mark)
    except GongshangError as refusal:
        return _form("accounts/password.html", refusal)
    log.info("password_changed", login=person.login)
    return redirect("/", 303)


@page.get("/post")
@staff_page()
def post() -> ResponseReturnValue:
    """Which posts there are to act in."""
    return _form("accounts/posts.html")


@page.post("/post")
@staff_page()
def change_post() -> ResponseReturnValue:
    """The next page is seen in the other post."""
    person = colleague()
    wanted = request.form.get("organisation", ""), request.form.get("unit", "")
    chosen = next((one for one in person.others if (one.organisation, one.unit) == wanted), None)
    if chosen is not None:
        sessions.change_post(chosen)
    return redirect("/", 303)


def _prove(name: str, password: str) -> Account:
    """Whose password it is. Raises WrongLogin. The slow comparison is made outside of any transaction."""
    with looking(at_hand().engine) as kept:
        seen = kept.find_account(name)
    compared = seen.password_hash if seen else None
    is_password_right = is_right(password, compared)
    with acting(at_hand().engine) as kept:
        account = kept.find_account(name, to_change=True)
        is_still_right = is_password_right and account is not None and account.password_hash == compared
        judged = logins.judge(account, is_still_right, sessions.moment())
        kept.keep_account(judged)
    if judged.failures:
        raise WrongLogin
    return judged


def _must_have(*names: str) -> None:
    """Raises BadRequest that names all that are empty."""
    missing = {name: [MISSING[name]] for name in names if not request.form.get(name, "").strip()}
    if missing:
        raise BadRequest("something is missing", missing)


def _twice_the_same() -> str:
    _must_have("password")
    typed, again = request.form.get("password", ""), request.form.get("again", "")
    if typed != again:
        raise BadRequest("the two are not the same", {"again": [zh("两次输入的不一样")]})
    return typed


def _form(template: str, refusal: GongshangError | None = None, **shown: str) -> Response:
    """A form, as it was sent where something was wrong with it; passwords are typed again."""
    form = Form(shown)
    if refusal is not None:
        form.trouble = words_of(refusal)
        form.faults = {name: faults[0] for name, faults in refusal.fields.items()}
    text = render_template(template, form=form)
    return Response(text, int(status_of(refusal)) if refusal else 200, mimetype="text/html")
