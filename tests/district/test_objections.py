"""What was resolved is displayed, objected to, declined, and goes back or up: told on the running suite."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.auth import Role
from shared.errors import Refused
from tests.district.at_work import District
from tests.district.test_meetings import STREET, Hall, a_task, called, sessions, waiting, with_council

COMMUNITY = "110105016902"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PEOPLE = [f"objections-{number}" for number in range(1, 9)]

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def council(district: District) -> District:
    return with_council(district, COMMUNITY, "公示新村", PEOPLE)


def resolved(district: District, title: str) -> tuple[str, str]:
    """A session on what residents propose comes to a resolution with one task. Gives the issue and the resolution."""
    session = called(district, title, COMMUNITY)
    hall = Hall(district, session)
    of = hall.move(title)
    assert hall.vote(of, PEOPLE) == "carried"
    resolution = hall.say("adopt_resolution", **of, tasks=[a_task(district)])
    hall.say("close_session")
    district.pass_time(district.clock.now() + HOUR)
    return session["issue_id"], resolution["resolution_id"]


def act(district: District, method: str, role: Role, resolution: str, **asked: Any) -> Any:
    unit = None if role is Role.RESIDENT else COMMUNITY
    return district.act("deliberation", method, role, unit, resolution_id=resolution, **asked)


def seen(district: District, role: Role, resolution: str) -> Any:
    unit = None if role is Role.PUBLIC else COMMUNITY
    return district.ask("deliberation", "get_resolution", role, unit, resolution_id=resolution)


def test_a_resident_objects_the_chair_answers_by_the_day_named_and_the_resolution_stands_on_record(council):
    _, resolution = resolved(council, "建议在公示新村东门划定六个车位")
    shown = council.ask("deliberation", "list_resolutions", Role.PUBLIC, unit_code=COMMUNITY)["resolutions"]
    assert (resolution, "displayed") in [(one["resolution_id"], one["state"]) for one in shown]

    act(council, "object_to_resolution", Role.RESIDENT, resolution, reasons="挡了一层的窗户")
    assert "deliberation.review_objection" in waiting(council, "deliberation", Role.CHAIR, resolution, unit=COMMUNITY)
    act(council, "review_objection", Role.CHAIR, resolution, number=1, review="stands", answer="车位东移两米,不再挡窗")

    read, public = (seen(council, role, resolution) for role in (Role.CLERK, Role.PUBLIC))
    assert [one["reasons"] for one in read["objections"]] == ["挡了一层的窗户"]
    assert [(one["reasons"], one["answer"]) for one in public["objections"]] == [("", "车位东移两米,不再挡窗")]
    assert not waiting(council, "deliberation", Role.CHAIR, resolution, unit=COMMUNITY)


def test_what_a_department_declines_with_reasons_goes_back_on_the_agenda_and_its_tasks_are_withdrawn(council):
    issue, resolution = resolved(council, "建议砍掉公示新村活动室门口的三棵大槐树")
    (task,) = tasks_of(council, issue)
    asked = {"task_id": task["task_id"], "reason": "属古树名木,依法不得砍伐", "idempotency_key": "declined"}
    theirs = {"organisation": task["organisation_id"]}
    council.ask("dispatch", "decline_task", Role.HANDLER, task["unit_code"], **theirs, **asked)
    council.settle()
    with pytest.raises(Refused, match="returned, or referred"):
        act(council, "review_objection", Role.CHAIR, resolution, number=1, review="stands", answer="必须办")

    act(council, "review_objection", Role.CHAIR, resolution, number=1, review="returned", answer="改为修剪")
    council.pass_time(council.clock.now() + HOUR)

    public = seen(council, Role.PUBLIC, resolution)
    assert (public["state"], [one["reasons"] for one in public["objections"]]) == (
        "returned",
        ["属古树名木,依法不得砍伐"],
    )
    assert [one["state"] for one in sessions(council, COMMUNITY) if one["issue_id"] == issue] == [
        "closed",
        "notice_published",
    ]
    assert [one["state"] for one in tasks_of(council, issue)] == ["declined"]


def tasks_of(district: District, issue: str) -> Any:
    return district.ask("dispatch", "list_tasks", Role.LEADER, STREET, issue_id=issue)["tasks"]


def test_what_is_referred_is_the_streets_to_deliberate_and_until_somebody_answers_that_waits_with_its_day(council):
    issue, resolution = resolved(council, "建议公示新村改造雨污管线")
    act(council, "record_objection", Role.CLERK, resolution, objector="王阿姨", reasons="超出社区能力")
    (wait,) = waits(council, resolution)
    assert 5 * DAY < datetime.fromisoformat(wait["due_at"]) - council.clock.now() < 10 * DAY
    assert wait["otherwise"].startswith("逾期视为退回")

    act(council, "review_objection", Role.CHAIR, resolution, number=1, review="referred", answer="涉及市政管线")

    case = council.ask("supervision", "get_case", Role.SUPERVISOR, STREET, issue_id=issue)
    assert (case["case"]["unit_code"], case["case"]["route"]) == (STREET, "deliberate")
    assert "涉及市政管线" in case["escalations"][-1]["explanation"]
    public = seen(council, Role.PUBLIC, resolution)
    assert (public["state"], [one["answer"] for one in public["objections"]]) == ("referred", ["涉及市政管线"])
    assert [one["state"] for one in tasks_of(council, issue)] == ["withdrawn"]
    council.pass_time(council.clock.now() + HOUR)
    (own,) = [one for one in sessions(council, STREET) if one["issue_id"] == issue and one["unit_code"] == STREET]
    assert own["state"] == "notice_published"
    agenda = council.ask("intake", "list_deliberation", Role.CHAIR, STREET, unit_code=STREET)["issues"]
    assert issue in [one["issue_id"] for one in agenda]


def waits(district: District, about: str) -> list[Any]:
    found = district.ask("deliberation", "list_my_work", Role.CHAIR, COMMUNITY)["waits"]
    return [one for one in found if one["about"] == about]
