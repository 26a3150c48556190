"""Reasons to climb are held against what is known, up and down has a limit, and the district has a clock as well."""

from typing import Any

import pytest

from services.supervision.domain import errors
from services.supervision.service import EscalationService, SupervisionService
from shared.auth import Role
from shared.contracts import supervision as told
from shared.contracts.alarms import IncidentOpenedV1
from shared.contracts.vocabulary import IncidentKind, SessionKind
from shared.errors import BadRequest
from tests.harness import Bus
from tests.supervision.builders import (
    COMMUNITY,
    DISTRICT,
    GRID,
    ISSUE,
    MONDAY,
    OTHER_STREET,
    STREET,
    days,
    deliberation_failed,
    hours,
    issue_handled,
    issue_raised,
)


@pytest.fixture
def bus(engine):
    made = Bus(engine, SupervisionService, MONDAY)
    made.hear(issue_raised())
    return made


@pytest.fixture
def door(bus):
    return Bus(bus.engine, EscalationService, bus.clock)


KEYS = iter(range(10_000))


def escalate(door: Bus, reason: str = "over_duty", *, unit: str = COMMUNITY, **more: Any) -> Any:
    asked = {"issue_id": ISSUE, "from_unit": unit, "reason": reason, "explanation": "本级无法解决"} | more
    previewed = door.ask("preview", asked, Role.SUPERVISOR, DISTRICT)
    made = door.ask("escalate", asked | {"idempotency_key": f"k{next(KEYS)}"}, Role.SUPERVISOR, DISTRICT)
    assert previewed["to_unit"] == made["to_unit"]
    return made


def return_down(bus: Bus, unit: str = DISTRICT) -> Any:
    asked = {"issue_id": ISSUE, "reason": "属地办理", "idempotency_key": f"k{next(KEYS)}"}
    return bus.ask("return_down", asked, Role.SUPERVISOR, unit)


def work_of(bus: Bus) -> list[tuple[str, list[str]]]:
    waits = bus.ask("list_my_work", {}, Role.SUPERVISOR, DISTRICT)["waits"]
    return [(one["about"], one["calls"]) for one in waits]


def test_units_concerned_that_do_not_exist_are_named(door):
    with pytest.raises(BadRequest) as refused:
        escalate(door, "cross_area", units_concerned=["110105999", OTHER_STREET])
    assert refused.value.fields == {"units_concerned": ["Not in the directory: 110105999."]}


@pytest.mark.parametrize("also", [[], [COMMUNITY], [GRID], [STREET], [DISTRICT]])
def test_across_areas_needs_a_second_area(door, also):
    with pytest.raises(errors.NoSecondArea, match="units_concerned"):
        escalate(door, "cross_area", units_concerned=also)


def test_a_second_area_is_one_outside_the_holder(door):
    assert escalate(door, "cross_area", units_concerned=[OTHER_STREET])["to_unit"] == DISTRICT


def test_what_the_duty_list_lets_a_unit_lead_is_not_over_its_duty(bus, door):
    escalate(door)

    with pytest.raises(errors.WithinDuty, match="over_level"):
        escalate(door, unit=STREET)


def test_over_the_level_says_what_was_tried_and_the_next_holder_reads_it(bus, door):
    escalate(door)
    with pytest.raises(BadRequest) as refused:
        escalate(door, "over_level", unit=STREET)
    escalate(door, "over_level", unit=STREET, tried="管网抢修三次,仍然漏水")

    assert list(refused.value.fields) == ["tried"]
    assert bus.told(told.IssueEscalatedV1)[-1].tried == "管网抢修三次,仍然漏水"
    lines = bus.ask("get_case", {"issue_id": ISSUE}, Role.SUPERVISOR, DISTRICT)["escalations"]
    assert [one["tried"] for one in lines] == ["", "管网抢修三次,仍然漏水"]


def up_and_down_twice(bus: Bus, door: Bus) -> None:
    for _ in range(2):
        assert escalate(door)["to_unit"] == STREET
        return_down(bus, STREET)


def test_what_went_up_and_down_as_often_as_the_policy_allows_goes_to_the_district_which_decides(bus, door):
    up_and_down_twice(bus, door)
    assert escalate(door)["to_unit"] == DISTRICT
    (incident,) = bus.told(IncidentOpenedV1)
    listed = dict(work_of(bus))[incident.incident_id]

    return_down(bus)

    assert (incident.kind, incident.unit_code) == (IncidentKind.DISPUTED, DISTRICT)
    assert "supervision.return_down" in listed
    assert incident.incident_id not in dict(work_of(bus))
    with pytest.raises(errors.DistrictDecided, match=COMMUNITY):
        escalate(door)
    bus.move(bus.clock.now() + days(15))
    assert bus.told(told.IssueEscalatedV1)[-1].to_unit == STREET


def test_below_the_district_nobody_sends_back_once_more(bus, door):
    up_and_down_twice(bus, door)
    bus.move(bus.clock.now() + days(15))

    with pytest.raises(errors.SentBackTooOften, match="district decides"):
        return_down(bus, STREET)


def test_when_the_districts_own_time_is_over_there_is_an_incident_on_its_list_until_it_is_settled_with_a_reason(engine):
    bus = Bus(engine, SupervisionService, MONDAY)
    bus.hear(issue_raised(unit_code=DISTRICT))
    bus.move(MONDAY + days(7))
    bus.move(MONDAY + days(60))
    (incident,) = bus.told(IncidentOpenedV1)
    before = dict(work_of(bus))

    settled = {"incident_id": incident.incident_id, "decision": "noted", "reason": "管线迁改需市级立项"}
    case = bus.ask("settle_incident", settled | {"idempotency_key": "k"}, Role.SUPERVISOR, DISTRICT)

    assert (incident.kind, incident.unit_code, incident.opened_at) == ("overdue", DISTRICT, MONDAY + days(7))
    assert before[incident.incident_id] == ["supervision.get_case", "supervision.settle_incident"]
    assert incident.incident_id not in dict(work_of(bus))
    assert [one["remark"] for one in case["incidents"]] == ["管线迁改需市级立项"]


def test_what_the_district_handled_in_time_and_is_heard_of_late_ends_the_incident(engine):
    bus = Bus(engine, SupervisionService, MONDAY)
    bus.hear(issue_raised(unit_code=DISTRICT, due_at=MONDAY + days(30)))
    bus.move(MONDAY + days(15))
    bus.hear(issue_handled(MONDAY + days(15) - hours(1), DISTRICT))

    assert work_of(bus) == []


def ask_for_consent(bus: Bus, *, grant: bool) -> None:
    asked = {"issue_id": ISSUE, "reason": "general", "words": "各小区均可参照", "idempotency_key": "a"}
    request_id = bus.ask("ask_demonstration", asked, Role.LEADER, COMMUNITY)["request_id"]
    decided = {"request_id": request_id, "grant": grant, "reason": "经研究", "idempotency_key": "d"}
    bus.ask("decide_request", decided, Role.SUPERVISOR, DISTRICT)


def test_a_demonstration_climbs_with_the_districts_consent_alone(bus, door):
    with pytest.raises(errors.ConsentMissing, match="ask_demonstration"):
        escalate(door, "demonstration")

    ask_for_consent(bus, grant=True)

    assert escalate(door, "demonstration")["to_unit"] == STREET


def test_what_the_district_refuses_or_leaves_undecided_is_no_demonstration(bus, door):
    ask_for_consent(bus, grant=False)
    again = {"issue_id": ISSUE, "reason": "guiding", "words": "可供参照", "idempotency_key": "b"}
    bus.ask("ask_demonstration", again, Role.LEADER, COMMUNITY)
    bus.move(MONDAY + days(3))

    assert [(one.granted, one.is_default) for one in bus.told(told.RequestDecidedV1)] == [(False, False), (False, True)]
    with pytest.raises(errors.ConsentMissing):
        escalate(door, "demonstration")


def test_while_there_is_time_nobody_says_that_it_is_unresolved_but_by_the_meetings_that_failed(bus, door):
    with pytest.raises(errors.StillInTime, match="over_level"):
        escalate(door, "unresolved")
    bus.hear(deliberation_failed(SessionKind.ORDINARY))
    with pytest.raises(errors.StillInTime, match="1 meetings"):
        escalate(door, "unresolved")
    bus.hear(deliberation_failed(SessionKind.ORDINARY, failures=2))

    assert escalate(door, "unresolved")["to_unit"] == STREET
    with pytest.raises(errors.StillInTime, match="0 meetings"):
        escalate(door, "unresolved", unit=STREET)


def test_an_incident_on_a_list_says_what_happened(engine):
    bus = Bus(engine, SupervisionService, MONDAY)
    bus.hear(issue_raised(unit_code=DISTRICT))
    bus.move(MONDAY + days(15))

    (incident,) = bus.told(IncidentOpenedV1)
    (row,) = [one for one in bus.ask("list_my_work", {}, Role.SUPERVISOR, DISTRICT)["waits"] if "B" in one["about"]]
    assert (row["about"], row["title"].endswith(incident.reason)) == (incident.incident_id, True)
