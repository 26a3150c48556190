"""My work: everything that waits for who is signed in, from every service that may know, by when it is due."""

from datetime import timedelta

import pytest

from services.gateway.api.catalogue import all_calls
from services.gateway.pages.staff.my_work import SERVICE_NAMES, Waiting
from services.gateway.pages.staff.navigation import ENTRIES
from shared.errors import Unavailable
from tests.gateway.conftest import NOW
from tests.gateway.fake_board import CLOSED_ISSUE, ISSUE
from tests.gateway.people import STREET, sign_in


def a_wait(title, due_at=None, about=f"{ISSUE}/T1"):
    due = due_at.isoformat() if due_at else None
    told = {"about": about, "title": title, "unit_code": STREET, "state": "assigned", "due_at": due}
    return told | {"act": "签收任务", "calls": ["dispatch.sign_for"], "otherwise": "逾期视为已签收"}


@pytest.fixture
def waiting(services):
    """`waiting(dispatch=[…], …)`: what each service tells; the others tell nothing."""

    def tell(**told):
        services.answers |= {f"{name}.list_my_work": {"waits": told.get(name, [])} for name in SERVICE_NAMES}

    return tell


def test_a_stranger_is_asked_to_sign_in_and_comes_back(browser):
    assert browser.get("/my-work").location == "/login?next=/my-work"


def test_whose_work_it_is_decides_which_services_are_asked_and_each_is_asked_as_them(
    browser, engine, services, waiting
):
    waiting()
    sign_in(browser, engine, services, "handler")
    services.asked.clear()
    browser.get("/my-work")
    asked = [one for one in services.asked if one.call.endswith("list_my_work")]

    assert [one.call for one in asked] == ["dispatch.list_my_work"]
    assert asked[0].by.login == "li.na"


def test_what_waits_stands_in_three_bands_the_most_urgent_first(browser, engine, services, waiting):
    hour = timedelta(hours=1)
    dues = {"甲": NOW + 30 * hour, "乙": NOW - hour, "丙": NOW + 2 * hour, "丁": None}
    waits = [a_wait(title, due) for title, due in dues.items()]
    waiting(dispatch=waits[:2], supervision=waits[2:])
    sign_in(browser, engine, services, "leader")
    page = browser.get("/my-work").text
    places = [page.index(mark) for mark in ('id="over"', "乙", 'id="today"', "丙", 'id="later"', "甲", "丁")]

    assert places == sorted(places)
    assert "已超期 1 小时" in page
    assert "逾期视为已签收" in page
    assert f'href="/issues/{ISSUE}"' in page


CHECKS = 'href="/callbacks?asker=hotline"'


@pytest.mark.parametrize(
    ("role", "callbacks", "is_told"),
    [("callback_agent", [{}], True), ("callback_agent", [], False), ("evaluator", [{}], False)],
)
def test_an_agent_is_told_of_self_checks_that_wait_for_nobody(
    browser, engine, services, waiting, role, callbacks, is_told
):
    waiting()
    services.answers["evaluation.list_callbacks_due"] = {"callbacks": callbacks, "next_after": ""}
    sign_in(browser, engine, services, role)
    page = browser.get("/my-work").text
    asked = [one.request for one in services.asked if one.call == "evaluation.list_callbacks_due"]

    assert (CHECKS in page, "没有等着您办的事" in page) == (is_told, True)
    assert asked == ([{"unit_code": STREET, "asker": "hotline", "most": 1}] if role == "callback_agent" else [])


def test_while_nobody_says_whether_there_are_self_checks_the_rest_is_shown(browser, engine, services, waiting):
    waiting()
    services.answers["evaluation.list_callbacks_due"] = Unavailable()
    sign_in(browser, engine, services, "callback_agent")

    assert browser.get("/my-work").status_code == 200


def test_an_order_that_waits_leads_to_the_order_desk(browser, engine, services, waiting):
    waiting(intake=[a_wait("甲") | {"about": "BJ-1", "calls": ["intake.verify_signatures"]}])
    sign_in(browser, engine, services, "clerk")

    assert 'href="/desk/order?number=BJ-1"' in browser.get("/my-work").text


@pytest.mark.parametrize(
    ("service", "about", "call"),
    [
        ("councils", f"{ISSUE}/S1", "deliberation.open_session"),
        ("deliberation", f"{ISSUE}/S1/M2", "deliberation.vote"),
        ("deliberation", f"{ISSUE}/S1/R1", "deliberation.review_objection"),
    ],
)
def test_what_a_session_waits_for_leads_to_its_room(browser, engine, services, waiting, service, about, call):
    waiting(**{service: [a_wait("甲") | {"about": about, "calls": [call]}]})
    sign_in(browser, engine, services, "clerk")

    assert f'href="/room/{ISSUE}/S1"' in browser.get("/my-work").text


def test_a_poll_that_waits_for_papers_leads_to_it(browser, engine, services, waiting):
    calls = ["deliberation.get_poll", "deliberation.enter_papers"]
    waiting(deliberation=[a_wait("甲") | {"about": f"{ISSUE}/S1/M1/P1", "calls": calls}])
    sign_in(browser, engine, services, "clerk")

    assert f'href="/polls/{ISSUE}/S1/M1/P1"' in browser.get("/my-work").text


def test_a_wording_that_waits_leads_to_the_order_desk(browser, engine, services, waiting):
    waiting(intake=[a_wait("甲") | {"about": ISSUE, "calls": ["intake.list_wordings", "intake.confirm_wording"]}])
    sign_in(browser, engine, services, "clerk")

    assert 'class="go"' in browser.get("/my-work").text
    assert '<h3><a href="/desk">' in browser.get("/my-work").text


def test_while_a_service_is_away_the_others_are_shown_and_the_page_says_so(browser, engine, services, waiting):
    waiting(dispatch=[a_wait("甲")])
    services.answers["supervision.list_my_work"] = Unavailable()
    sign_in(browser, engine, services, "leader")
    answer = browser.get("/my-work")

    assert answer.status_code == 200
    assert "甲" in answer.text
    assert "有的事现在查不到" in answer.text
    assert "督办" in answer.text


def test_who_has_nothing_to_do_is_told_so(browser, engine, services, waiting):
    waiting()
    sign_in(browser, engine, services, "clerk")

    assert "没有等着您办的事" in browser.get("/my-work").text


def test_every_service_that_has_work_for_people_has_a_name_on_the_page():
    assert {call.service for call in all_calls() if call.method == "list_my_work"} <= set(SERVICE_NAMES)


@pytest.mark.parametrize(
    ("due_at", "light"),
    [
        (None, "none"),
        (NOW - timedelta(minutes=1), "late"),
        (NOW + timedelta(hours=3), "warned"),
        (NOW + timedelta(days=2), "in_time"),
    ],
)
def test_a_wait_has_the_light_of_its_due_time(due_at, light):
    assert Waiting("dispatch", "x", "x", STREET, "x", "x", (), due_at).light(NOW) == light


def test_who_has_a_duty_sees_what_is_not_public_and_others_do_not(browser, engine, services, waiting):
    assert browser.get(f"/issues/{CLOSED_ISSUE}").status_code == 404
    sign_in(browser, engine, services, "clerk")

    assert browser.get(f"/issues/{CLOSED_ISSUE}").status_code == 200


def test_every_page_in_the_head_is_there(app):
    assert {one.endpoint for one in ENTRIES} <= set(app.view_functions)
