"""The meeting room and the deliberation list: they show the services' own reading, and record every step."""

import re
from pathlib import Path

import jsonschema_rs
import pytest
from playwright.sync_api import expect

from services.deliberation import use_cases
from services.deliberation.domain import errors as of_deliberation
from services.deliberation.domain.display import DisplayState
from services.deliberation.domain.minutes import MinutesState
from services.deliberation.domain.motion import MotionState
from services.deliberation.domain.session import SessionState
from services.gateway.api.catalogue import all_calls, all_schemas
from services.gateway.pages.staff.room_acts import NEXT, OF_MOTIONS, OF_RESOLUTIONS, OF_SESSIONS
from services.gateway.words.names import NAMES
from services.gateway.words.refusals import BY_CODE
from shared.contracts import assigning
from shared.errors import Refused, Unavailable
from tests.gateway.in_chromium import served
from tests.gateway.people import STREET, csrf_in
from tests.gateway.room_things import (
    DESK,
    MINUTES,
    MOTION,
    RECORD,
    RESOLUTION,
    SESSION,
    a_motion,
    a_session,
    answers,
)

A_CATEGORY = {"code": "parking", "name": "停车"}
CALLS = {call.name: call for call in all_calls()}
IN_SESSION = [("session", name) for name in OF_SESSIONS]
ON_MOTION = [("motion", name) for name in (*OF_MOTIONS, "vote", "adopt")]
ON_RESOLUTION = [("resolution", name) for name in OF_RESOLUTIONS]
EVERY_ACT = pytest.mark.parametrize(("about", "name"), IN_SESSION + ON_MOTION + ON_RESOLUTION)
IDS = {"session": SESSION, "motion": MOTION, "resolution": RESOLUTION}
RECORDED = r'record\((?:work, session, (?:display, )?)?"(\w+)"'
"""How a use case names what it puts on record."""
REASONS_OF = {"postpone": "hall_lost"}
GOOD = {
    "person": "P-1",
    "mover": "P-1",
    "seconder": "P-1",
    "speaker": "P-1",
    "person_id": "P-1",
    "expert": "P-3",
    "item": "1",
    "amount": "500",
    "number": "1",
    "side": "for",
    "ballot-P-1": "against",
    "due_at": "2026-05-01",
    "review": "stands",
    "matter": "施划车位",
    "money": "public",
    "co_units": "物业公司、停车办",
    **dict.fromkeys(("motion", "statement", "text", "opinion", "reason", "correction", "objection", "answer"), "写明"),
    **dict.fromkeys(("what", "leader", "department", "objector", "reasons"), "写明"),
}


@pytest.fixture
def hall(services):
    """Services that have a session at work."""
    services.answers |= answers()
    acts = [*OF_SESSIONS.values(), *OF_MOTIONS.values(), *OF_RESOLUTIONS.values()]
    services.answers |= {f"{act.service}.{act.method}": {} for act in acts}
    services.answers |= {"deliberation.vote": {}, "deliberation.adopt_resolution": {}}
    return services


def commands(services):
    return [one for one in services.asked if "idempotency_key" in one.request]


def address(about: str, name: str) -> str:
    return f"/room-do/{name}?{about}={IDS[about]}"


@EVERY_ACT
def test_what_is_typed_becomes_a_request_that_deliberation_takes(staff, hall, about, name):
    clerk = staff("clerk")
    page = clerk.get(address(about, name)).text
    typed = GOOD | ({"reason": REASONS_OF[name]} if name in REASONS_OF else {})
    answer = clerk.post(address(about, name), data={"csrf": csrf_in(page)} | typed)
    (call,) = commands(hall)
    schema = CALLS[call.call].request | {"components": {"schemas": all_schemas()}}
    told = {field: value for field, value in call.request.items() if field != "idempotency_key"}

    assert answer.location == f"/room/{SESSION}?done=yes"
    assert jsonschema_rs.is_valid(schema, told), told
    assert told[f"{about}_id"] == IDS[about]


@pytest.mark.parametrize("role", ["handler", "leader", "supervisor", "evaluator"])
@pytest.mark.parametrize(
    "page", [f"/room/{SESSION}", f"/room-now/{SESSION}", address("session", "open"), "/deliberation-list"]
)
def test_the_room_and_the_list_are_for_chairs_and_clerks(staff, hall, role, page):
    assert staff(role).get(page).status_code == 403


def test_a_stranger_is_asked_to_sign_in(visitor):
    assert visitor.get(f"/room/{SESSION}").location.startswith("/login?next=/room/")


def test_the_gauge_is_what_deliberation_reads(staff, hall):
    page = staff("chair").get(f"/room/{SESSION}").text
    assert "6 / 8" in page
    assert "还差 2 人到会" in page

    hall.answers["deliberation.get_session"] = a_session(present=8, is_quorate=True)
    assert "够法定人数" in staff("chair").get(f"/room/{SESSION}").text


def test_the_room_names_its_chair_and_clerks_and_nobody_by_an_id(staff, hall):
    page = staff("clerk").get(f"/room-now/{SESSION}").text
    assert "<dt>主持人</dt><dd><span>李敏</span>" in page
    assert "<dt>记录员</dt><dd><span>吴静</span>" in page

    hall.answers["deliberation.get_session"] = a_session(chair="gone", clerks=["gone", "P-8"])
    page = staff("clerk").get(f"/room-now/{SESSION}").text
    assert "gone" not in page
    assert "<dt>记录员</dt><dd><span>吴静</span>" in page


def test_who_is_here_can_leave_and_who_is_not_can_come(staff, hall):
    page = staff("clerk").get(f"/room/{SESSION}").text

    assert page.count("/room-do/depart?") == 2
    assert page.count("/room-do/arrive?") == 1


@pytest.mark.parametrize(("step", "name"), NEXT.items())
def test_the_next_step_is_the_one_that_deliberation_names(staff, hall, step, name):
    hall.answers["deliberation.get_motion"] = a_motion("x", step)
    page = staff("clerk").get(f"/room/{SESSION}").text

    assert page.count('aria-current="step"') == 1
    assert f"/room-do/{name}?motion=" in page


def test_the_mark_changes_with_what_somebody_else_recorded_and_with_nothing_else(staff, hall):
    def mark():
        return re.search(r'data-mark="(\w+)"', staff("clerk").get(f"/room-now/{SESSION}").text)[1]

    before = mark()
    assert mark() == before

    hall.answers["deliberation.get_record"] = RECORD | {"head_hash": "77aa"}
    assert mark() != before


def test_who_keeps_out_of_a_motion_is_offered_no_ballot(staff, hall):
    assert "ballot-P-1" in staff("clerk").get(address("motion", "vote")).text

    hall.answers["deliberation.get_motion"] = a_motion(recused=["P-1"])
    assert "ballot-P-1" not in staff("clerk").get(address("motion", "vote")).text


def test_what_another_clerk_records_appears_by_itself(chromium, office, staff, hall):
    cookie = staff("clerk").get_cookie("session")
    with served(office.app) as at:
        context = chromium.new_context(locale="zh-CN")
        context.add_cookies([{"name": "session", "value": cookie.value, "url": at}])
        tab = context.new_page()
        tab.goto(f"{at}/room/{SESSION}")
        expect(tab.get_by_text("还差 2 人到会")).to_be_visible()
        hall.answers["deliberation.get_session"] = a_session(present=8, is_quorate=True)
        expect(tab.get_by_text("够法定人数")).to_be_visible()
        context.close()


def test_what_is_on_record_is_shown_by_name_and_a_broken_record_is_told(staff, hall):
    hall.answers["deliberation.get_record"] = RECORD | {"is_intact": False}
    page = staff("clerk").get(f"/room/{SESSION}").text

    assert "提出了动议</b> <span>张桂芳" in page
    assert "记录的校验不符" in page


def test_after_the_session_its_minutes_are_there_to_be_signed(staff, hall):
    hall.answers["deliberation.get_session"] = a_session("closed")
    page = staff("chair").get(f"/room/{SESSION}").text

    assert "/room-do/sign?" in page
    assert "/room-do/arrive?" not in page


def test_minutes_that_nobody_has_put_together_yet_are_there_to_be_circulated(staff, hall):
    hall.answers["deliberation.get_session"] = a_session("closed")
    hall.answers["deliberation.get_minutes"] = MINUTES | {"state": "draft", "objections_until": None}

    assert "/room-do/circulate?" in staff("clerk").get(f"/room/{SESSION}").text


def test_whatever_the_room_shows_by_a_code_has_a_name():
    states = [("session_state", SessionState), ("motion_state", MotionState), ("minutes_state", MinutesState)]
    shown = [(kind, code.value) for kind, states_ in (*states, ("resolution_state", DisplayState)) for code in states_]
    shown += [("recorded", kind) for kind in kinds_recorded()]

    assert [(kind, code) for kind, code in shown if code not in NAMES[kind]] == []


def kinds_recorded() -> set[str]:
    """Of all entries that deliberation puts on record, as they stand in its code."""
    code = "".join(file.read_text(encoding="utf-8") for file in Path(use_cases.__file__).parent.glob("*.py"))
    return set(re.findall(RECORDED, code))


def test_who_was_late_is_told_how_far_it_is_and_what_was_recorded_last(staff, hall):
    clerk = staff("clerk")
    page = clerk.get(address("motion", "second")).text
    hall.answers["deliberation.second_motion"] = Refused("too late", {}, "step_out_of_order")
    motion = a_session()["motions"][0] | {"state": "seconded"}
    hall.answers["deliberation.get_session"] = a_session(motions=[motion])
    seconded = RECORD["entries"][0] | {"kind": "motion_seconded", "content": {"seconder": "P-2"}}
    hall.answers["deliberation.get_record"] = RECORD | {"entries": [seconded]}
    late = clerk.post(address("motion", "second"), data={"csrf": csrf_in(page), "seconder": "P-1"}).text

    assert "可能别人刚刚记过" in late
    assert "已附议" in late
    assert "09:00 (周一) 有人附议 王建国" in late


def test_who_moved_it_is_not_offered_as_who_seconds_it(staff, hall):
    hall.answers["deliberation.get_session"] = a_session(present_ids=["P-1", "P-2"])
    page = staff("clerk").get(address("motion", "second")).text

    assert '<option value="P-1"' in page
    assert '<option value="P-2"' not in page


def test_what_is_known_of_a_motion_is_said_in_english_too(staff, hall):
    page = staff("clerk").get(address("motion", "second"), headers={"Accept-Language": "en"}).text

    assert "<dt>Session</dt><dd>Open now</dd>" in page
    assert "09:00 Motion stated 张桂芳" in page


def test_a_vote_without_a_single_ballot_is_not_sent(staff, hall):
    clerk = staff("clerk")
    page = clerk.get(address("motion", "vote")).text
    answer = clerk.post(address("motion", "vote"), data={"csrf": csrf_in(page)})

    assert answer.status_code == 422
    assert "一张票也没有记" in answer.text
    assert commands(hall) == []


def test_a_resolution_begins_with_what_was_moved_and_whom_dispatch_would_give_it_to(staff, hall):
    page = staff("chair").get(address("motion", "adopt")).text
    assert [one for one in ("划定十个车位", "孙庆强", "停车管理组", "马庆明") if f'value="{one}"' not in page] == []

    for nobody in (Unavailable(), Refused("nobody is competent", {}, "nobody_competent")):
        hall.answers["dispatch.get_desk"] = nobody
        page = staff("chair").get(address("motion", "adopt")).text
        assert 'value="划定十个车位"' in page
        assert DESK["leader"] not in page


def test_what_a_task_lacks_stands_beside_the_field_that_lacks_it(staff, hall):
    chair, faults = staff("chair"), {"tasks.0.co_units": ["Missing: name at least one."]}
    hall.answers["deliberation.adopt_resolution"] = Refused("it lacks", faults, "incomplete_assignment")
    page = chair.get(address("motion", "adopt")).text
    answer = chair.post(address("motion", "adopt"), data={"csrf": csrf_in(page)} | GOOD | {"person": "李四"})

    assert 'id="co_units-fault">任务要写全' in answer.text


def test_a_day_that_is_none_is_told_before_anything_is_sent(staff, hall):
    chair = staff("chair")
    page = chair.get(address("motion", "adopt")).text
    answer = chair.post(address("motion", "adopt"), data={"csrf": csrf_in(page)} | GOOD | {"due_at": "下周五"})

    assert 'id="due_at-fault">请填一个日期' in answer.text
    assert commands(hall) == []


def test_an_objection_to_a_resolution_is_there_to_be_answered_with_what_it_says(staff, hall):
    hall.answers["deliberation.get_motion"] = a_motion("carried", "", resolution_id=RESOLUTION)
    page = staff("clerk").get(f"/room/{SESSION}").text

    assert "挡住了消防通道" not in page  # the room may be projected
    assert f"/room-do/review?resolution={RESOLUTION}&amp;number=1" in page
    form = staff("clerk").get(f"/room-do/review?resolution={RESOLUTION}&number=1").text
    assert "1. 挡住了消防通道" in form
    assert 'name="number" ' in form


def test_what_deliberation_refuses_is_said_in_chinese_and_what_was_typed_stays(staff, hall):
    hall.answers["deliberation.second_motion"] = Refused("not here", {"seconder": ["Not here."]}, "speaker_refused")
    clerk = staff("clerk")
    page = clerk.get(address("motion", "second")).text
    answer = clerk.post(address("motion", "second"), data={"csrf": csrf_in(page), "seconder": "P-1"})

    assert answer.status_code == 422
    assert 'id="seconder-fault">这个人此时不能发言' in answer.text
    assert 'value="P-1" selected' in answer.text


def test_empty_and_expired_forms_are_not_taken(staff, hall):
    clerk = staff("clerk")
    page = clerk.get(address("session", "state")).text

    assert clerk.post(address("session", "state"), data={"csrf": csrf_in(page)}).status_code == 422
    assert clerk.post(address("session", "state"), data={"csrf": "0" * 64} | GOOD).status_code == 403
    assert commands(hall) == []


def test_the_same_form_twice_has_one_key(staff, hall):
    clerk = staff("clerk")
    page = clerk.get(address("session", "open")).text
    key = re.search(r'name="form_key" value="([^"]+)"', page)[1]
    for _ in range(2):
        clerk.post(address("session", "open"), data={"csrf": csrf_in(page), "form_key": key})

    assert commands(hall)[0].request == commands(hall)[1].request


def test_the_list_shows_issues_with_their_session_also_while_councils_are_away(staff, hall):
    page = staff("clerk").get("/deliberation-list").text
    assert "多人反映同一件事" in page
    assert "甘露园社区议事厅" in page

    hall.answers["councils.list_my_work"] = Unavailable()
    assert "会议安排现在查不到" in staff("clerk").get("/deliberation-list").text


def test_whatever_deliberation_refuses_in_the_room_is_said_in_chinese():
    told = (*vars(of_deliberation).values(), *vars(assigning).values())
    codes = {one.code for one in told if isinstance(one, type) and hasattr(one, "code")}

    assert codes - {"not_found", "conflict", "refused", "bad_request"} - set(BY_CODE) == set()


@pytest.fixture
def raising(hall):
    """Who may be asked for an issue that no order gave rise to."""
    seats = {"P-1": ("张桂芳", "deputy"), "P-3": ("赵工", "expert")}
    facts = [{"person": one, "person_name": name, "role": role} for one, (name, role) in seats.items()]
    entries = {"entries": [{"entry_id": one["person"], "facts": one} for one in facts], "next_after": ""}
    catalogue = {"categories": [A_CATEGORY]}
    hall.answers |= {"intake.raise_issue": {}, "intake.list_categories": catalogue, "directory.list_entries": entries}
    return hall


WORDED = {"category": "parking", "wording": "增设停车位"}


@pytest.mark.parametrize(
    ("name", "typed", "origin"),
    [
        ("raise", {"proposed_by": "P-1"}, {"origin": "deputy"}),
        ("plan", {"proposed_by": "街道办事处", "origin": "plan"}, {}),
    ],
)
def test_a_clerk_raises_an_issue_that_no_order_gave_rise_to_from_the_list(staff, raising, name, typed, origin):
    clerk, form = staff("clerk"), f"/do/unit/{name}?about={STREET}"
    assert f'href="{form}"' in clerk.get("/deliberation-list").text
    answer = clerk.post(form, data={"csrf": csrf_in(clerk.get(form).text)} | typed | WORDED)
    (call,) = commands(raising)
    told = {name: value for name, value in call.request.items() if name != "idempotency_key"}

    assert answer.location == "/deliberation-list?done=yes"
    assert told == typed | WORDED | origin | {"unit_code": STREET}
    assert jsonschema_rs.is_valid(CALLS[call.call].request | {"components": {"schemas": all_schemas()}}, told)
    assert clerk.get(f"/do/unit/{name}?about=110105").status_code == 403
    assert f"/do/unit/{name}?" not in staff("chair").get("/deliberation-list").text


def test_a_deputys_issue_is_of_one_of_the_units_own_deputies_chosen_by_name(staff, raising):
    page = staff("clerk").get(f"/do/unit/raise?about={STREET}").text
    (asked,) = [one.request for one in raising.asked if one.call == "directory.list_entries"]

    assert '<option value="P-1">张桂芳</option>' in page
    assert "赵工" not in page
    assert (asked["kind"], asked["unit_code"], asked["alone"]) == ("deputy", STREET, True)
