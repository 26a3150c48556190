"""A lift for an old building, told on the running suite: it stands on the pending list, and is done later.

All nine months, with a review every quarter, are in `tests/supervision/test_pending.py`: only supervision's clocks and
timers do anything in them, and here every day costs the timers of all that other scenarios have left open.
"""

from datetime import timedelta

import pytest

from shared.auth import Role
from tests.district.at_work import DISTRICT
from tests.district.test_callbacks import handle

COMMUNITY = "110105016071"
DAY, AHEAD = timedelta(days=1), 20
REPLY = "加装电梯已列入计划,每季度向您反馈进展。"

pytestmark = pytest.mark.timeout(600)


def put_on(district, issue):
    owner = district.ask("dispatch", "list_tasks", Role.SUPERVISOR, DISTRICT, issue_id=issue)["tasks"][0]
    about = {"issue_id": issue, "reason": "planning", "words": "需先报规划", "plan": "六月报规划,十一月完工"}
    about |= {"owner": owner["organisation_id"], "review_on": day(district, AHEAD), "interim_reply": REPLY}
    asked = district.act("supervision", "ask_pending", Role.HANDLER, COMMUNITY, **about)
    decision = {"request_id": asked["request_id"], "grant": True, "reason": "同意挂账"}
    district.act("supervision", "decide_request", Role.LEADER, DISTRICT, **decision)


def day(district, ahead):
    return (district.clock.now() + ahead * DAY).date().isoformat()


def case_of(district, issue):
    return district.ask("supervision", "get_case", Role.SUPERVISOR, DISTRICT, issue_id=issue)


def test_a_lift_is_on_the_pending_list_with_its_reply_and_plan_and_done_after_two_reviews(district):
    number = district.filed("加装电梯前的管线迁改", unit=COMMUNITY, category="road")
    issue = district.order(number)["issue_id"]
    put_on(district, issue)

    (listed,) = district.ask("supervision", "list_pending", Role.CLERK, COMMUNITY, unit_code=COMMUNITY)["issues"]
    assert (listed["issue_id"], listed["reason"], listed["interim_reply"]) == (issue, "planning", REPLY)
    assert (district.order(number)["reply"], district.order(number)["state"]) == (REPLY, "linked")
    for _ in range(2):
        district.pass_time(district.clock.now() + AHEAD * DAY)
        stays = {"issue_id": issue, "stays": True, "review_on": day(district, AHEAD), "words": "按计划推进"}
        district.act("supervision", "review_pending", Role.LEADER, DISTRICT, **stays)
    assert {one["state"] for one in case_of(district, issue)["clocks"]} == {"met", "paused"}

    handle(district, number)
    district.pass_time(district.clock.now() + timedelta(hours=1))
    survey = district.ask("evaluation", "get_survey", Role.EVALUATOR, DISTRICT, order_no=number)
    assert (survey["state"], district.order(number)["state"]) == ("asking", "replied")
    district.report(number, solved="已解决")

    case = case_of(district, issue)
    assert (case["case"]["state"], case["case"]["outcome"], case["case"]["rung"]) == ("closed", "solved", 0)
    assert {one["state"] for one in case["clocks"] if one["kind"] == "resident"} == {"met"}
