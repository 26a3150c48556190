"""People sign in with a browser, act by calls of the running services, and see nothing of others."""

import pytest

from shared.auth import Role
from tests.gateway.live.conftest import Live

ROLES = (Role.CLERK, Role.HANDLER, Role.LEADER, Role.SUPERVISOR, Role.EVALUATOR, Role.CALLBACK_AGENT)


def test_everybody_who_works_there_has_a_login_for_their_role(live: Live):
    assert set(live.keys) >= set(ROLES)


@pytest.mark.parametrize("role", [Role.CLERK, Role.SUPERVISOR])
def test_who_signs_in_is_asked_as_themselves_by_the_running_services(live, page, role):
    live.sign_in(page, role)

    answer = page.request.get(f"{live.address}/api/v1/my-work")

    assert answer.ok, answer.text()
    assert answer.json()["away"] == []


def test_a_wrong_password_is_told_on_the_page_and_nobody_is_signed_in(live, page):
    page.goto(f"{live.address}/login")
    page.fill("#login", live.keys[Role.CLERK].login)
    page.fill("#password", "not the password")
    page.locator("main form button").first.click()

    page.wait_for_selector("[role=alert], .errors, .error")
    assert page.request.get(f"{live.address}/api/v1/my-work").status == 401


def test_the_page_of_the_api_shows_the_document_under_our_own_strict_policy(live, page):
    page.goto(f"{live.address}/api/")

    page.wait_for_selector(".opblock-tag", timeout=90_000)  # it draws more than a hundred calls
    assert page.locator(".opblock-tag").count() >= 8
