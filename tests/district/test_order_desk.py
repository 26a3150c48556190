"""The order desk 工单受理 at work: orders that nobody but a clerk can place, told on the running suite."""

from datetime import timedelta

import pytest

from shared.auth import Role
from tests.district.at_work import DISTRICT

STREET, FIRST, SECOND = "110105017", "110105017036", "110105017037"
OTHER_STREET_UNIT = "110105018065"
DAY = timedelta(days=1)

pytestmark = pytest.mark.timeout(600)


def waiting(district, unit=DISTRICT):
    listed = district.ask("intake", "list_to_settle", Role.CLERK, unit, unit_code=unit)["orders"]
    return {one["order_no"]: one for one in listed}


def tasks_of_issue(district, issue):
    return district.ask("dispatch", "list_tasks", Role.SUPERVISOR, DISTRICT, issue_id=issue)["tasks"]


def tasks_of(district, number):
    return tasks_of_issue(district, district.order(number)["issue_id"])


def work_of(district, token, service="dispatch"):
    return [one["about"] for one in district.ask_by(token, service, "list_my_work")["waits"]]


def resident_clock(case):
    return next(one for one in case["clocks"] if one["kind"] == "resident")


def test_an_unknown_code_waits_for_a_clerk_and_then_goes_its_way_with_the_clock_of_its_arrival(district):
    arrived = district.clock.now()
    number = district.filed("楼道灯不亮", unit="110105999", content="三单元楼道灯坏了一周")
    assert (district.order(number)["state"], waiting(district)[number]["doubt"]) == ("to_settle", "unknown_unit")
    district.pass_time(arrived + timedelta(hours=2))

    district.act("intake", "settle_order", Role.CLERK, DISTRICT, order_no=number, unit_code=FIRST, reason="已核实")

    case = district.case_of(number)
    assert (case["case"]["unit_code"], number in waiting(district)) == (FIRST, False)
    assert resident_clock(case)["due_at"] == district.order(number)["due_at"]
    assert resident_clock(case)["started_at"] == arrived.isoformat()
    assert len(tasks_of(district, number)) == 1


def test_an_order_of_two_districts_waits_and_one_of_two_streets_has_the_district_as_its_holder(district):
    two = {"address": "", "unit_codes": ["110108011", FIRST]}
    number = district.filed("井盖松动", place=two, content="路口井盖松动有响声")
    two = {"address": "", "unit_codes": [FIRST, OTHER_STREET_UNIT]}
    two_streets = district.filed("路面积水", place=two, content="雨后积水两天不退")

    assert (waiting(district)[number]["doubt"], waiting(district)[number]["suggested_unit"]) == ("elsewhere", FIRST)
    assert district.case_of(two_streets)["case"]["unit_code"] == DISTRICT


def test_a_unit_that_ended_without_a_successor_leaves_its_orders_to_the_desk_above(district):
    district.enter("unit", STREET + "201", name="劲松临时社区居委会", kind="neighbourhood", parent=STREET)
    district.end("unit", STREET + "201")

    number = district.filed("垃圾桶满溢", unit=STREET + "201", content="垃圾三天没有清运")

    line = waiting(district, STREET)[number]
    assert (line["doubt"], line["suggested_unit"]) == ("unit_ended", STREET)
    district.act("intake", "settle_order", Role.CLERK, STREET, order_no=number, unit_code=SECOND, reason="现属该社区")
    assert district.case_of(number)["case"]["unit_code"].startswith(SECOND)


def test_what_nobody_settles_is_the_covering_units_and_an_incident_that_the_district_notes(district):
    begins = district.clock.now()
    number = district.filed("劲松东社区停车难", address="劲松一区社区", content="晚上没有车位")
    assert number in waiting(district, STREET)

    district.pass_time(begins + timedelta(hours=5))

    case = district.case_of(number)
    (incident,) = case["incidents"]
    assert (case["case"]["unit_code"], [one["kind"] for one in district.order(number)["history"]]) == (
        STREET,
        ["defaulted"],
    )
    asked = {"incident_id": incident["incident_id"], "decision": "noted", "reason": "已提醒受理台"}
    district.act("supervision", "settle_incident", Role.SUPERVISOR, DISTRICT, **asked)
    after = district.case_of(number)
    assert after["case"]["held_since"] == case["case"]["held_since"]


@pytest.mark.parametrize("address", ["丰台区和平东街", "海淀区中关村街道", "河北省高碑店市"])
def test_an_address_elsewhere_is_no_issue_here_and_goes_back_with_the_reason(district, address):
    number = district.filed("路灯不亮", address=address, content="路灯坏了三天")
    assert (district.order(number)["issue_id"], waiting(district)[number]["suggestion"]) == ("", "return_to_hotline")

    district.act("intake", "return_to_hotline", Role.CLERK, DISTRICT, order_no=number, reason="不属于本区")

    assert (district.order(number)["state"], district.order(number)["issue_id"]) == ("returned", "")
    assert district.order(number)["history"][0]["reason"] == "不属于本区"


@pytest.mark.parametrize("title", ["电动车棚去年起火了三次,物业仍不整改", "邻居办假证开小饭桌扰民"])
def test_no_word_in_a_title_closes_an_order(district, title):
    number = district.filed(title, unit=FIRST, content=title)

    assert (district.order(number)["state"], len(tasks_of(district, number))) == ("linked", 1)
    assert district.order(number)["suggested_disposition"]


def test_a_clerk_answers_one_of_the_six_classes_and_the_caller_has_it_taken_up_after_all(district):
    number = district.filed("打听他人住址", unit=SECOND, content="想知道邻居搬到哪里去了")
    issue = district.order(number)["issue_id"]
    said = {"disposition": "secret_or_private", "answer": "涉及他人隐私,不能提供。"}
    district.act("intake", "answer_order", Role.CLERK, STREET, order_no=number, **said)

    case = district.ask("supervision", "get_case", Role.SUPERVISOR, DISTRICT, issue_id=issue)["case"]
    assert (case["state"], case["outcome"], district.order(number)["state"]) == ("closed", "withdrawn", "answered")
    assert [one["state"] for one in tasks_of_issue(district, issue)] == ["ended"]

    district.act("intake", "reinstate_order", Role.HOTLINE, order_no=number, reason="来电人坚持要求办理")

    again = district.order(number)
    assert (again["state"], again["issue_id"] != issue, len(tasks_of(district, number))) == ("linked", True, 1)
    assert resident_clock(district.case_of(number))["due_at"] == again["due_at"]


def test_a_corrected_unit_has_the_task_and_the_clock_of_the_arrival_and_the_wrong_one_nothing(district):
    number = district.filed("小区门禁损坏", unit=FIRST, content="门禁坏了半个月")
    issue, before = district.order(number)["issue_id"], resident_clock(district.case_of(number))
    district.pass_time(district.clock.now() + DAY)
    (given,) = tasks_of(district, number)
    theirs = district.token(Role.HANDLER, given["unit_code"], given["organisation_id"])
    assert given["task_id"] in work_of(district, theirs)

    district.act(
        "intake", "correct_order", Role.CLERK, STREET, order_no=number, unit_code=SECOND, reason="门禁属该社区"
    )

    seen = district.ask_by(theirs, "dispatch", "get_task", task_id=given["task_id"])
    assert (seen["withdrawn_to"], seen["withdrawn_because"]) == (SECOND, "门禁属该社区")
    assert given["task_id"] not in work_of(district, theirs)

    assert told_of(district, FIRST, issue) == (SECOND, "门禁属该社区")
    after = district.case_of(number)
    assert (district.order(number)["issue_id"], after["case"]["unit_code"]) == (issue, SECOND)
    clock = resident_clock(after)
    assert (clock["started_at"], clock["due_at"]) == (before["started_at"], before["due_at"])
    wrong, right = tasks_of(district, number)
    assert (wrong["state"], right["state"], right["due_at"]) == ("withdrawn", "assigned", before["due_at"])
    assert right["unit_code"].startswith(SECOND)
    survey = district.ask("evaluation", "get_survey", Role.EVALUATOR, DISTRICT, order_no=number)
    assert survey["unit_code"] == SECOND
    charges = [(one["unit_code"], one["until"]) for one in survey["charges"]]
    assert charges == [(FIRST, district.clock.now().isoformat()), (SECOND, None)]
    (entry,) = district.order(number)["history"]
    assert (entry["before"], entry["after"]) == ({"unit_code": FIRST}, {"unit_code": SECOND})


def told_of(district, unit, issue):
    """Where an issue is now and why, as the people of a unit read it that had it."""
    told = district.ask("supervision", "timeline", Role.CLERK, unit, issue_id=issue)["entries"]
    (moved,) = [one["facts"] for one in told if one["kind"] == "issue_reassigned.v1"]
    return moved["to_unit"], moved["reason"]


def test_of_a_proposal_for_another_community_the_wrong_council_gives_up_its_session_and_the_right_one_meets(district):
    number = district.filed("建议增设快递柜", unit=FIRST, content="东门外可放快递柜", request_kind="proposal")
    issue = district.order(number)["issue_id"]
    district.pass_time(district.clock.now() + timedelta(hours=1))
    (called,) = district.sessions_on(issue, FIRST)
    chairs = district.token(Role.CHAIR, FIRST)
    assert called["session_id"] in work_of(district, chairs, "councils")

    district.act("intake", "correct_order", Role.CLERK, STREET, order_no=number, unit_code=SECOND, reason="属该社区")
    district.pass_time(district.clock.now() + timedelta(hours=1))

    assert [(one["session_id"], one["state"]) for one in district.sessions_on(issue, FIRST)] == [
        (called["session_id"], "moved_up")
    ]
    assert called["session_id"] not in work_of(district, chairs, "councils")
    assert told_of(district, FIRST, issue) == (SECOND, "属该社区")
    assert [one["state"] for one in district.sessions_on(issue, SECOND)] == ["notice_published"]


def test_what_was_called_slow_by_mistake_is_due_as_an_emergency_and_its_task_with_it(district):
    slow = {"sla_class": "general", "category": "property_management"}
    number = district.filed("楼道灯柱漏电", unit=FIRST, content="灯柱漏电,孩子常在旁边玩", **slow)

    district.act(
        "intake", "correct_order", Role.CLERK, STREET, order_no=number, sla_class="emergency", reason="有触电危险"
    )

    due_at = district.order(number)["due_at"]
    (task,) = tasks_of(district, number)
    assert (resident_clock(district.case_of(number))["due_at"], task["due_at"]) == (due_at, due_at)
