"""Supervision and the directory: what a unit that ends holds goes to what came after it, and it is on record."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from services.supervision.service import EscalationService, SupervisionService
from shared.auth import Role
from shared.contracts import supervision as told
from shared.contracts.directory import DirectoryToldV1
from shared.contracts.intake import IssuePlacedV1
from shared.contracts.vocabulary import Outcome
from tests.harness import Bus
from tests.supervision.builders import (
    COMMUNITY,
    DISTRICT,
    ISSUE,
    MONDAY,
    OTHER_STREET,
    STREET,
    days,
    hours,
    issue_evaluated,
    issue_handled,
    issue_raised,
    task_signed_for,
)
from tests.told import changed, few_duties, few_units, tell

SUCCESSOR, OTHER = "110105017004", "110105017005"


@pytest.fixture
def bus(engine: Engine) -> Bus:
    return Bus(engine, SupervisionService, MONDAY)


def change(bus: Bus, code: str, **values: Any) -> None:
    """The directory tells of another period of a unit, or of its end."""
    unit = next(one for one in few_units() if one.id == code)
    bus.hear(changed(replace(unit, **({"revision": 2} | values))))


def ends(bus: Bus, at: datetime, *successors: str) -> None:
    change(bus, COMMUNITY, valid_to=at, replaced_by=list(successors))


def case_of(bus: Bus) -> Any:
    return bus.ask("get_case", {"issue_id": ISSUE}, Role.SUPERVISOR, DISTRICT)


def test_a_successor_holds_the_case_from_the_end_of_the_unit_on_and_the_timeline_says_so(bus):
    bus.hear(issue_raised())
    due_at = [clock["due_at"] for clock in case_of(bus)["clocks"]]
    ends(bus, MONDAY + days(1), SUCCESSOR)
    bus.move(MONDAY + days(1) - hours(1))
    before = case_of(bus)["case"]["unit_code"]
    bus.move(MONDAY + days(1))
    after = case_of(bus)
    entries = bus.ask("timeline", {"issue_id": ISSUE}, Role.SUPERVISOR, DISTRICT)["entries"]

    assert (before, after["case"]["unit_code"]) == (COMMUNITY, SUCCESSOR)
    assert [clock["due_at"] for clock in after["clocks"]] == due_at
    assert {clock["unit_code"] for clock in after["clocks"]} == {SUCCESSOR}
    assert [one["facts"] for one in entries if one["kind"] == "holder_replaced"] == [
        {"from_unit": COMMUNITY, "to_unit": SUCCESSOR}
    ]


def test_what_a_unit_that_was_split_held_and_nobody_placed_within_the_hour_goes_to_the_unit_above_both(bus):
    bus.hear(issue_raised())
    ends(bus, MONDAY, SUCCESSOR, OTHER)
    bus.move(MONDAY + hours(1))

    assert case_of(bus)["case"]["unit_code"] == STREET


def test_of_a_unit_that_was_split_the_part_holds_it_that_intake_names_with_the_same_clocks(bus):
    bus.hear(issue_raised())
    due_at = [clock["due_at"] for clock in case_of(bus)["clocks"]]
    ends(bus, MONDAY + days(1), SUCCESSOR, OTHER)
    bus.move(MONDAY + days(1))
    placed = IssuePlacedV1(issue_id=ISSUE, from_unit=COMMUNITY, to_unit=OTHER, placed_at=MONDAY + days(1))
    bus.hear(placed, times=2)
    bus.move(MONDAY + days(2))

    after = case_of(bus)
    assert (after["case"]["unit_code"], [clock["due_at"] for clock in after["clocks"]]) == (OTHER, due_at)
    assert {clock["unit_code"] for clock in after["clocks"]} == {OTHER}


def test_what_has_climbed_meanwhile_stays_where_it_is(bus):
    bus.hear(issue_raised())
    ends(bus, MONDAY + days(1), SUCCESSOR, OTHER)
    bus.move(MONDAY + days(2))
    bus.hear(IssuePlacedV1(issue_id=ISSUE, from_unit=COMMUNITY, to_unit=OTHER, placed_at=MONDAY + days(1)))

    assert case_of(bus)["case"]["unit_code"] == STREET


def test_news_that_still_name_the_unit_that_ended_count_for_its_successor(bus):
    bus.hear(issue_raised())
    ends(bus, MONDAY, SUCCESSOR)
    bus.move(MONDAY)
    bus.hear(task_signed_for(), issue_handled(MONDAY + days(1)))
    bus.clock.instant = MONDAY + days(2)
    bus.hear(issue_evaluated(Outcome.SOLVED, MONDAY + days(2)))

    closed = bus.told(told.IssueClosedV1)
    assert [(one.unit_code, one.outcome) for one in closed] == [(SUCCESSOR, "solved")]


def test_a_case_that_is_handled_waits_for_its_callers_at_the_successor(bus):
    bus.hear(issue_raised())
    bus.hear(issue_handled(MONDAY + hours(1)))
    ends(bus, MONDAY + hours(2), SUCCESSOR)
    bus.move(MONDAY + hours(2))

    assert {clock["state"] for clock in case_of(bus)["clocks"]} == {"paused"}


def test_an_issue_of_a_unit_that_has_ended_is_held_by_its_successor_from_the_first_moment_on(bus):
    ends(bus, MONDAY, SUCCESSOR)
    bus.hear(issue_raised())

    assert {one.unit_code for one in bus.told(told.ClockStartedV1)} == {SUCCESSOR}


def test_more_than_fit_at_once_leave_an_ended_unit_all_the_same(bus, monkeypatch):
    monkeypatch.setattr("services.supervision.use_cases.cases.MOST_AT_ONCE", 2)
    bus.hear(*(issue_raised(issue_id=f"I-{number}", order_no=str(number)) for number in range(5)))
    ends(bus, MONDAY, SUCCESSOR)
    bus.move(MONDAY)
    held = bus.ask("list_cases", {"unit_code": SUCCESSOR}, Role.SUPERVISOR, DISTRICT)["cases"]

    assert len(held) == 5


def test_a_community_climbs_to_the_street_in_which_it_lies_now(bus):
    bus.hear(issue_raised())
    change(bus, COMMUNITY, parent=OTHER_STREET)
    door = Bus(bus.engine, EscalationService, bus.clock)
    asked = {"issue_id": ISSUE, "from_unit": COMMUNITY, "reason": "over_duty", "explanation": "归口"}

    assert door.ask("preview", asked, Role.STREET_SYSTEM, OTHER_STREET)["to_unit"] == OTHER_STREET


def test_an_issue_that_comes_before_the_directory_waits_and_gets_its_case_then(untold):
    bus = Bus(untold, SupervisionService, MONDAY)
    bus.hear(issue_raised())
    before = (bus.told(), bus.inbox_statuses())
    tell(untold, *few_duties())
    bus.hear(DirectoryToldV1(unit_code=DISTRICT, entries=1, told_at=MONDAY), task_signed_for())

    assert before == ([], ["early"])
    assert bus.told() == ["clock_started.v1"] * 2


def test_a_unit_that_ended_before_the_directory_was_told_is_passed_over(untold):
    bus = Bus(untold, SupervisionService, MONDAY)
    ends(bus, MONDAY - days(1), SUCCESSOR)

    assert bus.move(MONDAY) == 1
    assert bus.told() == []
