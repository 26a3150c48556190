"""Requests to decide: of all services in one list, each with what follows from a decision, decided by others alone."""

import jsonschema_rs
import pytest

from services.gateway.api.catalogue import all_calls, all_schemas
from services.gateway.pages.staff.request_acts import ACTS, APPELLANTS, DECIDERS
from services.gateway.words.names import NAMES
from services.gateway.words.refusals import BY_CODE
from services.gateway.words.requests import IF_GRANTED, IF_REFUSED
from shared.auth import Role
from shared.contracts.requests import RequestReason, Want
from shared.errors import Unavailable
from shared.requests.request import OwnRequest, RequestState
from tests.gateway.conftest import NOW
from tests.gateway.people import STREET, csrf_in, sign_in

CALLS = {call.name: call for call in all_calls()}
ID, HASH = "I-W-1/T1/Q1", "cd" * 32
OF_HOTLINE = {Want.RETURN, Want.EXCLUSION, Want.CALLBACK}


def a_request(**other):
    told = {"request_id": ID, "wants": "task_return", "about": "I-W-1/T1", "unit_code": STREET, "facts": {}}
    told |= {"reason": "not_our_duty", "words": "是园林局的绿地", "evidence": [], "appeals": "", "answer": ""}
    told |= {"asked_by": "wang.wei", "asked_at": NOW.isoformat(), "decided_in": "110105", "decided_by": ""}
    return told | {"decide_by": NOW.isoformat(), "state": "asked", "is_default": False, "decided_at": None} | other


@pytest.fixture
def decider(browser, engine, services):
    """`decider("leader")`: their browser, before services that each have one request."""

    def signed_in(*roles, **told):
        for service, acts in ACTS.items():
            services.answers |= {
                f"{service}.list_requests": {"requests": [a_request(words=f"请{service}批", **told)]},
                f"{service}.get_request": a_request(**told),
                **{f"{service}.{act.method}": {} for act in acts.values()},
            }
        sign_in(browser, engine, services, *roles)
        services.asked.clear()
        return browser

    return signed_in


def send(browser, address, **fields):
    return browser.post(address, data={"csrf": csrf_in(browser.get("/my-work").text), **fields})


def without_key(request):
    """Over HTTP the key is a header, and no part of the documented request."""
    return {name: value for name, value in request.items() if name != "idempotency_key"}


def asked(services, call):
    return [one for one in services.asked if one.call == call]


def form(service, name):
    return f"/do/request-{service}/{name}?about={ID}"


@pytest.mark.parametrize(
    ("role", "listed"),
    [("leader", {"dispatch", "supervision", "intake"}), ("chair", {"dispatch", "supervision", "councils"})],
)
def test_the_requests_of_all_services_that_tell_the_role_of_them_are_in_one_list(decider, role, listed):
    page = decider(role).get("/requests").text

    assert {service for service in ACTS if f"请{service}批" in page} == listed


def test_what_the_hotline_decides_is_not_in_the_list(decider):
    assert "没有等着您批复的申请" in decider("leader", wants="exclusion").get("/requests").text


def test_while_a_service_is_away_the_others_are_listed_and_the_page_says_so(decider, services):
    browser = decider("leader")
    services.answers["dispatch.list_requests"] = Unavailable()
    page = browser.get("/requests").text

    assert ("有的申请现在查不到" in page, "请supervision批" in page) == (True, True)


def test_the_list_is_not_for_who_neither_asks_nor_decides(decider):
    browser = decider("evaluator", "callback_agent", "operator")

    assert browser.get("/requests").status_code == 403
    assert 'href="/requests"' not in browser.get("/").text


def test_a_stranger_is_asked_to_sign_in(visitor):
    assert visitor.get("/requests").location == "/login?next=/requests"


def test_whatever_is_asked_its_page_says_what_follows_and_names_no_code(decider, services):
    browser = decider("leader")
    for want in set(Want) - OF_HOTLINE:
        services.answers["dispatch.get_request"] = a_request(wants=want.value)
        page = browser.get(f"/requests/dispatch/{ID}").text

        assert all(words in page for words in (NAMES["want"][want], IF_GRANTED[want], IF_REFUSED[want]))
        assert "/grant?" in page


def test_every_reason_and_state_has_its_name():
    assert set(RequestReason) <= set(NAMES["request_reason"])
    assert set(RequestState) <= set(NAMES["request_state"])


def test_who_asked_is_offered_no_decision(decider):
    page = decider("leader", asked_by="li.na").get(f"/requests/dispatch/{ID}").text

    assert "须由别人批复" in page
    assert "/grant?" not in page


def test_what_was_refused_may_be_appealed_against_but_not_an_appeal(decider, services):
    browser = decider("handler", state="refused", answer="属本单位职责")
    first = browser.get(f"/requests/dispatch/{ID}").text
    services.answers["dispatch.get_request"] = a_request(state="refused", appeals="I-W-1/T1/Q0")

    assert ("属本单位职责" in first, "/appeal?" in first) == (True, True)
    assert "/appeal?" not in browser.get(f"/requests/dispatch/{ID}").text


def test_an_organisation_that_is_asked_decides_itself_and_others_take_its_answer_down(decider):
    page = decider("leader", wants="cooperation", facts={"whom": "ORG-9"}).get(f"/requests/supervision/{ID}").text

    assert "/answer?" in page
    assert "/grant?" not in page


@pytest.mark.parametrize("address", ["/requests", f"/requests/supervision/{ID}"])
def test_who_may_not_decide_is_told_who_may(decider, services, address):
    browser = decider("supervisor", decided_in="110105")
    services.answers["supervision.list_requests"] = {"requests": [a_request(decided_in="110105")]}
    decided = browser.get(address).text
    asks = {"wants": "cooperation", "facts": {"whom": "ORG-9", "name": "北京铁路局"}}
    services.answers["supervision.get_request"] = a_request(**asks)
    services.answers["supervision.list_requests"] = {"requests": [a_request(**asks)]}
    answered = browser.get(address).text

    assert "朝阳区" in decided
    assert named_in(decided, "supervision.decide_request")
    assert "北京铁路局" in answered
    assert "由对方答复" in answered
    assert named_in(answered, "supervision.record_answer")


def named_in(page, call):
    """The roles that may make a call, in one line."""
    return " · ".join(NAMES["role"][role] for role in Role if role in CALLS[call].roles) in page


def test_the_form_of_a_decision_says_what_follows_from_it(decider):
    browser = decider("leader")

    assert IF_GRANTED["task_return"] in browser.get(form("dispatch", "grant")).text
    assert IF_REFUSED["task_return"] in browser.get(form("dispatch", "refuse")).text


def test_what_is_typed_becomes_a_request_that_the_service_takes(decider, services):
    browser = decider("leader", "clerk", "chair", "handler")
    good = {"reason": "情况属实", "words": "写明的情况", "agrees": "yes", "answered_by": "铁路段办公室"}
    for service, acts in ACTS.items():
        for name, act in acts.items():
            services.asked.clear()
            typed = {one.name: good.get(one.name, f"https://files/1.pdf {HASH}") for one in act.fields}
            answer = send(browser, form(service, name), **typed)
            (call,) = asked(services, f"{service}.{act.method}")
            schema = CALLS[call.call].request | {"components": {"schemas": all_schemas()}}

            assert answer.location == f"/requests/{service}/{ID}?done=yes"
            assert jsonschema_rs.is_valid(schema, without_key(call.request)), call.request
            assert call.request.get("grant") == {"grant": True, "refuse": False}.get(name)
            assert act.roles <= CALLS[call.call].roles


def test_without_reasons_nothing_is_decided(decider, services):
    answer = send(decider("leader"), form("dispatch", "grant"))

    assert answer.status_code == 422
    assert asked(services, "dispatch.decide_request") == []


def test_an_own_request_that_is_decided_nevertheless_is_refused_in_chinese(decider, services):
    browser = decider("leader")
    services.answers["dispatch.decide_request"] = OwnRequest()
    page = send(browser, form("dispatch", "grant"), reason="情况属实").text

    assert BY_CODE["own_request"] in page
    assert "情况属实" in page


def test_another_role_decides_and_appeals_nothing(decider, services):
    browser = decider("evaluator")
    for service, acts in ACTS.items():
        for name in acts:
            assert browser.get(form(service, name)).status_code == 403


def test_exactly_those_decide_and_appeal_whom_the_services_let():
    assert {name: CALLS[f"{name}.decide_request"].roles for name in DECIDERS} == DECIDERS
    assert {name: CALLS[f"{name}.appeal_request"].roles for name in APPELLANTS} == APPELLANTS
