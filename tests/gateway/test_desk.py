"""The order desk: what waits, one order with its sealed words, and every command of it as a form of its own."""

import re

import jsonschema_rs
import pytest

from services.gateway import places
from services.gateway.api.catalogue import all_calls, all_schemas
from services.gateway.pages.staff.desk import ACTS
from services.gateway.words.refusals import BY_CODE
from services.intake.domain import errors as of_intake
from shared.errors import BadRequest, Conflict, NotAllowed, NotFound, Unavailable
from shared.requests import request as of_requests
from shared.units import Tier, tier_of
from tests.gateway.desk_things import (
    A_WORDING,
    AN_ISSUE,
    COMMUNITY,
    ISSUE,
    NUMBER,
    OWN_WORDS,
    WAITING,
    a_request,
    a_wait,
    an_order,
)
from tests.gateway.fake_board import ISSUE as SOUNDS_ALIKE
from tests.gateway.people import STREET, csrf_in

CALLS = {call.name: call for call in all_calls()}
IDS = {"order_no": NUMBER, "issue_id": ISSUE, "request_id": f"{NUMBER}/Q1"}
ROWS = [(about, name) for about, acts in ACTS.items() for name in acts]
EVERY_ACT = pytest.mark.parametrize(("about", "name"), ROWS, ids=[name for _, name in ROWS])
SETTLE = f"/desk/do/order_no/settle?about={NUMBER}"
SETTLED = {"unit_code": COMMUNITY, "reason": "地址在甘露园"}


@pytest.fixture
def desk(staff, services):
    """A clerk's browser, before an intake that has one of everything."""
    services.answers |= {
        "intake.list_my_work": {
            "waits": [a_wait("intake.confirm_wording", ISSUE), a_wait("intake.follow_handover", "W-9")]
        },
        "intake.list_to_settle": {"orders": [WAITING]},
        "intake.list_hotline_requests": {"requests": [a_request(wants="return", reason="not_our_area")]},
        "intake.list_requests": {"requests": [a_request()]},
        "intake.list_orders": {"orders": [an_order()]},
        "intake.list_categories": {"categories": [{"code": "parking", "name": "停车"}]},
        "intake.get_complaint": an_order(),
        "intake.get_issue": AN_ISSUE,
        "intake.get_request": a_request(),
        "intake.read_order": OWN_WORDS,
        "intake.list_wordings": {"wordings": [A_WORDING]},
    }
    for about, name in ROWS:
        act = ACTS[about][name]
        services.answers[f"{act.service}.{act.method}"] = {}
    return staff("clerk")


def sent(desk, address: str, data: dict[str, str], form_at: str = ""):
    """Typed into the form as it stands on its page."""
    page = desk.get(form_at or address).text
    return desk.post(address, data={"csrf": csrf_in(page), "form_key": key_in(page)} | data)


def key_in(page: str) -> str:
    found = re.search(r'name="form_key" value="([^"]+)"', page)
    assert found
    return found[1]


def asked(services, call: str):
    return [one for one in services.asked if one.call == call]


def typed(act) -> dict[str, str]:
    """Something good in every field."""
    good = {"number": "12", "day": "2026-03-01", "tick": "yes", "words": "写明的情况", "line": "I-W-2"}
    offered = {"unit_code": COMMUNITY, "category": "parking", "category_2": "parking"}
    return {one.name: offered.get(one.name) or good.get(one.look) or one.options({})[0][0] for one in act.fields}


@EVERY_ACT
def test_what_is_typed_becomes_a_request_that_the_service_takes(desk, services, about, name):
    act = ACTS[about][name]
    answer = sent(desk, f"/desk/do/{about}/{name}?about={IDS[about]}", typed(act))
    assert answer.status_code == 303
    (call,) = asked(services, f"{act.service}.{act.method}")
    schema = CALLS[call.call].request | {"components": {"schemas": all_schemas()}}
    told = {field: value for field, value in call.request.items() if field != "idempotency_key"}

    assert jsonschema_rs.is_valid(schema, told), told
    assert call.request["idempotency_key"]
    assert told[about] == IDS[about]
    assert call.by.login == "clerk"
    assert act.roles <= CALLS[call.call].roles


@EVERY_ACT
def test_an_empty_form_is_shown_again_with_what_is_missing_and_nothing_is_asked(desk, services, about, name):
    act = ACTS[about][name]
    answer = sent(desk, f"/desk/do/{about}/{name}?about={IDS[about]}", {})

    assert answer.status_code == 422
    assert asked(services, f"{act.service}.{act.method}") == []
    if any(one.is_required for one in act.fields):
        assert "请填写这一项" in answer.text


@EVERY_ACT
def test_only_a_clerk_gets_the_form(staff, about, name):
    browser = staff("handler", "supervisor")
    address = f"/desk/do/{about}/{name}?about={IDS[about]}"

    assert browser.get(address).status_code == 403
    assert browser.post(address, data={"csrf": csrf_in(browser.get("/").text)}).status_code == 403


@pytest.mark.parametrize("role", ["handler", "leader", "supervisor", "evaluator", "callback_agent", "chair"])
@pytest.mark.parametrize("page", ["/desk", f"/desk/order?number={NUMBER}"])
def test_the_desk_is_for_clerks_alone(staff, role, page):
    assert staff(role).get(page).status_code == 403
    assert 'href="/desk"' not in staff(role).get("/").text


def test_a_stranger_is_asked_to_sign_in(visitor):
    assert visitor.get("/desk").location == "/login?next=/desk"


def test_the_desk_lists_what_waits_with_its_time_and_what_follows_otherwise(desk):
    page = desk.get("/desk").text

    assert "地址和内容说的不是同一个地方" in page
    assert "甘露园、十里堡" in page
    assert "否则：到时由" in page
    assert "/desk/do/order_no/follow?about=W-9" in page
    assert "是园林局的绿地" in page
    assert page.count("不在本单位辖区") == 1


def test_who_asked_for_something_is_offered_no_decision_on_it(desk, services):
    services.answers["intake.list_requests"] = {"requests": [a_request(asked_by="clerk")]}
    page = desk.get("/desk").text

    assert "须由别人批复" in page
    assert "request_id/grant" not in page


def test_what_the_hotline_refused_can_be_appealed_against_once(desk, services):
    first = a_request("refused", wants="return", request_id="W-1/Q1", answer="属本区")
    known = {"requests": [first]}
    services.answers["intake.list_hotline_requests"] = lambda request: (
        known if not request.get("open_only", True) else {"requests": []}
    )
    assert "request_id/appeal" in desk.get("/desk").text

    known["requests"] = [first, a_request("refused", wants="return", request_id="W-1/Q2", appeals="W-1/Q1")]
    assert "request_id/appeal" not in desk.get("/desk").text


def test_a_desk_without_work_says_so(desk, services):
    for call in ("list_to_settle", "list_orders", "list_hotline_requests", "list_requests", "list_my_work"):
        services.answers[f"intake.{call}"] = {"orders": [], "requests": [], "waits": []}

    assert desk.get("/desk").text.count('class="empty"') == 5


def test_an_order_is_shown_without_its_words_until_there_is_a_reason(desk, services):
    page = desk.get(f"/desk/order?number={NUMBER}").text

    assert asked(services, "intake.read_order") == []
    assert OWN_WORDS["content"] not in page
    assert "为什么查看" in page


def test_the_words_are_read_with_the_reason_and_once_for_each_look(desk, services):
    page = sent(desk, "/desk/order", {"number": NUMBER, "reason": "sort"}, f"/desk/order?number={NUMBER}").text
    (look,) = asked(services, "intake.read_order")

    assert OWN_WORDS["content"] in page
    assert "昨天又被占了。" in page
    assert "分拣用不着知道诉求人是谁" in page
    assert (look.request["order_no"], look.request["reason"]) == (NUMBER, "sort")
    assert OWN_WORDS["content"] not in desk.get(f"/desk/order?number={NUMBER}").text
    assert len(asked(services, "intake.read_order")) == 1


@pytest.mark.parametrize("reason", ["", "supervise", "because"])
def test_without_a_reason_of_a_clerk_nothing_is_read(desk, services, reason):
    answer = sent(desk, "/desk/order", {"number": NUMBER, "reason": reason}, f"/desk/order?number={NUMBER}")

    assert answer.status_code == 422
    assert "请选择为什么查看" in answer.text
    assert asked(services, "intake.read_order") == []


def test_a_refused_look_says_why_beside_the_order(desk, services):
    services.answers["intake.read_order"] = NotAllowed("no duty", {}, "not_allowed")
    answer = sent(desk, "/desk/order", {"number": NUMBER, "reason": "handle"}, f"/desk/order?number={NUMBER}")

    assert answer.status_code == 403
    assert "您现在的岗位不能这样做" in answer.text


def test_what_the_suite_suggests_is_accepted_by_one_key(desk, services):
    services.answers["intake.get_complaint"] = an_order("to_settle")
    page = desk.get(f"/desk/order?number={NUMBER}").text
    accepted = desk.post(
        SETTLE,
        data={"csrf": csrf_in(page), "unit_code": COMMUNITY, "reason": "采纳系统建议"},
    )

    assert 'accesskey="1"' in page
    assert f'name="unit_code" value="{COMMUNITY}"' in page
    assert accepted.location == f"/desk/order?number={NUMBER}&done=yes"
    assert asked(services, "intake.settle_order")[0].request["unit_code"] == COMMUNITY


def test_an_order_that_seems_to_be_of_elsewhere_is_suggested_for_the_hotline(desk, services):
    services.answers["intake.get_complaint"] = an_order("to_settle")
    away = WAITING | {"suggestion": "return_to_hotline", "suggested_unit": "", "doubt": "elsewhere"}
    services.answers["intake.list_to_settle"] = {"orders": [away]}

    assert "采纳：退回热线" in desk.get(f"/desk/order?number={NUMBER}").text


def test_other_issues_that_sound_alike_are_offered_to_move_it_there(desk, services):
    services.answers["intake.get_complaint"] = an_order(title="水管漏水")
    page = desk.get(f"/desk/order?number={NUMBER}").text

    assert "是同一件事，并入" in page
    assert f'<a href="/issues/{SOUNDS_ALIKE}">看议题</a> <span class="soft">{SOUNDS_ALIKE}</span>' in page
    assert "不是一件事，分出" in page


def test_an_order_that_is_alone_in_its_issue_is_not_offered_to_be_taken_out(desk, services):
    services.answers["intake.get_issue"] = AN_ISSUE | {"order_nos": [NUMBER]}

    assert "/desk/do/order_no/unlink" not in desk.get(f"/desk/order?number={NUMBER}").text


@pytest.mark.parametrize(
    ("state", "offered", "hidden"),
    [
        ("to_settle", "settle", "correct"),
        ("linked", "correct", "settle"),
        ("answered", "ask-reinstatement", "answer"),
        ("merged", "", "answer"),
    ],
)
def test_only_what_suits_where_the_order_stands_is_offered(desk, services, state, offered, hidden):
    services.answers["intake.get_complaint"] = an_order(state)
    page = desk.get(f"/desk/order?number={NUMBER}").text

    assert f"/desk/do/order_no/{offered}" in page or not offered
    assert f"/desk/do/order_no/{hidden}?" not in page


def test_what_the_service_refuses_stands_beside_its_field_with_what_was_typed(desk, services):
    refused = BadRequest("outside", {"unit_code": ["Is outside 110105015."]}, "outside_your_desk")
    services.answers["intake.settle_order"] = refused
    answer = sent(desk, SETTLE, SETTLED)

    assert answer.status_code == 400
    assert 'id="unit_code-fault">这个单位不归您的受理台交办' in answer.text
    assert SETTLED["reason"] in answer.text
    assert "Is outside" not in answer.text


def test_what_somebody_else_did_meanwhile_is_told_on_the_form(desk, services):
    services.answers["intake.settle_order"] = Conflict("done", {}, "order_state_forbids")
    answer = sent(desk, SETTLE, SETTLED)

    assert answer.status_code == 409
    assert "可能别人刚刚办过" in answer.text
    assert SETTLED["reason"] in answer.text


def test_while_intake_is_away_what_was_typed_is_kept(desk, services):
    page = desk.get(SETTLE).text
    for call in ("settle_order", "get_complaint"):
        services.answers[f"intake.{call}"] = Unavailable()
    answer = desk.post(SETTLE, data={"csrf": csrf_in(page)} | SETTLED)

    assert answer.status_code == 503
    assert SETTLED["reason"] in answer.text
    assert int(answer.headers["Retry-After"]) > 0


def test_a_form_that_is_sent_twice_is_one_command(desk, services):
    page = desk.get(SETTLE).text
    data = {"csrf": csrf_in(page), "form_key": key_in(page)} | SETTLED
    desk.post(SETTLE, data=data)
    desk.post(SETTLE, data=data)
    first, second = asked(services, "intake.settle_order")

    assert first.request == second.request


def test_an_expired_form_is_not_taken(desk, services):
    assert desk.post(SETTLE, data={"csrf": "0" * 64} | SETTLED).status_code == 403
    assert asked(services, "intake.settle_order") == []


@pytest.mark.parametrize(
    ("address", "data"),
    [
        (SETTLE, SETTLED | {"unit_code": "999"}),
        (SETTLE, SETTLED | {"reason": "长" * 501}),
        (f"/desk/do/order_no/verify?about={NUMBER}", {"verified": "十二", "reason": "电话"}),
        (f"/desk/do/order_no/answer?about={NUMBER}", {"disposition": "other", "answer": "不"}),
    ],
)
def test_what_can_not_be_is_told_before_anything_is_asked(desk, services, address, data):
    answer = sent(desk, address, data)

    assert answer.status_code == 422
    assert 'class="fault"' in answer.text
    assert not [one for one in services.asked if "idempotency_key" in one.request]


def test_wordings_are_shown_only_when_asked_for_and_lead_to_their_confirmation(desk, services):
    desk.get("/desk")
    assert asked(services, "intake.list_wordings") == []

    page = sent(desk, "/desk/wordings", {}, "/desk").text

    assert A_WORDING["proposal"] in page
    assert f"/desk/do/issue_id/word?about={ISSUE}" in page
    assert asked(services, "intake.list_wordings")[0].request["idempotency_key"]


def test_a_confirmation_begins_with_what_was_proposed(desk):
    page = desk.get(f"/desk/do/issue_id/word?about={ISSUE}&wording=某小区车位被占&publicity=parties").text

    assert 'value="某小区车位被占"' in page
    assert 'value="parties" checked' in page


def test_a_number_that_no_order_has_is_told_at_the_desk_where_it_was_typed(desk, services):
    services.answers["intake.get_complaint"] = NotFound("no such order", {}, "unknown_order")
    answer = desk.get("/desk/order?number=W-0")

    assert answer.status_code == 404
    assert "没有这个编号的诉求" in answer.text
    assert 'name="number" value="W-0" aria-invalid="true"' in answer.text
    assert "诉求受理台</h1>" in answer.text


def test_grids_are_offered_to_their_own_community_alone():
    community = next(code for code, _ in places.communities_of(STREET))

    assert {tier_of(code) for code, _ in places.inside(community)} == {Tier.COMMUNITY, Tier.GRID}
    assert {tier_of(code) for code, _ in places.inside(STREET)} == {Tier.STREET, Tier.COMMUNITY}


def test_a_command_that_is_none_is_not_found(desk, services):
    assert desk.get(f"/desk/do/order_no/burn?about={NUMBER}").status_code == 404


@pytest.mark.parametrize("errors", [of_intake, of_requests], ids=["intake", "requests"])
def test_whatever_the_services_refuse_is_said_in_chinese(errors):
    codes = {one.code for one in vars(errors).values() if isinstance(one, type) and hasattr(one, "code")}
    ours = {code for code in codes if code not in {"not_found", "conflict", "refused", "bad_request", "not_allowed"}}

    assert ours - {"wrong_check_code"} - set(BY_CODE) == set()
