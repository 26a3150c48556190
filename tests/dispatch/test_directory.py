"""Dispatch and the directory: who is away, what ends, and what comes before the directory was told."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from services.dispatch.domain.errors import NobodyCompetent
from services.dispatch.domain.task import TaskState
from services.dispatch.service import DispatchService
from shared.auth import Role
from shared.contracts import dispatch as told
from shared.contracts.directory import ActingPart, DirectoryToldV1, StaffPart, UnitPart
from shared.contracts.intake import IssuePlacedV1
from tests.dispatch.builders import (
    COMMUNITY,
    GRID,
    MONDAY,
    SHA,
    STREET,
    days,
    hours,
    issue_listed,
    issue_raised,
    redo_ordered,
)
from tests.harness import Bus
from tests.told import DISTRICT, an_entry, changed, desk_of, few_desks, few_duties, few_units, office, tell

SUCCESSOR, OTHER = "110105017004", "110105017005"
CENTRE = office(COMMUNITY, "社区服务站")
DESK = desk_of(CENTRE)


@pytest.fixture
def bus(engine: Engine) -> Bus:
    return Bus(engine, DispatchService, MONDAY)


def known(code: str) -> UnitPart:
    return next(one for one in few_units() if one.id == code)


def ends(bus: Bus, code: str, at, *successors: str) -> None:
    """The directory tells that a unit ends then."""
    bus.hear(changed(replace(known(code), revision=2, valid_to=at, replaced_by=list(successors))))


def raised(bus: Bus, issue_id: str = "I-1", **more) -> told.TaskAssignedV1:
    """The task that a new issue gives."""
    bus.hear(issue_raised(issue_id, **({"unit_code": COMMUNITY, "category": "elevator"} | more)))
    return bus.told(told.TaskAssignedV1)[-1]


def seat(bus: Bus) -> str:
    asked = {"unit_code": COMMUNITY, "category": "elevator"}
    return bus.ask("get_desk", asked, Role.HANDLER, COMMUNITY)["posts"][0]["person"]


def goes_on_leave(bus: Bus) -> None:
    leave = {"person": f"{DESK.id}/李明", "acting": "P-7", "acting_name": "周代理"}
    holds = {"valid_from": MONDAY, "valid_to": MONDAY + days(5)}
    bus.hear(changed(an_entry(ActingPart, "A-1", **leave, **holds)))


def test_the_task_after_somebody_went_on_leave_goes_to_who_acts_for_them_and_open_ones_stay_with_the_desk(bus):
    before, task = raised(bus), {"task_id": "I-1/T1"}
    goes_on_leave(bus)
    during = raised(bus, "I-2")
    kept = bus.ask("get_task", task, Role.HANDLER, COMMUNITY)
    now = seat(bus)
    bus.move(MONDAY + days(5))
    after = raised(bus, "I-3")

    assert [one.person for one in (before, during, after)] == ["李明", "周代理", "李明"]
    assert (kept["desk_id"], kept["person"], now, seat(bus)) == (DESK.id, "李明", "周代理", "李明")


def test_the_task_after_somebody_left_goes_to_whoever_leads_the_desk(bus):
    before = raised(bus)
    facts = {"person": f"{DESK.id}/李明", "person_name": "李明", "organisation": CENTRE.id, "unit": COMMUNITY}
    bus.hear(changed(an_entry(StaffPart, "S-1", valid_to=MONDAY, **facts)))

    assert [before.person, raised(bus, "I-2").person] == ["李明", "社区服务站主任"]


def test_the_task_keeps_whose_desk_it_is_by_the_ids_of_the_directory(bus):
    raised(bus)
    task = bus.ask("get_task", {"task_id": "I-1/T1"}, Role.HANDLER, COMMUNITY)

    assert (task["organisation_id"], task["desk_id"], task["person_id"]) == (CENTRE.id, DESK.id, f"{DESK.id}/李明")


def test_a_renamed_department_is_given_the_next_task_under_its_new_name(bus):
    raised(bus)
    bus.hear(changed(replace(CENTRE, revision=2, name="党群服务中心", aliases=["社区服务站"])))

    assert raised(bus, "I-2").department == "党群服务中心"
    assert bus.ask("get_task", {"task_id": "I-1/T1"}, Role.HANDLER, COMMUNITY)["department"] == "社区服务站"


def test_what_is_open_in_a_unit_that_ends_goes_to_its_successor_at_that_instant(bus):
    raised(bus)
    ends(bus, COMMUNITY, MONDAY + days(1), SUCCESSOR)
    bus.move(MONDAY + days(1) - hours(1))
    before = [one.unit_code for one in bus.told(told.TaskAssignedV1)]
    bus.move(MONDAY + days(1))

    passed_on = bus.told(told.TaskAssignedV1)[-1]
    assert before == [COMMUNITY]
    assert (passed_on.task_id, passed_on.unit_code, passed_on.attempt) == ("I-1/T1", SUCCESSOR, 2)
    assert (passed_on.department, passed_on.due_at) == ("社区服务站", MONDAY + days(7))


def test_work_in_hand_is_signed_for_anew_and_what_is_done_waits_to_be_accepted_by_the_successor(bus):
    for number in (1, 2):
        raised(bus, f"I-{number}")
        bus.ask(
            "sign_for_task", {"task_id": f"I-{number}/T1", "idempotency_key": f"s{number}"}, Role.HANDLER, COMMUNITY
        )
    shown = {"result": "好", "evidence": [{"uri": "https://example.org/1.jpg", "sha256": SHA}]}
    bus.ask("finish_task", {"task_id": "I-2/T1", "idempotency_key": "f"} | shown, Role.HANDLER, COMMUNITY)
    ends(bus, COMMUNITY, MONDAY, SUCCESSOR)
    bus.move(MONDAY)
    tasks = bus.ask("list_tasks", {"unit_code": SUCCESSOR}, Role.HANDLER, SUCCESSOR)["tasks"]
    accepted = {"task_id": "I-2/T1", "idempotency_key": "a"}

    assert [one["state"] for one in tasks] == ["assigned", "done"]
    assert bus.ask("accept_task", accepted, Role.LEADER, SUCCESSOR)["state"] == TaskState.ACCEPTED
    assert bus.told(told.IssueHandledV1)[-1].unit_code == SUCCESSOR


def test_of_a_unit_that_was_split_in_two_the_unit_above_both_gets_what_nobody_placed_within_the_hour(bus):
    raised(bus)
    ends(bus, COMMUNITY, MONDAY, SUCCESSOR, OTHER)
    bus.move(MONDAY + hours(1))

    assert bus.told(told.TaskAssignedV1)[-1].unit_code == STREET


def test_of_a_unit_that_was_split_the_part_that_intake_names_gets_what_is_open_with_the_same_limit(bus):
    before = raised(bus)
    ends(bus, COMMUNITY, MONDAY, SUCCESSOR, OTHER)
    bus.move(MONDAY)
    bus.hear(IssuePlacedV1(issue_id="I-1", from_unit=COMMUNITY, to_unit=OTHER, placed_at=MONDAY), times=2)
    bus.move(MONDAY + days(1))

    first, then = bus.told(told.TaskAssignedV1)
    assert (first, then.unit_code, then.task_id, then.due_at) == (before, OTHER, before.task_id, before.due_at)


def test_a_unit_that_goes_on_after_all_keeps_what_it_has(bus):
    raised(bus)
    ends(bus, COMMUNITY, MONDAY + days(1), SUCCESSOR)
    bus.hear(changed(replace(known(COMMUNITY), revision=3)))
    bus.move(MONDAY + days(1))

    assert [one.unit_code for one in bus.told(told.TaskAssignedV1)] == [COMMUNITY]


def test_whatever_is_heard_of_a_unit_that_has_ended_is_for_its_successor(bus):
    ends(bus, COMMUNITY, MONDAY, SUCCESSOR)
    first = raised(bus)
    bus.hear(redo_ordered(unit_code=COMMUNITY), issue_listed(unit_code=COMMUNITY))

    assert [first.unit_code, bus.told(told.TaskAssignedV1)[-1].unit_code] == [SUCCESSOR, SUCCESSOR]
    with bus.begin(reads=True) as work:
        assert work.issues.get("I-1").is_awaiting_resolution


def test_more_than_fit_at_once_leave_an_ended_unit_all_the_same(bus, monkeypatch):
    monkeypatch.setattr("services.dispatch.use_cases.events.MOST_AT_ONCE", 2)
    for number in range(5):
        raised(bus, f"I-{number}")
    ends(bus, COMMUNITY, MONDAY, SUCCESSOR)
    bus.move(MONDAY)

    assert len(bus.ask("list_tasks", {"unit_code": SUCCESSOR}, Role.HANDLER, SUCCESSOR)["tasks"]) == 5


def test_an_issue_that_comes_before_the_directory_waits_and_gets_its_task_then(untold):
    bus = Bus(untold, DispatchService, MONDAY)
    bus.hear(issue_raised())
    before = (bus.told(), bus.inbox_statuses())
    tell(untold, *few_duties(), *few_desks())
    bus.hear(DirectoryToldV1(unit_code=DISTRICT, entries=1, told_at=MONDAY), issue_listed())

    assert before == ([], ["early"])
    assert bus.told() == ["task_assigned.v1"]


def test_where_nobody_is_competent_the_event_waits_and_is_not_lost(untold):
    tell(untold)
    bus = Bus(untold, DispatchService, MONDAY)
    bus.hear(issue_raised())

    assert (bus.told(), bus.inbox_statuses()) == ([], ["waiting"])
    with pytest.raises(NobodyCompetent, match="enter in the directory"):
        bus.ask("get_desk", {"unit_code": GRID, "category": "noise"}, Role.HANDLER, GRID)


def test_a_unit_that_ended_before_the_directory_was_told_is_passed_over(untold):
    bus = Bus(untold, DispatchService, MONDAY)
    ends(bus, COMMUNITY, MONDAY - days(1), SUCCESSOR)

    assert bus.move(MONDAY) == 1
    assert bus.told() == []
