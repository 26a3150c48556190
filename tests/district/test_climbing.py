"""What climbs, and what becomes of the work meanwhile: told on the running suite."""

from datetime import timedelta
from typing import Any

import pytest

from shared.auth import Role
from tests.district.at_work import DISTRICT, District

STREET, COMMUNITY = "110105001", "110105001025"
GRID = COMMUNITY + "001"
DAY = timedelta(days=1)
SHOWN = [{"uri": "https://files.example.org/shown.jpg", "sha256": "a" * 64}]

pytestmark = pytest.mark.timeout(600)


def tasks_of(district: District, number: str) -> Any:
    issue = district.order(number)["issue_id"]
    return district.ask("dispatch", "list_tasks", Role.LEADER, DISTRICT, issue_id=issue)["tasks"]


def at_work(district: District, task: Any, method: str, **asked: Any) -> Any:
    """What its own handlers do."""
    asked |= {"task_id": task["task_id"], "organisation": task["organisation_id"]}
    return district.act("dispatch", method, Role.HANDLER, task["unit_code"], **asked)


def waiting(district: District, service: str, unit: str, about: str) -> Any:
    waits = district.ask(service, "list_my_work", Role.LEADER, unit, most=500)["waits"]
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


def test_what_nobody_signed_for_goes_on_until_the_new_holder_takes_it_over(district):
    number = district.filed("楼道堆放杂物", COMMUNITY, content="七号楼楼道堆满纸箱无人清理")
    (task,) = tasks_of(district, number)
    district.pass_time(district.clock.now() + 15 * DAY)
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
