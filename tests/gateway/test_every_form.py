"""Every form of every page: empty, wrong, sent twice, expired, by another role, with ten megabytes."""

import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from services.gateway.accounts import logins
from services.gateway.accounts.sessions import moment
from services.gateway.app import LARGEST_BODY
from services.gateway.storage.logins import acting
from shared.auth import SYSTEMS, Role
from tests.gateway.forms_on_pages import forms_in
from tests.gateway.forms_to_try import FORMS, Tried, answers
from tests.gateway.people import COMMUNITY, PASSWORD, a_post, invited, send, with_account

EVERY = pytest.mark.parametrize("tried", FORMS, ids=[one.name for one in FORMS])
THAT_ASK = pytest.mark.parametrize(
    "tried", [one for one in FORMS if one.needs], ids=[one.name for one in FORMS if one.needs]
)
TEN_MEGABYTES = 10_000_000
OF_A_FORM = "application/x-www-form-urlencoded"
Opened = tuple[Tried, FlaskClient]


@pytest.fixture
def opened(office, entrance, staff, services) -> Callable[[Tried], Opened]:
    """A form, and the browser of somebody who may send it."""

    def make(tried: Tried) -> Opened:
        if tried.endpoint.startswith("accounts."):
            return _of_own_account(tried, entrance(), services)
        browser = _browser(tried, office, staff)
        services.answers |= answers()
        services.asked.clear()
        return tried, browser

    return make


def _browser(tried, office, staff) -> FlaskClient:
    if not tried.roles:
        return office.app.test_client()
    role = min(tried.roles)
    return _operator(office) if role is Role.OPERATOR else staff(role.value)


def _operator(office) -> FlaskClient:
    """Whoever runs the machine has an account of that kind, and no post in the directory."""
    if ("ops",) not in office.browsers:
        with acting(office.engine) as kept:
            logins.accept(kept, logins.invite(kept, "ops", moment(), is_operator=True), PASSWORD, moment())
        office.browsers["ops",] = office.app.test_client()
        send(office.browsers["ops",], "/login", login="ops", password=PASSWORD)
    return office.browsers["ops",]


def _of_own_account(tried, office, services) -> Opened:
    """Of somebody with two posts; what these forms change must not be others'."""
    browser, engine = office.app.test_client(), office.engine
    services.answers["directory.list_posts"] = {"posts": [a_post("clerk"), a_post("clerk", unit=COMMUNITY)]}
    if "SECRET" in tried.stands_at:
        return replace(tried, stands_at=f"/invite/{invited(engine)}"), browser
    with_account(engine)
    if tried.roles:
        send(browser, "/login", login="li.na", password=PASSWORD)
    typed = {
        "accounts.sign_in": {"login": "li.na", "password": PASSWORD},
        "accounts.change_password": {"old": PASSWORD},
    }
    return replace(tried, typed=tuple(typed.get(tried.endpoint, {}).items())), browser


def commands(services):
    """All that was asked, but for who somebody is, which is asked again from time to time."""
    return [one for one in services.asked if one.call != "directory.list_posts"]


def called(services, tried):
    return [one for one in services.asked if one.call == tried.calls]


def is_told(answer, names):
    """Each of these stands among what is wrong, and has words of its own."""
    return all(f'<li><a href="#{name}">' in answer.text for name in names)


def refused(form, browser, services, typed):
    """The answer to what is not taken: nothing is done."""
    services.asked.clear()
    answer = form.send(browser, typed)

    assert 400 <= answer.status_code < 500
    assert called(services, form) == []
    return answer


def test_every_route_that_takes_a_form_is_among_them(office):
    taking = {rule.endpoint for rule in office.app.url_map.iter_rules() if "POST" in (rule.methods or ())}

    assert {one for one in taking if not one.startswith("api_calls.")} == {one.endpoint for one in FORMS}


@THAT_ASK
def test_an_empty_form_is_shown_again_with_what_is_missing_and_nothing_is_done(opened, services, tried):
    form, browser = opened(tried)
    answer = refused(form, browser, services, form.found(browser).emptied())

    assert is_told(answer, form.needs)


@THAT_ASK
def test_wrong_values_are_told_beside_their_fields_and_nothing_is_done(opened, services, tried):
    form, browser = opened(tried)
    answer = refused(form, browser, services, form.found(browser).spoilt())

    assert 'id="faults"' in answer.text
    assert is_told(answer, form.needs if form.endpoint.endswith(".do") else ())


@EVERY
def test_a_form_sent_twice_has_one_key_and_one_answer(opened, services, tried):
    form, browser = opened(tried)
    typed = form.filled(browser)
    services.asked.clear()
    first, second = form.send(browser, typed), form.send(browser, typed)

    assert first.status_code in (200, 303)
    if form.calls:
        assert (second.status_code, second.location) == (first.status_code, first.location)
        assert len({one.request.get("idempotency_key") for one in called(services, form)}) == 1
    assert second.status_code < 500


@EVERY
def test_where_the_login_or_the_mark_has_expired_one_is_told_and_keeps_what_was_typed(opened, services, tried):
    form, browser = opened(tried)
    typed = form.filled(browser)
    services.asked.clear()
    answer = form.send(browser.application.test_client(), typed)

    assert answer.status_code == 403
    assert "重新" in answer.text
    assert ("写明的情况" in answer.text) is ("写明的情况" in typed.values())
    assert commands(services) == []


OF_A_ROLE = [one for one in FORMS if one.roles and not one.endpoint.startswith("accounts.")]
"""Whoever has signed in changes their own password and post, and signs out."""


@pytest.mark.parametrize("tried", OF_A_ROLE, ids=[one.name for one in OF_A_ROLE])
def test_another_role_is_refused_and_nothing_is_asked(opened, staff, services, tried):
    form, browser = opened(tried)
    typed = form.filled(browser)
    other = staff(min(set(Role) - SYSTEMS - form.roles).value)
    (mark,) = [one.controls["csrf"].value for one in forms_in(other.get("/password").text) if one.action == "/logout"]
    services.asked.clear()

    assert form.send(other, typed | {"csrf": mark}).status_code == 403
    assert commands(services) == []


class Body(io.RawIOBase):
    """Ten megabytes that are made as they are read; how much at once is noted."""

    def __init__(self) -> None:
        self.read_so_far = self.most_at_once = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        some = min(len(buffer), TEN_MEGABYTES - self.read_so_far)
        buffer[:some] = b"x" * some
        self.read_so_far += some
        self.most_at_once = max(self.most_at_once, some)
        return some


HOW_LONG = {"CONTENT_LENGTH": str(TEN_MEGABYTES)}
IN_CHUNKS = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}


@EVERY
def test_ten_megabytes_are_refused_by_a_page_and_never_held_whole(opened, services, tried):
    form, browser = opened(tried)
    mark = {"X-CSRF-Token": form.found(browser).controls["csrf"].value}
    services.asked.clear()
    for told in (HOW_LONG, IN_CHUNKS):
        body = Body()
        answer = browser.post(
            form.address, content_type=OF_A_FORM, headers=mark, environ_overrides={"wsgi.input": body, **told}
        )

        assert answer.status_code == 413
        assert "<h1" in answer.text
        assert (body.most_at_once if told is IN_CHUNKS else body.read_so_far) <= LARGEST_BODY + 65536
    assert commands(services) == []
