"""Callbacks: whom to ask, the phone behind a reason on record, taking down what a caller said, or that nobody did."""

import jsonschema_rs
import pytest

from services.evaluation.domain.survey import SurveyState
from services.gateway.api.catalogue import all_calls, all_schemas
from services.gateway.pages.staff.survey_acts import ACTS
from services.gateway.words.names import NAMES
from shared.contracts.vocabulary import Solved
from shared.errors import NotAllowed, Refused
from tests.gateway.conftest import NOW
from tests.gateway.people import STREET, csrf_in, sign_in
from tests.gateway.test_tasks import WORDS

CALLS = {call.name: call for call in all_calls()}
ORDER = "W-20260302-7"
PHONE = WORDS["caller_phone"]
ANSWERS = {"contacted": "yes", "solved": "partly", "satisfaction": "3"}
CALLED = {"asked_by": "hotline", "is_self_check": False, "completed_at": NOW.isoformat(), "reached": True}


def a_survey(**other):
    told = {"order_no": ORDER, "issue_id": "I-W-1", "unit_code": STREET, "dispatch_kind": "direct", "attempt": 2}
    told |= {"state": "asking", "asker": "own", "due_at": NOW.isoformat(), "answer_by": NOW.isoformat()}
    told |= {"outcome": None, "disagrees": False, "callbacks": []}
    return told | other


@pytest.fixture
def agent(browser, engine, services):
    """`agent("callback_agent")`: their browser, before an evaluation with one caller to ask."""

    def signed_in(*roles, **told):
        line = {"order_no": ORDER, "unit_code": STREET, "attempt": 2, "answer_by": NOW.isoformat()}
        services.answers |= {
            "evaluation.list_callbacks_due": {"callbacks": [line], "next_after": ""},
            "evaluation.get_survey": a_survey(**told),
            "evaluation.record_callback": {},
            "intake.read_order": WORDS,
        }
        sign_in(browser, engine, services, *roles)
        services.asked.clear()
        return browser

    return signed_in


def send(browser, address, **fields):
    return browser.post(address, data={"csrf": csrf_in(browser.get("/callbacks").text), **fields})


def form(name):
    return f"/do/survey/{name}?about={ORDER}"


def asked(services, call):
    return [one for one in services.asked if one.call == call]


def test_whom_we_are_to_ask_is_listed_and_whom_the_hotline_asks_by_itself(agent, services):
    browser = agent("callback_agent")
    page = browser.get("/callbacks").text
    browser.get("/callbacks?asker=hotline")

    assert f'href="/callbacks/{ORDER}"' in page
    assert [one.request["asker"] for one in asked(services, "evaluation.list_callbacks_due")] == ["own", "hotline"]


def test_callbacks_are_for_agents_evaluators_and_supervisors_alone(agent):
    browser = agent("clerk", "chair", "handler", "leader", "operator")

    assert browser.get("/callbacks").status_code == 403
    assert browser.get(f"/callbacks/{ORDER}").status_code == 403
    assert browser.get(form("record")).status_code == 403
    assert 'href="/callbacks"' not in browser.get("/").text


def test_a_stranger_is_asked_to_sign_in(visitor):
    assert visitor.get("/callbacks").location == "/login?next=/callbacks"


def test_the_phone_is_shown_for_a_reason_alone_and_the_look_is_kept(agent, services):
    browser = agent("callback_agent")
    without = send(browser, f"/callbacks/{ORDER}", order_no=ORDER)
    page = send(browser, f"/callbacks/{ORDER}", order_no=ORDER, reason="call_back").text
    (look,) = asked(services, "intake.read_order")

    assert (without.status_code, PHONE in without.text) == (422, False)
    assert PHONE in page
    assert (look.request["reason"], look.by.login) == ("call_back", "li.na")


def test_who_may_not_read_it_sees_no_phone(agent, services):
    browser = agent("callback_agent")
    services.answers["intake.read_order"] = NotAllowed("no duty")
    page = send(browser, f"/callbacks/{ORDER}", order_no=ORDER, reason="call_back")

    assert (page.status_code, PHONE in page.text) == (403, False)


def test_an_evaluator_is_offered_neither_the_phone_nor_a_recording(agent):
    page = agent("evaluator").get(f"/callbacks/{ORDER}").text

    assert "查看原话" not in page
    assert "/do/survey/" not in page


def test_what_the_caller_said_is_recorded_whole(agent, services):
    answer = send(agent("callback_agent"), form("record"), **ANSWERS)
    (call,) = asked(services, "evaluation.record_callback")
    request = {name: value for name, value in call.request.items() if name != "idempotency_key"}
    schema = CALLS[call.call].request | {"components": {"schemas": all_schemas()}}

    assert answer.location == f"/callbacks/{ORDER}?done=yes"
    assert request == {"order_no": ORDER, "reached": True, "contacted": True, "solved": "partly", "satisfaction": 3}
    assert jsonschema_rs.is_valid(schema, request)


def test_that_nobody_answered_is_recorded_without_answers(agent, services):
    send(agent("callback_agent"), form("not-reached"))
    (call,) = asked(services, "evaluation.record_callback")

    assert call.request.keys() == {"order_no", "reached", "idempotency_key"}
    assert call.request["reached"] is False


@pytest.mark.parametrize("missing", ANSWERS)
def test_an_answer_that_is_missing_or_unknown_is_told_beside_its_question(agent, services, missing):
    browser = agent("callback_agent")
    for typed in ({name: value for name, value in ANSWERS.items() if name != missing}, ANSWERS | {missing: "9"}):
        page = send(browser, form("record"), **typed)

        assert (page.status_code, f'href="#{missing}"' in page.text) == (422, True)
    assert asked(services, "evaluation.record_callback") == []


def test_a_form_that_is_sent_twice_is_recorded_once_and_one_that_comes_late_is_told_so(agent, services):
    browser, key = agent("callback_agent"), "7d0b4d3c-93bb-4e1c-8f5c-0d5f1f1e2a3b"
    for _ in range(2):
        send(browser, form("not-reached"), form_key=key)
    services.answers["evaluation.record_callback"] = Refused("no", code="no_callback_open")
    late = send(browser, form("record"), **ANSWERS).text

    assert {one.request["idempotency_key"] for one in asked(services, "evaluation.record_callback")[:2]} == {key}
    assert "现在没有要问这位诉求人的" in late


def test_every_answer_so_far_is_shown_and_where_they_differ_the_hotlines_counts(agent):
    heard = [
        CALLED | {"contacted": True, "solved": "no", "satisfaction": 2},
        CALLED | {"asked_by": "own", "is_self_check": True, "reached": False},
    ]
    page = agent("supervisor", callbacks=heard, disagrees=True).get(f"/callbacks/{ORDER}").text

    assert all(words in page for words in ("未解决", "不满意", "自查", "没有打通", "以热线的回访为准"))


def test_nothing_is_recorded_of_who_is_not_to_be_asked_now_but_a_self_check_beside_the_hotline(agent, services):
    browser = agent("callback_agent", state="waiting")
    ours = browser.get(f"/callbacks/{ORDER}").text
    services.answers["evaluation.get_survey"] = a_survey(state="waiting", asker="hotline")

    assert "/do/survey/" not in ours
    assert "/do/survey/record" in browser.get(f"/callbacks/{ORDER}").text


def test_every_state_and_answer_has_its_name_and_only_agents_record():
    assert set(SurveyState) == set(NAMES["survey_state"])
    assert set(Solved) == set(NAMES["solved"])
    assert all(act.roles == CALLS["evaluation.record_callback"].roles for act in ACTS.values())
