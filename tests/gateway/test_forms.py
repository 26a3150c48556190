"""Which forms are taken: those of our pages in the browser that has them, within limits, once by their key."""

import uuid

import pytest
from flask import Flask

from services.gateway.accounts.errors import TooMany
from services.gateway.accounts.forms import csrf, form_key
from services.gateway.accounts.limits import Limit
from tests.gateway.people import PASSWORD, csrf_in, send, sign_in
from tests.gateway.test_circuit import HandClock


@pytest.fixture
def app(own_app: Flask) -> Flask:
    return own_app


@pytest.fixture
def kept(app: Flask) -> list[str]:
    """A page with a form; what was sent with it, as long as it was taken."""
    taken: list[str] = []

    def form() -> str:
        return f'<input name="csrf" value="{csrf()}">'

    def take() -> str:
        taken.append(form_key())
        return taken[-1]

    app.add_url_rule("/form", "form", form)
    app.add_url_rule("/form", "take", take, methods=["POST"])
    app.add_url_rule("/api/v1/taken", "api_take", take, methods=["POST"])
    return taken


def test_a_form_of_ours_is_taken_with_and_without_a_login(kept, browser, engine, services):
    assert send(browser, "/form").status_code == 200
    sign_in(browser, engine, services, "clerk")
    assert send(browser, "/form").status_code == 200


@pytest.mark.parametrize("sent", [{}, {"csrf": ""}, {"csrf": "0" * 64}, {"csrf": "长" * 64}])
def test_a_form_without_our_mark_is_not_taken(kept, browser, sent):
    browser.get("/form")

    assert browser.post("/form", data=sent).status_code == 403
    assert kept == []


def test_the_mark_of_another_browser_or_of_before_signing_in_is_not_taken(kept, app, browser, engine, services):
    stolen = csrf_in(app.test_client().get("/form").text)
    own = csrf_in(browser.get("/form").text)
    assert browser.post("/form", data={"csrf": stolen}).status_code == 403
    sign_in(browser, engine, services, "clerk")

    assert browser.post("/form", data={"csrf": own}).status_code == 403
    assert kept == []


@pytest.mark.parametrize("header", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_form_that_another_site_sends_is_not_taken_even_with_the_mark(kept, browser, header):
    token = csrf_in(browser.get("/form").text)

    assert browser.post("/form", data={"csrf": token}, headers=header).status_code == 403


def test_a_program_that_comes_with_a_session_needs_the_mark_and_one_with_a_token_does_not(
    kept, browser, engine, services
):
    assert browser.post("/api/v1/taken").status_code == 200
    sign_in(browser, engine, services, "clerk")
    assert browser.post("/api/v1/taken").status_code == 403
    mark = {"X-CSRF-Token": csrf_in(browser.get("/form").text)}
    assert browser.post("/api/v1/taken", headers=mark).status_code == 200
    assert browser.post("/api/v1/taken", headers={"Authorization": "Bearer x"}).status_code == 200


def test_a_form_sent_again_has_the_same_key_and_what_is_no_key_is_replaced(kept, browser):
    key = str(uuid.uuid4())
    for sent in (key, key, "nonsense", ""):
        send(browser, "/form", form_key=sent)

    assert kept[0] == kept[1] == key
    assert len(set(kept)) == 3


def test_who_guesses_links_or_logins_too_often_must_wait_whatever_login_they_name(browser):
    answers = [browser.get(f"/invite/{number}") for number in range(41)]
    refused = send(browser, "/login", login="li.na", password=PASSWORD)

    assert [answer.status_code for answer in answers[:40]] == [403] * 40
    assert answers[-1].status_code == refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0


def test_a_limit_lets_so_much_pass_at_once_and_then_so_much_a_second_of_each_address():
    clock = HandClock()
    limit = Limit(at_once=3, a_second=0.5, clock=clock)

    def passes(address: str) -> bool:
        try:
            limit.take(address)
        except TooMany:
            return False
        return True

    assert [passes("a") for _ in range(4)] == [True, True, True, False]
    assert passes("b")
    clock.seconds = 2.0
    assert [passes("a") for _ in range(2)] == [True, False]
