"""The task board: whose tasks are listed, one task with what its state leaves open, its residents' words on record."""

import hashlib
import io
import re

import jsonschema_rs
import pytest
from markupsafe import escape

from services.dispatch.domain.task import TaskState
from services.gateway.api.catalogue import all_calls, all_schemas
from services.gateway.pages.staff.task_acts import ACTS, TAKE_OVER
from services.gateway.words.names import NAMES
from shared.errors import BadRequest, NotAllowed, NotFound, Refused, Unavailable
from tests.gateway.conftest import NOW
from tests.gateway.forms_on_pages import forms_in
from tests.gateway.people import COMMUNITY, STREET, csrf_in, sign_in

CALLS = {call.name: call for call in all_calls()}
ISSUE, TASK, ORDER = "I-W-1", "I-W-1/T1", "W-1"
HASH = "ab" * 32
WITHDRAWN = {"withdrawn_to": "", "withdrawn_because": ""}


def a_task(state="assigned", **other):
    texts = {"leader": "王主任", "department": "城建科", "person": "李娜", "what": "更换主水管"}
    ids = {"organisation_id": "ORG-1", "desk_id": "DESK-7", "person_id": "P-1", "unit_code": STREET}
    told = {"task_id": TASK, "issue_id": ISSUE, "state": state, "due_at": NOW.isoformat(), "evidence": []}
    rest = {"assigned_at": NOW.isoformat(), "attempt": 1, "is_forced": False, "extensions": 0, "co_units": []}
    whose = {"in_hand": True, "in_charge": True}
    return {
        **told,
        **texts,
        **ids,
        **rest,
        **whose,
        "milestone": None,
        "blocked_because": "",
        "result": "",
        **WITHDRAWN,
        **other,
    }


WORDS = {
    "order_no": ORDER,
    "title": "家里停水",
    "content": "五号楼停水三天了。",
    "channel": "visit",
    "address": "甘露园",
    "respondent": "",
    "filed_at": NOW.isoformat(),
    "supplements": [],
    "caller_name": "王女士",
    "caller_phone": "13800000000",
    "caller_contact": "",
    "relation": "",
    "concerned_name": "",
    "concerned_phone": "",
    "withheld": "",
}


@pytest.fixture
def at_work(browser, engine, services):
    """`at_work("handler")`: their browser, before a dispatch with one task."""

    def signed_in(*roles, **task):
        services.answers |= {
            "dispatch.list_tasks": {"tasks": [a_task(**task)], "next_after": ""},
            "dispatch.get_task": a_task(**task),
            "supervision.get_case": {"order_no": ORDER, "clocks": [{"order_no": ORDER}, {"order_no": ""}]},
            "intake.read_order": WORDS,
        }
        services.answers |= {f"{act.service}.{act.method}": {} for act in ACTS.values()}
        sign_in(browser, engine, services, *roles)
        services.asked.clear()
        return browser

    return signed_in


def form(name):
    return f"/do/task/{name}?about={TASK}"


def typed(act):
    """Something good in every field."""
    good = {"words": "写明的情况", "evidence": f"https://files/1.jpg {HASH}"}
    return {one.name: good.get(one.name) or (one.options({}) or [("写明的情况", "")])[0][0] for one in act.fields}


def send(browser, address, **fields):
    return browser.post(address, data={"csrf": csrf_in(browser.get("/tasks").text), **fields})


def without_key(request):
    """Over HTTP the key is a header, and no part of the documented request."""
    return {name: value for name, value in request.items() if name != "idempotency_key"}


def asked(services, call):
    return [one for one in services.asked if one.call == call]


@pytest.mark.parametrize(
    ("role", "address", "named"),
    [
        ("handler", "/tasks", {"person_id": "P-1"}),
        ("leader", "/tasks", {"unit_code": STREET}),
        ("handler", "/tasks?by=organisation", {"organisation_id": "ORG-1"}),
        ("handler", "/tasks?by=desk&desk=DESK-7", {"desk_id": "DESK-7"}),
    ],
)
def test_tasks_are_listed_by_person_unit_organisation_and_desk(at_work, services, role, address, named):
    page = at_work(role).get(address).text
    (call,) = asked(services, "dispatch.list_tasks")

    assert named.items() <= call.request.items()
    assert call.by.login == "li.na"
    assert "更换主水管" in page
    assert f'href="/tasks/{TASK}"' in page


def test_more_than_a_page_is_turned_over(at_work, services):
    browser = at_work("leader")
    services.answers["dispatch.list_tasks"] = {"tasks": [a_task()], "next_after": TASK}

    assert "after=I-W-1" in browser.get("/tasks").text


def test_the_board_is_for_handlers_leaders_and_supervisors_alone(at_work):
    browser = at_work("clerk", "chair", "evaluator", "callback_agent", "operator")

    assert browser.get("/tasks").status_code == 403
    assert browser.get(f"/tasks/{TASK}").status_code == 403
    assert 'href="/tasks"' not in browser.get("/").text


@pytest.mark.parametrize("address", ["/tasks", f"/tasks/{TASK}", form("sign")])
def test_a_stranger_is_asked_to_sign_in(visitor, address):
    assert visitor.get(address).location.startswith("/login")


def test_a_task_of_others_is_not_there(at_work, services):
    browser = at_work("handler")
    services.answers["dispatch.get_task"] = NotFound("no such task")

    assert browser.get(f"/tasks/{TASK}").status_code == 404


def test_every_state_has_its_name_and_offers_only_what_it_leaves_open(at_work, services):
    browser = at_work("handler", "leader")
    for state in TaskState:
        services.answers["dispatch.get_task"] = a_task(state.value)
        page = browser.get(f"/tasks/{TASK}").text

        assert NAMES["task_state"][state] in page
        assert {name for name in ACTS if f"/do/task/{name}?" in page} == {
            name for name, act in ACTS.items() if state.value in act.states and name != TAKE_OVER
        }


def test_which_orders_a_task_answers_by_itself_is_said(at_work):
    shown = at_work("handler", order_nos=["W-1", "W-2"]).get(f"/tasks/{TASK}").text

    assert "单独答复" in shown
    assert "W-1、W-2" in shown
    assert "单独答复" not in at_work("handler").get(f"/tasks/{TASK}").text


def test_who_had_a_task_that_was_withdrawn_is_shown_why_and_who_has_it_now(at_work):
    why = "门禁属劲松街道 <东里>"
    page = at_work("handler", state="withdrawn", withdrawn_to="110105017", withdrawn_because=why)

    shown = page.get(f"/tasks/{TASK}").text
    assert "现由 劲松街道 承办" in re.sub("<[^>]*>", "", shown)
    assert str(escape(why)) in shown
    assert "任务撤销" not in at_work("handler").get(f"/tasks/{TASK}").text


@pytest.mark.parametrize(
    ("in_hand", "in_charge", "state", "offered"),
    [
        (True, False, "assigned", {"sign", "return", "decline", "extend"}),
        (False, True, "assigned", {"extend"}),
        (False, True, "done", {"accept", "send-back"}),
        (False, False, "assigned", set()),
        (False, False, "done", set()),
    ],
)
def test_who_only_sees_a_task_is_offered_nothing_and_opens_no_form(at_work, in_hand, in_charge, state, offered):
    browser = at_work("handler", "leader", state=state, in_hand=in_hand, in_charge=in_charge)
    page = browser.get(f"/tasks/{TASK}").text

    assert {name for name in ACTS if f"/do/task/{name}?" in page} == offered
    for name, act in ACTS.items():
        if state in act.states:
            assert browser.get(form(name)).status_code == (200 if name in offered else 403)


def test_a_task_of_a_unit_below_is_taken_over_by_who_leads_above_it(at_work, services):
    browser = at_work("leader", unit_code=COMMUNITY)
    assert f"/do/task/{TAKE_OVER}?" in browser.get(f"/tasks/{TASK}").text
    assert send(browser, form(TAKE_OVER), reason="涉及两个社区").status_code == 303
    (call,) = asked(services, "dispatch.take_over_task")
    assert jsonschema_rs.is_valid(
        CALLS[call.call].request | {"components": {"schemas": all_schemas()}}, without_key(call.request)
    )

    services.answers["dispatch.get_task"] = a_task(unit_code=STREET)
    assert browser.get(form(TAKE_OVER)).status_code == 403


def test_a_handler_is_not_offered_what_only_a_leader_may(at_work):
    page = at_work("handler", state="done").get(f"/tasks/{TASK}").text

    assert "/do/task/accept?" not in page


def test_what_is_typed_becomes_a_request_that_the_service_takes(at_work, services):
    browser = at_work("handler", "leader", unit_code=COMMUNITY)
    for name, act in ACTS.items():
        answer = send(browser, form(name), **typed(act))
        (call,) = asked(services, f"{act.service}.{act.method}")
        schema = CALLS[call.call].request | {"components": {"schemas": all_schemas()}}

        assert answer.location == f"/tasks/{TASK}?done=yes"
        assert jsonschema_rs.is_valid(schema, without_key(call.request)), call.request
        assert act.roles <= CALLS[call.call].roles


def test_an_empty_form_is_shown_again_and_nothing_is_asked(at_work, services):
    browser = at_work("handler", "leader", unit_code=COMMUNITY)
    for name, act in ACTS.items():
        if any(one.is_required for one in act.fields):
            answer = send(browser, form(name))

            assert answer.status_code == 422
            assert "请填写这一项" in answer.text
            assert asked(services, f"{act.service}.{act.method}") == []


def test_another_role_gets_no_form_and_a_form_of_elsewhere_is_not_taken(at_work, services):
    browser = at_work("supervisor")
    for name, act in ACTS.items():
        assert browser.get(form(name)).status_code == 403
        assert send(browser, form(name), **typed(act)).status_code == 403
        assert browser.post(form(name), data=typed(act)).status_code in (400, 403)
        assert asked(services, f"{act.service}.{act.method}") == []


def test_what_dispatch_refuses_is_said_in_chinese_and_nothing_typed_is_lost(at_work, services):
    browser = at_work("handler")
    for error, words in (
        (Refused("no", code="task_state_forbids"), "任务现在的状态不能这样办"),
        (Refused("no", code="assignment_forced"), "这是强制派单"),
        (NotAllowed("no"), "您现在的岗位不能这样做"),
        (Unavailable("no"), "系统暂时办不了"),
    ):
        services.answers["dispatch.return_task"] = error
        page = send(browser, form("return"), reason="not_our_duty", words="不归我们管").text

        assert words in page
        assert "不归我们管" in page


def a_file(name="前后对比.jpg", content=b"a picture"):
    return io.BytesIO(content), name


def test_of_files_that_are_chosen_place_name_and_hash_go_to_the_service_and_nothing_else(at_work, services):
    browser = at_work("handler")
    assert 'type="file" multiple' in browser.get(form("finish")).text
    chosen = [a_file(), a_file("验收 单.pdf", b"x" * 200_000)]
    send(browser, form("finish"), result="换好了", evidence=chosen, evidence_at="https://drive/2026/")
    (call,) = asked(services, "dispatch.finish_task")

    assert call.request["evidence"] == [
        {"uri": "https://drive/2026/前后对比.jpg", "sha256": hashlib.sha256(b"a picture").hexdigest()},
        {"uri": "https://drive/2026/验收 单.pdf", "sha256": hashlib.sha256(b"x" * 200_000).hexdigest()},
    ]
    assert "evidence_at" not in call.request


def test_what_was_reckoned_goes_on_with_a_form_that_is_shown_again(at_work, services):
    browser = at_work("handler")
    page = send(browser, form("finish"), evidence=[a_file()], evidence_at="档案柜 3 号").text
    shown = next(one for one in forms_in(page) if "evidence" in one.controls)

    assert "档案柜 3 号/前后对比.jpg" in page
    assert 'id="result-fault"' in page
    send(browser, form("finish"), result="换好了", evidence=shown.controls["evidence"].value)
    (call,) = asked(services, "dispatch.finish_task")
    assert [one["uri"] for one in call.request["evidence"]] == ["档案柜 3 号/前后对比.jpg"]


def test_what_is_wrong_with_evidence_is_told_beside_its_field(at_work, services):
    browser = at_work("handler")
    page = send(browser, form("finish"), result="换好了", evidence=[a_file()]).text
    assert 'id="evidence-fault">请写明原件存放在哪里' in page
    page = send(browser, form("finish"), result="换好了").text
    assert 'id="evidence-fault">请填写这一项' in page
    assert asked(services, "dispatch.finish_task") == []

    services.answers["dispatch.finish_task"] = BadRequest("bad", {"evidence.0.uri": ["Not an address."]})
    page = send(browser, form("finish"), result="换好了", evidence=f"文件 {HASH}").text
    assert 'id="evidence-fault">有一项填得不对' in page


def test_only_forms_for_files_take_more_than_any_page_does_and_only_from_staff(at_work, visitor):
    handler = at_work("handler")
    told = {"content_type": "multipart/form-data; boundary=x", "environ_overrides": {"CONTENT_LENGTH": "2000000"}}

    assert handler.post(form("finish"), **told).status_code != 413
    assert handler.post("/desk/order", **told).status_code == 413
    assert visitor.post(form("finish"), **told).status_code == 413


def test_the_same_form_sent_twice_is_one_command(at_work, services):
    browser, key = at_work("handler"), "7d0b4d3c-93bb-4e1c-8f5c-0d5f1f1e2a3b"
    for _ in range(2):
        send(browser, form("sign"), form_key=key)

    assert [one.request["idempotency_key"] for one in asked(services, "dispatch.sign_for_task")] == [key, key]


def test_residents_words_are_read_for_a_reason_alone(at_work, services):
    browser = at_work("handler")
    without = send(browser, f"/tasks/{TASK}", order_no=ORDER)
    page = send(browser, f"/tasks/{TASK}", order_no=ORDER, reason="handle").text
    (call,) = asked(services, "intake.read_order")

    assert without.status_code == 422
    assert WORDS["content"] not in without.text + browser.get(f"/tasks/{TASK}").text
    assert all(words in page for words in (WORDS["content"], WORDS["caller_phone"], "来访"))
    assert (call.request["reason"], call.request["order_no"]) == ("handle", ORDER)


def test_who_has_no_duty_is_told_so_and_shown_nothing(at_work, services):
    browser = at_work("supervisor")
    services.answers["intake.read_order"] = NotAllowed("no duty")
    page = send(browser, f"/tasks/{TASK}", order_no=ORDER, reason="supervise")

    assert page.status_code == 403
    assert "您现在的岗位不能这样做" in page.text
    assert WORDS["content"] not in page.text
