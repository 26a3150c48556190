"""What climbs, and what becomes of the work meanwhile: told on the running suite."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.auth import Role
from shared.errors import GongshangError
from tests.district.at_work import DISTRICT, District

STREET, COMMUNITY, NEXT_DOOR = "110105001", "110105001025", "110105001026"
GRID = COMMUNITY + "001"
DAY = timedelta(days=1)
TRAPPED = {"content": "三号楼二单元电梯困住两个人,按铃无人应答", "sla_class": "emergency"}
SHOWN = [{"uri": "https://files.example.org/shown.jpg", "sha256": "a" * 64}]

pytestmark = pytest.mark.timeout(600)


def tasks_of(district: District, number: str) -> Any:
    issue = district.order(number)["issue_id"]
    return district.ask("dispatch", "list_tasks", Role.LEADER, DISTRICT, issue_id=issue)["tasks"]


def at_work(district: District, task: Any, method: str, **asked: Any) -> Any:
    """What its own handlers do."""
    asked |= {"task_id": task["task_id"], "organisation": task["organisation_id"]}
    return district.act("dispatch", method, Role.HANDLER, task["unit_code"], **asked)


def waiting(district: District, service: str, unit: str, about: str, role: Role = Role.LEADER) -> Any:
    waits = district.ask(service, "list_my_work", role, unit, most=500)["waits"]
    return next((one for one in waits if one["about"] == about), None)


def test_what_a_street_finished_before_the_grids_time_was_over_stays_done_and_is_judged(district):
    number = district.filed("供暖不足", GRID, content="楼里暖气一直不热")
    began_at, (task,) = district.clock.now(), tasks_of(district, number)
    at_work(district, task, "sign_for_task")
    district.pass_time(began_at + 6 * DAY)
    at_work(district, task, "finish_task", result="管网已更换", evidence=SHOWN)
    district.pass_time(began_at + 7 * DAY)

    assert (task["unit_code"], district.case_of(number)["case"]["unit_code"]) == (STREET, COMMUNITY)
    (same,) = tasks_of(district, number)
    assert (same["task_id"], same["state"]) == (task["task_id"], "done")
    assert "dispatch.accept_task" in waiting(district, "dispatch", STREET, task["task_id"])["calls"]
    district.act("dispatch", "accept_task", Role.LEADER, STREET, task_id=task["task_id"])
    district.report(number, "已解决")
    case = district.case_of(number)["case"]
    assert (case["state"], case["unit_code"], case["outcome"]) == ("closed", COMMUNITY, "solved")


@pytest.fixture(scope="module")
def after_fifteen_days(district: District) -> dict[str, str]:
    """Orders that nobody did anything about, by the unit that they were for."""
    left = {
        COMMUNITY: district.filed("楼道堆放杂物", COMMUNITY, content="七号楼楼道堆满纸箱无人清理"),
        DISTRICT: district.filed("河道水体发黑", DISTRICT, content="亮马河水体发黑有异味"),
    }
    district.pass_time(district.clock.now() + 15 * DAY)
    return left


def test_what_nobody_signed_for_goes_on_until_the_new_holder_takes_it_over(district, after_fifteen_days):
    number = after_fifteen_days[COMMUNITY]
    (task,) = tasks_of(district, number)
    issue = district.order(number)["issue_id"]
    calls = waiting(district, "supervision", STREET, issue)["calls"]

    taken = district.act(
        "dispatch", "take_over_task", Role.LEADER, STREET, task_id=task["task_id"], reason="逾期未签收"
    )

    assert "dispatch.take_over_task" in calls
    assert [(one["unit_code"], one["state"]) for one in tasks_of(district, number)] == [
        (COMMUNITY, "moved_up"),
        (STREET, "assigned"),
    ]
    assert taken["due_at"] == district.case_of(number)["clocks"][-1]["due_at"]


def test_when_the_districts_own_time_is_over_its_supervisors_have_an_incident_until_it_is_settled(
    district, after_fifteen_days
):
    number = after_fifteen_days[DISTRICT]
    incident = overdue(district, number)
    listed = waiting(district, "supervision", DISTRICT, incident["incident_id"], role=Role.SUPERVISOR)

    asked = {"incident_id": incident["incident_id"], "decision": "noted", "reason": "截污工程已立项,汛期后施工"}
    district.act("supervision", "settle_incident", Role.SUPERVISOR, DISTRICT, **asked)

    assert listed["calls"] == ["supervision.get_case", "supervision.settle_incident"]
    assert overdue(district, number)["remark"] == "截污工程已立项,汛期后施工"
    assert waiting(district, "supervision", DISTRICT, incident["incident_id"], role=Role.SUPERVISOR) is None


def overdue(district: District, number: str) -> Any:
    (found,) = [one for one in district.case_of(number)["incidents"] if one["kind"] == "overdue"]
    return found


def test_reasons_to_climb_are_refused_with_what_would_be_right(district):
    asked = {
        "issue_id": district.file("垃圾桶满溢", COMMUNITY, content="九号楼垃圾三天没有清运"),
        "from_unit": COMMUNITY,
    }
    for reason, more, code, field in (
        ("over_duty", {}, "within_duty", "reason"),
        ("over_level", {}, "bad_request", "tried"),
        ("cross_area", {}, "no_second_area", "units_concerned"),
        ("cross_area", {"units_concerned": ["110105999"]}, "bad_request", "units_concerned"),
        ("demonstration", {}, "consent_missing", "reason"),
    ):
        with pytest.raises(GongshangError) as refused:
            district.ask("escalation", "preview", Role.LEADER, STREET, **asked, reason=reason, **more)
        assert (refused.value.code, list(refused.value.fields)) == (code, [field])


def test_a_community_that_signed_for_a_task_of_its_grid_has_tried_when_the_issue_comes_to_it(district):
    """Its desk can't sign for the same task again."""
    said = {"content": "六号楼门前电动车堵住无障碍坡道", "category": "property_management"}
    number = district.filed("电动车乱停放", GRID, **said)
    (task,) = tasks_of(district, number)
    at_work(district, task, "sign_for_task")
    district.pass_time(district.clock.now() + 7 * DAY)

    asked = {"issue_id": task["issue_id"], "from_unit": COMMUNITY, "reason": "over_level", "tried": "已上门两次"}
    planned = district.ask("escalation", "preview", Role.LEADER, STREET, **asked, explanation="须街道协调物业")
    assert (task["unit_code"], planned["to_unit"]) == (COMMUNITY, STREET)


def test_up_and_down_ends_with_the_districts_decision(district):
    issue = district.file("大件垃圾堆放", COMMUNITY, content="东门口旧沙发堆了一周")
    climb = {"issue_id": issue, "from_unit": COMMUNITY, "reason": "cross_area", "explanation": "两社区交界"}
    climb["units_concerned"] = [NEXT_DOOR]
    back = {"issue_id": issue, "reason": "属地办理"}
    for _ in range(2):
        district.act("escalation", "escalate", Role.LEADER, STREET, **climb)
        district.act("supervision", "return_down", Role.LEADER, STREET, **back)
    third = district.act("escalation", "escalate", Role.LEADER, STREET, **climb)
    district.act("supervision", "return_down", Role.SUPERVISOR, DISTRICT, **back)

    with pytest.raises(GongshangError) as refused:
        district.act("escalation", "escalate", Role.LEADER, STREET, **climb)
    assert (third["to_unit"], refused.value.code) == (DISTRICT, "district_decided")


def test_an_order_late_on_arrival_says_so_once_and_its_caller_is_asked_after_the_first_contact(district):
    sent_at = (district.clock.now() - 9 * DAY).isoformat()
    number = district.filed("井盖缺失", COMMUNITY, content="西门便道井盖缺失", filed_at=sent_at, dispatched_at=sent_at)
    issue = district.order(number)["issue_id"]
    told = district.ask("supervision", "timeline", Role.LEADER, DISTRICT, issue_id=issue)["entries"]
    before = survey_of(district, number)["state"]
    district.pass_time(district.clock.now() + DAY)

    said = [one["kind"] for one in told if one["kind"].startswith(("clock_w", "clock_b", "clock_l", "supervision"))]
    assert said == ["clock_late.v1"]
    assert (before, survey_of(district, number)["state"]) == ("waiting", "asking")


def survey_of(district: District, number: str) -> Any:
    return district.ask("evaluation", "get_survey", Role.CALLBACK_AGENT, DISTRICT, order_no=number)


def test_people_in_a_lift_have_a_task_and_an_alarm_at_once_whatever_its_category_says(district):
    first, second = (district.filed("电梯困人", COMMUNITY, **TRAPPED) for _ in range(2))
    now = district.clock.now()

    assert district.order(first)["issue_id"] == district.order(second)["issue_id"]
    (task,) = tasks_of(district, first)
    assert (task["sla_class"], datetime.fromisoformat(task["due_at"]) - now) == ("emergency", timedelta(hours=2))
    assert alarms(district, first) == [first]


def test_an_emergency_that_joins_a_seven_day_issue_makes_it_urgent_and_leaves_the_other_order_its_clock(district):
    other = district.filed("路灯不亮", COMMUNITY, content="东门路灯坏了三天")
    _, second = (district.filed("电梯困人", COMMUNITY, **TRAPPED) for _ in range(2))
    before = district.case_of(other)
    joined = {"order_no": second, "issue_id": before["case"]["issue_id"], "reason": "同一处断电"}
    district.act("intake", "link_complaint", Role.CLERK, COMMUNITY, **joined)

    after = district.case_of(other)
    assert (before["case"]["sla_class"], after["case"]["sla_class"]) == ("general", "emergency")
    assert alarms(district, other) == [second]
    assert [one["sla_class"] for one in tasks_of(district, other)] == ["general", "emergency"]
    assert clock_of(before, other)["due_at"] == clock_of(after, other)["due_at"]


def test_done_within_its_hour_the_emergency_is_answered_asked_about_and_ended_while_the_rest_goes_on(district):
    other = district.filed("楼道灯不亮", COMMUNITY, content="西门楼道灯坏了两天")
    urgent = district.filed("电梯困人", COMMUNITY, **TRAPPED)
    issue = district.order(other)["issue_id"]
    if district.order(urgent)["issue_id"] != issue:
        joined = {"order_no": urgent, "issue_id": issue, "reason": "同一处断电"}
        district.act("intake", "link_complaint", Role.CLERK, COMMUNITY, **joined)
    (task,) = [one for one in tasks_of(district, other) if one["order_nos"] == [urgent]]
    finish(district, task, "人已救出")

    first, second = district.order(other), district.order(urgent)
    assert (first["reply"], second["reply"], second["state"]) == ("", "人已救出", "replied")
    district.pass_time(datetime.fromisoformat(second["due_at"]) + timedelta(hours=1))
    clocks = [clock_of(district.case_of(other), number)["state"] for number in (other, urgent)]
    assert clocks == ["counting", "paused"]

    district.report(urgent, "未解决", "不满意")
    assert (district.order(urgent)["state"], district.order(other)["reply"]) == ("redo", "")
    (again,) = [one for one in tasks_of(district, other) if one["order_nos"] and one["state"] == "assigned"]
    assert (again["origin"], again["sla_class"]) == ("redo", "emergency")
    district.pass_time(district.clock.now() + timedelta(hours=1))
    finish(district, again, "已换门锁")
    district.pass_time(district.clock.now() + timedelta(hours=1))
    district.report(urgent, "已解决", round=2)

    assert (district.order(urgent)["state"], district.order(urgent)["reply"]) == ("closed", "已换门锁")
    case = district.case_of(other)
    assert (case["case"]["state"], case["case"]["sla_class"]) == ("open", "general")
    assert [clock_of(case, number)["state"] for number in (other, urgent)] == ["counting", "met"]

    (left,) = [one for one in tasks_of(district, other) if one["state"] == "assigned"]
    finish(district, left, "灯已修好")
    assert (district.order(other)["reply"], district.order(urgent)["reply"]) == ("灯已修好", "已换门锁")
    district.pass_time(datetime.fromisoformat(district.order(other)["due_at"]))
    district.report(other, "已解决")
    assert district.case_of(other)["case"]["outcome"] == "solved"


def finish(district: District, task: Any, result: str) -> None:
    at_work(district, task, "sign_for_task")
    at_work(district, task, "finish_task", result=result, evidence=SHOWN)
    district.act("dispatch", "accept_task", Role.LEADER, task["unit_code"], task_id=task["task_id"])


def alarms(district: District, number: str) -> list[str]:
    """The orders by which something urgent was told in the issue of an order."""
    asked = {"issue_id": district.order(number)["issue_id"]}
    entries = district.ask("supervision", "timeline", Role.LEADER, DISTRICT, **asked)["entries"]
    return [one["facts"]["order_no"] for one in entries if one["kind"] == "issue_alarmed.v1"]


def clock_of(case: Any, number: str) -> Any:
    return next(one for one in case["clocks"] if one["order_no"] == number)
