"""Accounts and sessions as a browser meets them: invited once, locked after wrong passwords, out when it was ended."""

from datetime import timedelta

import pytest
from flask import Flask

from services.gateway.accounts import logins, sessions
from services.gateway.accounts.passwords import is_right
from services.gateway.accounts.sessions import moment
from services.gateway.accounts.signing import path_inside, signed_in, staff_page
from services.gateway.storage.logins import acting, looking
from services.gateway.storage.tables import accounts
from services.gateway.storage.tables import sessions as session_rows
from shared.auth import Role
from shared.errors import Unavailable
from tests.gateway.conftest import engine_of_each_kind  # noqa: F401 a fixture
from tests.gateway.people import COMMUNITY, PASSWORD, STREET, a_post, csrf_in, invited, send, sign_in, with_account


@pytest.fixture
def app(own_app: Flask) -> Flask:
    return own_app


@pytest.fixture
def desk(app: Flask) -> Flask:
    """A page for clerks, which says who sees it."""

    @staff_page(Role.CLERK)
    def show() -> str:
        person = signed_in()
        assert person is not None
        return f"{person.login} {person.unit} {' '.join(sorted(person.roles))}"

    app.add_url_rule("/probe", "probe", show)
    app.add_url_rule("/anyone", "anyone", lambda: "signed in" if signed_in() else "a stranger")
    return app


def test_who_was_invited_sets_a_password_once_and_signs_in_with_it(desk, browser, engine, services):
    services.answers["directory.list_posts"] = {"posts": [a_post("clerk")]}
    link = f"/invite/{invited(engine)}"

    assert send(browser, link, password=PASSWORD, again=PASSWORD).status_code == 303
    assert browser.get(link).status_code == 403
    assert send(browser, "/login", login="li.na", password=PASSWORD, next="/probe").headers["Location"] == "/probe"
    assert browser.get("/probe").text == f"li.na {STREET} clerk"


def test_a_newer_invitation_makes_the_earlier_one_good_no_more(browser, engine):
    earlier, later = invited(engine), invited(engine)

    assert browser.get(f"/invite/{earlier}").status_code == 403
    assert browser.get(f"/invite/{later}").status_code == 200


def test_an_invitation_expires(browser, engine):
    with acting(engine) as kept:
        secret = logins.invite(kept, "li.na", moment() - timedelta(hours=2), timedelta(hours=1))

    assert browser.get(f"/invite/{secret}").status_code == 403


@pytest.mark.parametrize(
    ("password", "again", "told"),
    [
        ("short", "short", "密码要有 10 到 200 个字符"),
        ("aaaaaaaaaaaaaa", "aaaaaaaaaaaaaa", "五个不同的字符"),
        ("my li.na password", "my li.na password", "不能有用户名"),
        (PASSWORD, "another password", "两次输入的不一样"),
        ("x" * 100_000, "x" * 100_000, "密码要有 10 到 200 个字符"),
    ],
)
def test_a_password_that_will_not_do_is_refused_with_the_reason_and_the_link_stays_good(
    browser, engine, password, again, told
):
    link = f"/invite/{invited(engine)}"

    answer = send(browser, link, password=password, again=again)

    assert answer.status_code == 400
    assert told in answer.text
    assert send(browser, link, password=PASSWORD, again=PASSWORD).status_code == 303


def test_passwords_are_kept_as_argon2id_and_links_and_sessions_not_at_all(browser, engine, services):
    sign_in(browser, engine, services, "clerk")
    secret = invited(engine, "wang.wu")
    cookie = browser.get_cookie("session").value

    with engine.connect() as connection:
        (kept,) = connection.execute(accounts.select())
        rows = [str(connection.exec_driver_sql(f"SELECT * FROM {name}").all()) for name in ("invites", "sessions")]
    assert kept.password_hash.startswith("$argon2id$")
    assert is_right(PASSWORD, kept.password_hash)
    assert not [row for row in rows if secret in row or cookie in row]


def test_after_five_wrong_passwords_the_right_one_waits_too_and_longer_each_time(browser, engine, services):
    services.answers["directory.list_posts"] = {"posts": [a_post("clerk")]}
    with_account(engine)

    for _ in range(5):
        wrong = send(browser, "/login", login="li.na", password="wrong")
        assert wrong.status_code == 401
    right = send(browser, "/login", login="li.na", password=PASSWORD)

    assert right.status_code == 401
    assert right.text.replace(csrf_in(right.text), "") == wrong.text.replace(csrf_in(wrong.text), "")
    with looking(engine) as kept:
        account = kept.find_account("li.na")
    later = account.locked_until + timedelta(seconds=1)
    assert logins.judge(account, True, later).failures == 0
    assert logins.judge(account, False, later).locked_until == later + timedelta(minutes=2)


def test_who_is_not_known_is_told_the_same_as_who_mistypes(browser, engine):
    with_account(engine)

    known = send(browser, "/login", login="li.na", password="wrong")
    unknown = send(browser, "/login", login="li.nu", password="wrong")

    assert known.status_code == unknown.status_code == 401
    assert known.text.replace("li.na", "") == unknown.text.replace("li.nu", "")


def test_who_has_left_the_directory_is_not_let_in(browser, engine, services):
    services.answers["directory.list_posts"] = {"posts": []}
    with_account(engine)

    assert send(browser, "/login", login="li.na", password=PASSWORD).status_code == 403


def test_a_stranger_is_sent_to_sign_in_and_another_role_is_refused(desk, browser, engine, services, capsys):
    assert browser.get("/probe?a=1").headers["Location"] == "/login?next=/probe?a%3D1"

    sign_in(browser, engine, services, "handler")

    assert browser.get("/probe").status_code == 403


def test_who_signs_out_or_is_ended_is_a_stranger_with_the_next_request(desk, browser, engine, services):
    sign_in(browser, engine, services, "clerk")
    other = desk.test_client()
    send(other, "/login", login="li.na", password=PASSWORD)
    assert browser.get("/anyone").text == other.get("/anyone").text == "signed in"

    send(browser, "/logout", "/password")
    assert browser.get("/anyone").text == "a stranger"
    assert other.get("/anyone").text == "signed in"
    with acting(engine) as kept:
        assert logins.end(kept, "li.na", moment())

    assert other.get("/anyone").text == "a stranger"
    assert send(browser, "/login", login="li.na", password=PASSWORD).status_code == 401


@pytest.mark.parametrize(
    ("column", "age"),
    [("seen_at", sessions.IDLE), ("began_at", sessions.LONGEST)],
    ids=["nobody used it for two hours", "it is twelve hours old"],
)
def test_a_session_ends_by_itself(desk, browser, engine, services, column, age):
    sign_in(browser, engine, services, "clerk")
    with engine.begin() as connection:
        connection.execute(session_rows.update().values({column: moment() - age - timedelta(seconds=1)}))

    assert browser.get("/anyone").text == "a stranger"


def test_signing_in_gives_the_browser_another_secret(browser, engine, services):
    sign_in(browser, engine, services, "clerk")
    before = browser.get_cookie("session").value
    send(browser, "/login", login="li.na", password=PASSWORD)

    assert browser.get_cookie("session").value != before
    stolen = browser.application.test_client()
    stolen.set_cookie("session", before)
    assert stolen.get("/password").status_code == 303


def test_the_cookie_is_for_our_pages_alone(browser, engine, services):
    sign_in(browser, engine, services, "clerk")
    answer = send(browser, "/login", login="li.na", password=PASSWORD)

    (cookie,) = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith("session=")]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "no-store" in browser.get("/password").headers["Cache-Control"]


def test_a_new_password_signs_other_browsers_out_and_not_this_one(desk, browser, engine, services):
    sign_in(browser, engine, services, "clerk")
    other = desk.test_client()
    send(other, "/login", login="li.na", password=PASSWORD)

    fresh = "another good password"
    assert send(browser, "/password", old="wrong", password=fresh, again=fresh).status_code == 401
    assert send(browser, "/password", old=PASSWORD, password=fresh, again=fresh).status_code == 303

    assert browser.get("/anyone").text == "signed in"
    assert other.get("/anyone").text == "a stranger"
    assert send(other, "/login", login="li.na", password=fresh).status_code == 303


def test_who_has_several_posts_acts_in_one_and_chooses_another(desk, browser, engine, services):
    sign_in(browser, engine, services, "clerk")
    posts = [a_post("clerk"), a_post("clerk", "chair", unit=COMMUNITY, organisation="ORG-2")]
    services.answers["directory.list_posts"] = {"posts": posts}
    send(browser, "/login", login="li.na", password=PASSWORD)
    forget_posts(desk)
    assert browser.get("/probe").text == f"li.na {STREET} clerk"

    send(browser, "/post", organisation="ORG-2", unit=COMMUNITY)
    assert browser.get("/probe").text == f"li.na {COMMUNITY} chair clerk"
    send(browser, "/post", organisation="ORG-9", unit=COMMUNITY)
    assert browser.get("/probe").text == f"li.na {COMMUNITY} chair clerk"


def forget_posts(app: Flask) -> None:
    app.extensions["gongshang_posts"]._kept.clear()


def test_while_the_directory_is_away_people_keep_the_posts_they_had(desk, browser, engine, services):
    sign_in(browser, engine, services, "clerk")
    services.answers["directory.list_posts"] = Unavailable()
    posts = desk.extensions["gongshang_posts"]
    posts._kept = {login: (asked_at - 1000, known) for login, (asked_at, known) in posts._kept.items()}

    assert browser.get("/probe").text == f"li.na {STREET} clerk"
    forget_posts(desk)
    assert browser.get("/probe").status_code == 503


@pytest.mark.parametrize("wanted", ["https://evil.example", "//evil.example", "/\\evil.example", "desk", "/a\nb", ""])
def test_after_signing_in_nobody_is_led_elsewhere(wanted):
    assert path_inside(wanted) == "/"


def test_both_kinds_of_database_keep_accounts_and_sessions(engine_of_each_kind):  # noqa: F811
    engine = engine_of_each_kind
    with_account(engine)
    now = moment()
    session = sessions.Session("mark", "li.na", "ORG-1", STREET, now, now, None)
    with acting(engine) as kept:
        kept.add_session(session)
        kept.change_session("mark", unit=COMMUNITY)
        account = kept.find_account("li.na", to_change=True)
    with looking(engine) as kept:
        assert kept.find_session("mark").unit == COMMUNITY
        assert kept.list_accounts() == [account]
    with acting(engine) as kept:
        assert kept.end_sessions("li.na", now, but="mark") == 0
        assert kept.end_sessions("li.na", now) == 1
        kept.forget_sessions(now + timedelta(days=1))
        assert kept.find_session("mark") is None
