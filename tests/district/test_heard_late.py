"""Handled in time and heard of late, because dispatch could not tell for a while: told on the running suite."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.auth import Role
from tests.bus.conftest import wait_until
from tests.district.at_work import DISTRICT, District
from tests.district.test_callbacks import handle
from tests.district.test_climbing import tasks_of

COMMUNITY = "110105016073"
GRID = COMMUNITY + "001"
HOUR = timedelta(hours=1)

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def late(district: District) -> str:
    """The grid's time is nearly over; its community's desk handles it, and dispatch can't say so before it climbs.

    The clock moves for supervision alone: all others have their turn when the news have come.
    """
    number = district.filed("楼道堆放杂物", GRID, content="五号楼楼道堆满纸箱无人清理")
    limit = datetime.fromisoformat(tier_clock(district, number)["due_at"])
    district.pass_time(limit - HOUR)
    with district.unheard("dispatch"):
        handle(district, number, by=District.begin)
        district.clock.move(limit, turn="supervision")
        wait_until(lambda: district.case_of(number)["case"]["unit_code"] == COMMUNITY, "it has climbed", 60)
    return number


def tier_clock(district: District, number: str) -> Any:
    (clock,) = [one for one in district.case_of(number)["clocks"] if one["kind"] == "tier"]
    return clock


def test_it_is_as_if_it_had_not_climbed_and_the_record_says_so(district, late):
    case = district.case_of(late)
    asked = {"issue_id": case["case"]["issue_id"]}
    entries = district.ask("supervision", "timeline", Role.LEADER, DISTRICT, **asked)["entries"]

    assert (case["case"]["unit_code"], case["handled_at"] is not None) == (GRID, True)
    assert [(one["unit_code"], one["state"]) for one in tasks_of(district, late)] == [(COMMUNITY, "accepted")]
    kinds = [one["kind"] for one in entries]
    assert kinds.index("issue_escalated.v1") < kinds.index("escalation_undone.v1")


def test_its_caller_is_asked_and_nobody_was_late(district, late):
    district.report(late, "已解决")
    case = district.case_of(late)

    assert (case["case"]["state"], case["case"]["unit_code"], case["case"]["outcome"]) == ("closed", GRID, "solved")
    states = [(one["kind"], one["unit_code"], one["state"]) for one in case["clocks"]]
    assert [one for one in states if one[2] != "ended"] == [("resident", GRID, "met"), ("tier", GRID, "met")]
