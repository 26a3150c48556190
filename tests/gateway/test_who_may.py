"""Whoever is refused is told which posts may do it: those of the page, of the form's row, or of the table of calls."""

import pytest
from flask import url_for
from flask.testing import FlaskClient

from services.gateway.api.catalogue import roles_of
from services.gateway.pages.staff.doing import THINGS
from services.gateway.words.catalogue import ENGLISH, translations
from services.gateway.words.names import NAMES
from shared.auth import SYSTEMS, Role
from shared.errors import NotAllowed, OwnMatter
from tests.gateway.people import STREET, csrf_in

OF_PEOPLE = [role for role in Role if role in NAMES["role"]]
ELSEWHERE = "您的岗位一般可以，这一件却不归您"
ACTS = {f"{thing}/{name}": act for thing, things in THINGS.items() for name, act in things.acts.items()}


def told(*roles, words=lambda text: text):
    """As it stands on a page, in the order of the roles."""
    named = [words(NAMES["role"][role]) for role in OF_PEOPLE if role in roles]
    return words("可以办的岗位：%(roles)s") % {"roles": " · ".join(named)}


def other_than(roles) -> str:
    return next(role.value for role in OF_PEOPLE if role not in roles and role is not Role.OPERATOR)


def test_every_role_that_people_have_is_named():
    assert set(OF_PEOPLE) == (set(Role) - SYSTEMS) | {Role.OPERATOR}


def test_every_page_for_some_roles_names_them_to_who_has_another(office, staff):
    app = office.app
    with app.test_request_context():
        rules = [one for one in app.url_map.iter_rules() if "GET" in (one.methods or ())]
        pages = [
            (url_for(rule.endpoint, **dict.fromkeys(rule.arguments, "x")), roles)
            for rule in rules
            if (roles := getattr(app.view_functions[rule.endpoint], "roles", ()))
        ]

    assert len(pages) > 25
    for address, roles in pages:
        answer = staff(other_than(roles)).get(address)
        assert (answer.status_code, told(*roles) in answer.text, ELSEWHERE in answer.text) == (403, True, False), (
            address
        )


@pytest.mark.parametrize("name", ACTS)
def test_every_form_of_a_command_names_the_roles_of_its_row(staff, name):
    answer = staff(other_than(ACTS[name].roles)).get(f"/do/{name}?about=x")

    assert (answer.status_code, told(*ACTS[name].roles) in answer.text) == (403, True)


def test_it_is_said_in_english_too(staff):
    page = staff("handler").get("/wall", headers={"Accept-Language": ENGLISH}).text

    assert told(Role.LEADER, Role.SUPERVISOR, words=translations(ENGLISH).ugettext) in page


def test_who_has_such_a_post_in_another_unit_is_told_that_this_is_not_theirs(staff):
    page = staff("supervisor").get("/wall?unit=110105").text

    assert ELSEWHERE in page
    assert told(Role.LEADER, Role.SUPERVISOR) in page


def test_of_what_a_service_refuses_those_are_named_that_may_call_it_and_see_the_page(staff, services):
    services.answers["supervision.get_case"] = NotAllowed("elsewhere")
    page = staff("clerk").get("/cases/I-1").text
    may = roles_of("supervision", "get_case")

    assert Role.CHAIR in may
    assert told(*may - {Role.CHAIR}) in page
    assert ELSEWHERE in page


def send_back(browser: FlaskClient, services, refusal) -> str:
    task = {"task_id": "I-1/T1", "issue_id": "I-1", "unit_code": STREET, "department": "城管科", "what": "清运"}
    task |= {"due_at": "2026-03-02T01:00:00+00:00", "in_hand": True, "in_charge": True}
    services.answers |= {"dispatch.get_task": task, "dispatch.send_back_task": refusal}
    address = "/do/task/send-back?about=I-1/T1"
    text: str = browser.post(address, data={"csrf": csrf_in(browser.get(address).text), "reason": "没有清运干净"}).text
    return text


def test_a_form_that_a_service_refuses_says_it_beside_what_was_typed(staff, services):
    page = send_back(staff("leader"), services, NotAllowed("no"))

    assert "您现在的岗位不能这样做" in page
    assert told(*roles_of("dispatch", "send_back_task")) in page
    assert "没有清运干净" in page


def test_a_refusal_with_a_reason_of_its_own_names_nobody(staff, services):
    page = send_back(staff("leader"), services, OwnMatter("no"))

    assert "这件事涉及您自己的单位" in page
    assert "可以办的岗位" not in page
