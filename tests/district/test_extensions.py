"""More time, told on the running suite: one decision moves task, order clock and callback, and the caller hears why."""

from datetime import datetime, timedelta

import pytest

from shared.auth import Role
from tests.district.at_work import DISTRICT

STREET, COMMUNITY = "110105016", "110105016070"
DAY = timedelta(days=1)

pytestmark = pytest.mark.timeout(600)


def test_extending_once_moves_task_order_clock_and_callback_together_and_the_caller_reads_why(district):
    number = district.filed("楼道灯不亮", unit=COMMUNITY)
    issue = district.order(number)["issue_id"]
    due_at = datetime.fromisoformat(district.order(number)["due_at"])
    code = district.ask("intake", "get_complaint", Role.HOTLINE, None, order_no=number)["check_code"]
    more = {"issue_id": issue, "reason": "materials", "words": "等待灯具到货"}
    asked = district.act("supervision", "ask_extension", Role.HANDLER, COMMUNITY, **more)
    assert district.tasks_due(issue) == [due_at]

    decision = {"request_id": asked["request_id"], "grant": True, "reason": "情况属实"}
    district.act("supervision", "decide_request", Role.LEADER, STREET, **decision)

    later = due_at + (due_at - datetime.fromisoformat(district.order(number)["dispatched_at"]))
    clocks = {one["kind"]: one["due_at"] for one in district.case_of(number)["clocks"]}
    assert datetime.fromisoformat(clocks["resident"]) == later
    assert district.tasks_due(issue) == [later]
    followed = district.ask("intake", "read_by_check_code", Role.PUBLIC, order_no=number, check_code=code)
    assert (datetime.fromisoformat(followed["due_at"]), followed["extended_because"]) == (later, "等待灯具到货")
    district.pass_time(later - timedelta(minutes=1))
    assert survey(district, number)["state"] == "waiting"
    district.pass_time(later)
    assert survey(district, number)["state"] == "asking"


def survey(district, number):
    return district.ask("evaluation", "get_survey", Role.SUPERVISOR, DISTRICT, order_no=number)
