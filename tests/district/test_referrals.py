"""An order before a court, told on the running suite: it leaves, the others go on, and no council meets on the rest."""

from datetime import timedelta

import pytest

from shared.auth import Role
from shared.errors import Refused
from tests.district.at_work import DISTRICT
from tests.district.test_callbacks import handle, until_the_limit
from tests.district.test_meetings import Hall, called, with_council

STREET, COMMUNITY = "110105016", "110105016069"
DAY = timedelta(days=1)
COURT = {"channel": "court", "reference": "(2026)京0105民初12345号"}

pytestmark = pytest.mark.timeout(600)


def refer(district, number):
    day = district.clock.now().date().isoformat()
    district.act("intake", "refer_order", Role.CLERK, STREET, order_no=number, entered_on=day, **COURT)


def listed(district):
    issues = district.ask("intake", "list_deliberation", Role.CLERK, COMMUNITY, unit_code=COMMUNITY)["issues"]
    return [one["issue_id"] for one in issues]


def sessions_called(district, issue):
    sessions = district.ask("councils", "list_sessions", Role.CLERK, COMMUNITY, unit_code=COMMUNITY)["sessions"]
    return [one for one in sessions if one["issue_id"] == issue and one["state"] == "notice_published"]


def test_whoever_goes_to_court_leaves_and_what_is_wholly_there_is_on_no_list_of_a_council(district):
    said = {"content": "小区停车位分配不公,要求重新协商", "request_kind": "proposal"}
    first, second = (district.filed("小区停车位分配", unit=COMMUNITY, **said) for _ in range(2))
    issue = district.order(first)["issue_id"]
    assert (district.order(second)["issue_id"], listed(district)) == (issue, [issue])
    district.pass_time(district.clock.now() + DAY)
    assert len(sessions_called(district, issue)) == 1

    refer(district, first)

    assert (district.order(first)["state"], district.order(second)["state"]) == ("referred", "linked")
    assert (district.case_of(second)["case"]["state"] != "closed", listed(district)) == (True, [issue])

    refer(district, second)

    case = district.ask("supervision", "get_case", Role.SUPERVISOR, DISTRICT, issue_id=issue)["case"]
    assert (case["state"], case["outcome"], listed(district)) == ("closed", "withdrawn", [])
    assert sessions_called(district, issue) == []


def test_whose_order_the_hotline_merged_into_that_of_another_caller_goes_on_and_is_answered(district):
    said = {"content": "小区围墙倒塌一段,砖块散落在便道上", "category": "road"}
    plaintiff, other = (district.filed("围墙倒塌", unit=COMMUNITY, **said) for _ in range(2))
    issue, now = district.order(plaintiff)["issue_id"], district.clock.now()
    due_at = district.order(other)["due_at"]
    district.say("order_merged.v1", other, into_order_no=plaintiff, reason="同一事项", merged_at=now.isoformat())
    assert district.order(other)["state"] == "merged"

    refer(district, plaintiff)

    order = district.order(other)
    assert (district.order(plaintiff)["state"], order["state"], order["issue_id"]) == ("referred", "linked", issue)
    counting = {
        one["order_no"]: one["due_at"] for one in district.case_of(other)["clocks"] if one["state"] == "counting"
    }
    assert counting[other] == due_at
    handle(district, other)
    until_the_limit(district, other)
    district.report(other, "已解决")
    assert (district.order(other)["state"], district.case_of(other)["case"]["state"]) == ("closed", "closed")


def test_a_session_in_which_that_becomes_known_ends_and_decides_nothing_more(district):
    council = with_council(district, "110105016911", "诉讼新村", [f"court-{number}" for number in range(1, 9)])
    session = called(council, "建议重新划分诉讼新村的停车位", "110105016911")
    hall = Hall(council, session)
    carried, moved = hall.move("按户划分"), hall.move("按面积划分")
    assert hall.vote(carried, hall.people) == "carried"

    (number,) = council.ask("intake", "get_issue", Role.CLERK, DISTRICT, issue_id=session["issue_id"])["order_nos"]
    refer(council, number)

    for refused, asked in (("vote", moved | {"ballots": []}), ("adopt_resolution", carried | {"tasks": []})):
        with pytest.raises(Refused, match="is closed"):
            hall.say(refused, **asked)
    held = council.ask("deliberation", "get_session", Role.CHAIR, session["unit_code"], session_id=hall.id)
    assert (held["state"], {one["state"] for one in held["motions"]}) == ("closed", {"withdrawn"})
    waits = council.ask("deliberation", "list_my_work", Role.CHAIR, session["unit_code"])["waits"]
    assert [one["calls"][0] for one in waits if one["about"] == hall.id] == ["deliberation.circulate_minutes"]
