"""Supervision and the door for street systems as the bus drives them: an issue's life by events, timers and calls."""

import pytest

from services.supervision.domain.errors import NotWithdrawable
from services.supervision.service import EscalationService, SupervisionService
from shared.auth import Role
from shared.contracts import supervision as said
from shared.contracts.alarms import IncidentOpenedV1, LookBackDueV1, SupervisionOrderedV1
from shared.contracts.deliberation import MinutesOverdueV1, MinutesSignedV1
from shared.contracts.flow import LISTENERS
from shared.contracts.vocabulary import Outcome, WarningLevel
from tests.harness import Bus, entrances, heard_by
from tests.supervision.builders import (
    COMMUNITY,
    DISTRICT,
    ISSUE,
    MONDAY,
    STREET,
    days,
    hours,
    issue_evaluated,
    issue_handled,
    issue_raised,
    redo_ordered,
    session_scheduled,
    task_signed_for,
)

RESIDENT, TIER_1, TIER_2 = f"{ISSUE}/resident", f"{ISSUE}/tier-1", f"{ISSUE}/tier-2"


@pytest.fixture
def bus(engine):
    return Bus(engine, SupervisionService, MONDAY)


@pytest.fixture
def door(bus):
    """What street systems call: another process on the same database."""
    return Bus(bus.engine, EscalationService, bus.clock)


def ask(bus, method, role=Role.SUPERVISOR, unit=STREET, **request):
    return bus.ask(method, {"idempotency_key": method} | request, role, unit)


def the_case(bus):
    return bus.ask("get_case", {"issue_id": ISSUE}, Role.SUPERVISOR)


def minutes_overdue(session_id, state):
    of = {"issue_id": ISSUE, "session_id": session_id, "unit_code": COMMUNITY}
    return MinutesOverdueV1(**of, state=state, due_at=MONDAY, told_at=MONDAY)


def minutes_signed(session_id):
    by = {"chair": "leader", "clerk": "handler", "head_hash": "0" * 64}
    return MinutesSignedV1(issue_id=ISSUE, session_id=session_id, **by, signed_at=MONDAY)


def test_minutes_that_nobody_signs_are_on_the_list_of_incidents_until_both_have(bus):
    bus.hear(issue_raised(), minutes_overdue(f"{ISSUE}/S1", "draft"), minutes_overdue(f"{ISSUE}/S2", "circulated"))
    bus.hear(minutes_overdue(f"{ISSUE}/S1", "circulated"), minutes_signed(f"{ISSUE}/S1"))

    opened = bus.told(IncidentOpenedV1)
    assert [(one.kind, one.about) for one in opened] == [("unsigned", f"{ISSUE}/S1"), ("unsigned", f"{ISSUE}/S2")]
    (waiting,) = bus.ask("list_my_work", {}, Role.SUPERVISOR, COMMUNITY)["waits"]
    assert (waiting["about"], waiting["calls"]) == (
        opened[1].incident_id,
        ["supervision.get_case", "supervision.settle_incident"],
    )
    noted = {"incident_id": waiting["about"], "decision": "noted", "reason": "记录员调离"}
    ask(bus, "settle_incident", unit=COMMUNITY, **noted)
    assert bus.ask("list_my_work", {}, Role.SUPERVISOR, COMMUNITY)["waits"] == []


def climb(door):
    about = {"issue_id": ISSUE, "from_unit": COMMUNITY, "reason": "over_duty", "explanation": "归口区级部门"}
    return ask(door, "escalate", Role.STREET_SYSTEM, **about)


def test_it_listens_to_exactly_what_the_contracts_say():
    heard = heard_by(SupervisionService)

    assert len(heard) == len(set(heard))
    assert set(heard) == set(LISTENERS["supervision"])


def test_street_systems_can_ask_for_exactly_the_four_things():
    asked = {method.__name__ for method, _ in entrances(EscalationService, object)}

    assert asked == {"escalate", "preview", "status", "withdraw"}
    assert all(Role.STREET_SYSTEM in getattr(EscalationService, name).roles for name in asked)


def test_what_the_door_announces_the_service_behind_it_publishes():
    assert EscalationService.work.relay is None
    assert SupervisionService.work.relay is not None


def test_a_street_system_changes_no_clock_and_settles_nothing():
    for name in ("pause_clock", "resume_clock", "decide_request", "record_look_back", "return_down", "settle_incident"):
        assert Role.STREET_SYSTEM not in getattr(SupervisionService, name).roles


def test_an_issue_that_is_solved_closes_is_looked_back_at_and_comes_back_a_tier_higher(bus):
    bus.hear(issue_raised(), task_signed_for(), issue_handled(MONDAY + days(2)), times=2)
    bus.move(MONDAY + days(7))
    bus.hear(issue_evaluated(Outcome.SOLVED, MONDAY + days(7)), times=2)
    fired = bus.move(MONDAY + days(40))
    case = ask(bus, "record_look_back", issue_id=ISSUE, relapsed=True, remark="又堆了")

    assert fired == 1
    assert bus.told() == [
        *("clock_started.v1", "clock_started.v1", "clock_paused.v1", "clock_paused.v1"),
        *("clock_met.v1", "clock_met.v1", "issue_closed.v1", "look_back_due.v1"),
        *("clock_started.v1", "issue_reopened.v1"),
    ]
    assert (case["case"]["unit_code"], case["case"]["state"], case["case"]["relapses"]) == (STREET, "open", 1)
    assert [one["has_relapsed"] for one in case["look_backs"]] == [True, None, None]
    bus.move(MONDAY + days(200))
    assert len(bus.told(LookBackDueV1)) == 1, "the others were dropped"


def test_an_issue_that_nobody_solves_is_warned_of_and_climbs_to_the_district(bus):
    bus.hear(issue_raised())
    for day in range(100):
        bus.move(MONDAY + days(day))
    climbs, warnings = bus.told(said.IssueEscalatedV1), bus.told(said.ClockWarnedV1)

    assert [(one.to_unit, one.escalated_at) for one in climbs] == [
        (STREET, MONDAY + days(7)),
        (DISTRICT, MONDAY + days(37)),
    ]
    both = [one.level for one in warnings if one.warned_at <= MONDAY + days(7)]
    assert both == [WarningLevel.YELLOW] * 2 + [WarningLevel.RED] * 2, "of the order and of its holder"
    assert [one.level for one in warnings[4:]] == [WarningLevel.YELLOW, WarningLevel.RED] * 2
    assert [one.clock_id for one in bus.told(said.ClockBreachedV1)] == [RESIDENT, TIER_1, TIER_2, f"{ISSUE}/tier-3"]
    assert [one.ordered_at for one in bus.told(SupervisionOrderedV1)] == [MONDAY + days(14)]


def test_an_incident_that_the_district_settles_ends_the_case_in_public(bus):
    bus.hear(issue_raised(unit_code=DISTRICT), issue_handled(MONDAY + days(2), DISTRICT))
    bus.hear(issue_evaluated(Outcome.UNSOLVED, MONDAY + days(3), DISTRICT), times=2)
    (incident,) = bus.told(IncidentOpenedV1)
    unsettled = the_case(bus)
    decision = {"incident_id": incident.incident_id, "decision": "close_unsolved", "reason": "无法解决"}
    case = ask(bus, "settle_incident", unit=DISTRICT, **decision)

    assert (case["case"]["state"], case["case"]["outcome"]) == ("closed", "unsolved")
    assert [one["incidents"][0]["decision"] for one in (unsettled, case)] == ["", "close_unsolved"]
    assert [one.outcome for one in bus.told(said.IssueClosedV1)] == [Outcome.UNSOLVED]


def test_an_escalation_is_seen_before_made_and_taken_back_through_the_door(bus, door):
    bus.hear(issue_raised())
    about = {"issue_id": ISSUE, "from_unit": COMMUNITY, "reason": "over_duty"}
    seen = door.ask("preview", about, Role.STREET_SYSTEM, STREET)
    before = bus.told(said.IssueEscalatedV1)
    made = climb(door)
    back = ask(door, "withdraw", Role.STREET_SYSTEM, escalation_id=made["escalation_id"], reason="有误")

    assert (seen["to_unit"], before) == (made["to_unit"], []) == (STREET, [])
    assert [one.to_unit for one in bus.told(said.IssueReturnedDownV1)] == [COMMUNITY]
    assert back["escalations"][0]["withdrawn_at"] is not None
    assert door.ask("status", {"issue_id": ISSUE}, Role.STREET_SYSTEM, STREET) == the_case(bus) == back


def test_an_escalation_is_not_taken_back_once_the_next_holder_has_begun(bus, door):
    bus.hear(issue_raised())
    made = climb(door)
    bus.hear(task_signed_for(STREET))

    with pytest.raises(NotWithdrawable):
        ask(door, "withdraw", Role.STREET_SYSTEM, escalation_id=made["escalation_id"], reason="有误")
    down = ask(bus, "return_down", Role.LEADER, issue_id=ISSUE, reason="社区可以解决")
    assert (down["case"]["unit_code"], bus.told()[-1]) == (COMMUNITY, "issue_returned_down.v1")


def test_a_clock_on_hold_does_not_ring_and_one_that_was_extended_rings_later(bus):
    bus.hear(issue_raised())
    ask(bus, "pause_clock", clock_id=RESIDENT, reason="等待鉴定")
    bus.move(MONDAY + days(10))
    silent = bus.told(said.ClockWarnedV1)
    ask(bus, "resume_clock", clock_id=RESIDENT)
    more = {"issue_id": ISSUE, "reason": "complex_work", "words": "工程量大"}
    asked = bus.ask("ask_extension", more | {"idempotency_key": "more"}, Role.HANDLER, COMMUNITY)
    ask(bus, "decide_request", Role.LEADER, request_id=asked["request_id"], grant=True, reason="同意")
    bus.move(MONDAY + days(23))
    words = bus.ask("explain_clock", {"clock_id": RESIDENT}, Role.CLERK, COMMUNITY)["words"]

    assert silent == []
    assert RESIDENT not in [one.clock_id for one in bus.told(said.ClockBreachedV1)]
    assert bus.move(MONDAY + days(24)) > 0
    assert RESIDENT in [one.clock_id for one in bus.told(said.ClockBreachedV1)]
    assert len(words) >= 4, words


@pytest.mark.parametrize(
    "early",
    [
        issue_handled(MONDAY + hours(5)),
        redo_ordered(MONDAY + hours(5)),
        issue_evaluated(Outcome.SOLVED, MONDAY + hours(5)),
        session_scheduled(MONDAY + days(20)),
    ],
    ids=lambda event: event.wire_type,
)
def test_what_comes_before_its_issue_waits_for_it_and_is_in_its_timeline(bus, early):
    bus.hear(early)
    before = (bus.inbox_statuses(), bus.told())
    bus.hear(issue_raised(), issue_handled(MONDAY + hours(4)))
    kinds = [one["kind"] for one in bus.ask("timeline", {"issue_id": ISSUE}, Role.SUPERVISOR)["entries"]]

    assert before == (["early"], [])
    assert set(bus.inbox_statuses()) == {"handled"}
    assert early.wire_type in kinds


def test_a_whole_night_of_issues_is_opened_and_rung_for_in_batches(bus):
    bus.hear(*(issue_raised(issue_id=f"I-{number:03}", order_no=str(number)) for number in range(60)))
    fired = bus.move(MONDAY + days(6))

    assert fired == 120, "of the order and of its holder"
    assert bus.told().count("clock_warned.v1") == 120
    assert len(bus.ask("list_cases", {"unit_code": STREET}, Role.CLERK, STREET)["cases"]) == 60


def test_a_climb_that_handling_in_time_proves_wrong_is_undone_and_told_once(bus):
    bus.hear(issue_raised())
    bus.move(MONDAY + days(8))
    bus.hear(issue_handled(MONDAY + days(6)), times=2)
    bus.hear(issue_evaluated(Outcome.SOLVED, MONDAY + days(9)))

    assert [one.to_unit for one in bus.told(said.EscalationUndoneV1)] == [COMMUNITY]
    assert [one.clock_id for one in bus.told(said.ClockCorrectedV1)] == [TIER_1, RESIDENT]
    assert [one.unit_code for one in bus.told(said.IssueClosedV1)] == [COMMUNITY]
    assert the_case(bus)["case"]["unit_code"] == COMMUNITY
