"""Who calls again about what was done, and whose order comes after its limit: told on the running suite."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.auth import Role
from tests.district.at_work import BEGINS_AT, DISTRICT, District
from tests.district.test_callbacks import handle, survey, until_the_limit

STREET, COMMUNITY = "110105018", "110105018075"
DAY = timedelta(days=1)

pytestmark = pytest.mark.timeout(600)


def test_a_caller_who_comes_back_reopens_that_order_alone(district):
    said = {"title": "单元门破损", "unit": COMMUNITY, "content": "四号楼单元门关不上,夜里风大"}
    content, back = (district.filed(**said, caller={"name": "", "phone": phone}) for phone in ("13900001", "13900002"))
    handle(district, content)
    until_the_limit(district, content, back)
    for number in (content, back):
        district.report(number, "已解决")
    assert {district.order(number)["state"] for number in (content, back)} == {"closed"}
    district.pass_time(district.clock.now() + 2 * DAY)

    again = district.filed(**said, caller={"name": "", "phone": "13900002"})

    assert (district.order(again)["first_order_no"], district.case_of(back)["case"]["state"]) == (back, "open")
    assert [survey(district, number)["outcome"] for number in (content, back)] == ["solved", None]
    handle(district, back)
    district.pass_time(district.clock.now() + DAY)
    assert [survey(district, number)["state"] for number in (content, back)] == ["asked", "asking"]
    district.report(back, "已解决", round=2)
    assert [len(survey(district, number)["callbacks"]) for number in (content, back)] == [1, 2]
    assert district.case_of(back)["case"]["state"] == "closed"


def overdue(district: District, title: str) -> str:
    """An order that comes three days after its limit."""
    now = district.clock.now()
    instants = {"filed_at": now - 11 * DAY, "dispatched_at": now - 10 * DAY, "due_at": now - 3 * DAY}
    return district.filed(title, COMMUNITY, **{name: at.isoformat() for name, at in instants.items()})


def marks(district: District, number: str) -> list[str]:
    """What was said of the clock of an order."""
    issue = district.order(number)["issue_id"]
    entries = district.ask("supervision", "timeline", Role.LEADER, DISTRICT, issue_id=issue)["entries"]
    clocks = {one["clock_id"] for one in district.case_of(number)["clocks"] if one["order_no"] == number}
    told = [one["kind"] for one in entries if one["facts"].get("clock_id") in clocks]
    return [kind for kind in told if kind in ("clock_late.v1", "clock_warned.v1", "clock_breached.v1")]


def rates(district: District) -> Any:
    stretch = {"from_at": BEGINS_AT.isoformat(), "to_at": (district.clock.now() + DAY).isoformat()}
    return district.ask("evaluation", "get_rates", Role.EVALUATOR, DISTRICT, **stretch)["overall"]


def test_what_the_caller_of_an_order_late_on_arrival_says_is_kept_and_counts_for_nobody(district):
    number = overdue(district, "楼前台阶缺角")
    handle(district, number)
    district.pass_time(district.clock.now() + DAY)
    before = rates(district)
    district.report(number, "未解决", "不满意")

    assert marks(district, number) == ["clock_late.v1"]
    assert [one["solved"] for one in survey(district, number)["callbacks"]] == ["no"]
    assert rates(district) == before


def test_an_order_late_on_arrival_is_given_more_time_from_its_arrival(district):
    number, arrived = overdue(district, "围墙根渗水"), district.clock.now()
    more = {"issue_id": district.order(number)["issue_id"], "reason": "complex_work", "words": "单到已超期"}
    asked = district.act("supervision", "ask_extension", Role.LEADER, COMMUNITY, **more)
    decision = {"request_id": asked["request_id"], "grant": True, "reason": "同意"}
    district.act("supervision", "decide_request", Role.LEADER, STREET, **decision)

    assert datetime.fromisoformat(district.order(number)["due_at"]) == arrived + 7 * DAY
    assert marks(district, number) == ["clock_late.v1"]
