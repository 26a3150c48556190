"""A corrected order: the right holder, the right limit, and no time begins anew."""

from dataclasses import replace

import pytest

from services.supervision.service import SupervisionService
from shared.auth import Role
from shared.contracts.intake import ComplaintCorrectedV1, IssueWithdrawnV1
from shared.contracts.supervision import ClockCorrectedV1, ClockMetV1, IssueClosedV1, IssueReassignedV1
from shared.contracts.vocabulary import Outcome, Route, SlaClass
from tests.harness import Bus
from tests.supervision.builders import COMMUNITY, ISSUE, MONDAY, OTHER_STREET, days, hours, issue_raised

CORRECTED = ComplaintCorrectedV1(
    order_no="1001",
    issue_id=ISSUE,
    from_unit=COMMUNITY,
    to_unit=OTHER_STREET,
    from_category="road",
    category="road",
    from_class=SlaClass.GENERAL,
    sla_class=SlaClass.GENERAL,
    title="道路 · 另一街道",
    route=Route.HANDLE,
    due_at=MONDAY + days(7),
    reason="属该街道",
    corrected_by="zhao",
    corrected_at=MONDAY + days(2),
)


@pytest.fixture
def bus(engine):
    made = Bus(engine, SupervisionService, MONDAY)
    made.hear(issue_raised())
    return made


def the_case(bus):
    return bus.ask("get_case", {"issue_id": ISSUE}, Role.SUPERVISOR)


def clock_of(bus, kind):
    return [one for one in the_case(bus)["clocks"] if one["kind"] == kind][-1]


def test_the_right_unit_holds_it_and_the_residents_clock_goes_on_as_it_was(bus):
    before = clock_of(bus, "resident")
    bus.move(MONDAY + days(2))

    bus.hear(CORRECTED, times=2)

    (told,) = bus.told(IssueReassignedV1)
    assert (told.from_unit, told.to_unit, told.reason, told.due_at) == (
        COMMUNITY,
        OTHER_STREET,
        "属该街道",
        MONDAY + days(7),
    )
    case, clock = the_case(bus)["case"], clock_of(bus, "resident")
    assert case["unit_code"] == OTHER_STREET
    assert (clock["started_at"], clock["due_at"], clock["unit_code"]) == (
        before["started_at"],
        before["due_at"],
        OTHER_STREET,
    )
    assert clock_of(bus, "tier")["unit_code"] == OTHER_STREET


def test_an_issue_that_began_as_it_is_said_to_be_moves_nowhere(bus):
    bus.hear(replace(CORRECTED, to_unit=COMMUNITY))

    assert bus.told(IssueReassignedV1) == []


def test_another_class_is_another_budget_from_the_start_and_the_holder_goes_on(bus):
    bus.hear(replace(CORRECTED, to_unit=COMMUNITY, sla_class=SlaClass.EMERGENCY, due_at=MONDAY + hours(2)))

    assert clock_of(bus, "resident")["due_at"] == (MONDAY + hours(2)).isoformat()
    assert bus.told(IssueReassignedV1)[0].due_at == MONDAY + hours(2)
    assert len([one for one in the_case(bus)["clocks"] if one["kind"] == "tier"]) == 1


def test_a_longer_limit_takes_back_what_the_clock_had_said_too_early(engine):
    bus = Bus(engine, SupervisionService, MONDAY)
    bus.hear(issue_raised(sla_class=SlaClass.EMERGENCY, due_at=MONDAY + hours(2)))
    bus.move(MONDAY + hours(3))
    assert clock_of(bus, "resident")["state"] == "breached"

    bus.hear(replace(CORRECTED, to_unit=COMMUNITY, from_class=SlaClass.EMERGENCY))

    assert bus.told(ClockCorrectedV1)[0].withdrawn == ["yellow", "red", "breach"]
    assert (clock_of(bus, "resident")["state"], clock_of(bus, "resident")["due_at"]) == (
        "counting",
        (MONDAY + days(7)).isoformat(),
    )


def test_an_issue_without_an_order_is_closed_as_withdrawn_and_met_nothing(bus):
    told = IssueWithdrawnV1(
        issue_id=ISSUE, unit_code=COMMUNITY, order_no="1001", reason="属法院", withdrawn_by="zhao", withdrawn_at=MONDAY
    )

    bus.hear(told, times=2)

    assert [one.outcome for one in bus.told(IssueClosedV1)] == [Outcome.WITHDRAWN]
    assert bus.told(ClockMetV1) == []


def test_who_held_it_by_mistake_reads_on_where_it_is_now_and_why(bus):
    bus.move(MONDAY + days(2))
    bus.hear(CORRECTED)

    seen = [bus.ask(method, {"issue_id": ISSUE}, Role.CLERK, COMMUNITY) for method in ("get_case", "timeline")]

    assert seen[0]["case"]["unit_code"] == OTHER_STREET
    (moved,) = [one for one in seen[1]["entries"] if one["kind"] == "issue_reassigned.v1"]
    assert (moved["facts"]["to_unit"], moved["facts"]["reason"]) == (OTHER_STREET, "属该街道")
