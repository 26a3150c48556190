"""An order that was handled alone: its clock rests while its caller is asked, and the rest of its issue counts on."""

from dataclasses import replace
from datetime import datetime

import pytest

from services.supervision.domain.clock import ClockState
from services.supervision.service import EscalationService, SupervisionService
from shared.auth import Role
from shared.contracts.alarms import IncidentOpenedV1
from shared.contracts.dispatch import OrderHandledV1
from shared.contracts.evaluation import OrderEvaluatedV1
from shared.contracts.intake import ComplaintUnlinkedV1
from shared.contracts.supervision import (
    ClockBreachedV1,
    ClockCorrectedV1,
    ClockMetV1,
    IssueExtendedV1,
    IssuePendedV1,
)
from shared.contracts.vocabulary import ClockKind, Outcome, SlaClass
from tests.harness import Bus
from tests.supervision.builders import (
    COMMUNITY,
    ISSUE,
    MONDAY,
    STREET,
    complaint_linked,
    days,
    handling_failed,
    hours,
    issue_evaluated,
    issue_handled,
    issue_raised,
    redo_ordered,
    task_signed_for,
)
from tests.supervision.railway import RAILWAY
from tests.supervision.test_dispatches import again
from tests.supervision.test_reassignments import CORRECTED
from tests.supervision.world import A_PLAN, CLIMBING, STAYS, THEIR_LAND
from tests.told import few_duties, tell

FIRST, URGENT = "1001", "1002"
NOON = MONDAY + days(1)
DONE, DUE = NOON + hours(1), NOON + hours(2)
JOINS = replace(
    complaint_linked(order_no=URGENT),
    sla_class=SlaClass.EMERGENCY,
    dispatched_at=NOON,
    due_at=DUE,
    received_at=NOON,
    linked_at=NOON,
)


def alone(at: datetime = DONE) -> OrderHandledV1:
    return OrderHandledV1(
        order_no=URGENT, issue_id=ISSUE, task_id=f"{ISSUE}/T2", unit_code=COMMUNITY, result="已救出", handled_at=at
    )


def said(outcome: Outcome, at: datetime = DUE) -> OrderEvaluatedV1:
    return OrderEvaluatedV1(
        order_no=URGENT, issue_id=ISSUE, unit_code=COMMUNITY, outcome=outcome, handled_at=DONE, evaluated_at=at
    )


@pytest.fixture
def bus(engine):
    """A general issue that an emergency has joined."""
    made = Bus(engine, SupervisionService, MONDAY)
    made.hear(issue_raised(), complaint_linked())
    made.move(NOON)
    made.hear(JOINS)
    return made


def case(bus):
    return bus.ask("get_case", {"issue_id": ISSUE}, Role.SUPERVISOR)


def of_orders(bus):
    lines = case(bus)["clocks"]
    return {one["order_no"]: ClockState(one["state"]) for one in lines if one["kind"] == ClockKind.RESIDENT}


def states(bus):
    """Of the first order, the urgent one, and the holder."""
    (holder,) = [ClockState(one["state"]) for one in case(bus)["clocks"] if one["kind"] == ClockKind.TIER]
    return of_orders(bus)[FIRST], of_orders(bus)[URGENT], holder


def holder_due(bus):
    (due,) = [one["due_at"] for one in case(bus)["clocks"] if one["kind"] == ClockKind.TIER]
    return datetime.fromisoformat(due)


C, P = ClockState.COUNTING, ClockState.PAUSED


def test_handled_in_time_it_breaches_nothing_though_the_rest_goes_on(bus):
    bus.move(DONE)
    bus.hear(alone(), times=2)
    bus.move(MONDAY + days(6))

    assert states(bus) == (C, P, C)
    assert bus.told(ClockBreachedV1) == []


def test_the_holder_has_as_long_as_what_is_left_needs(engine):
    bus = Bus(engine, SupervisionService, MONDAY)
    bus.hear(issue_raised(), complaint_linked(), replace(JOINS, sla_class=SlaClass.GENERAL, due_at=NOON + days(9)))
    assert holder_due(bus) == NOON + days(9)
    bus.move(DONE)
    bus.hear(alone())

    assert holder_due(bus) == MONDAY + days(7)


def test_what_its_own_caller_says_ends_its_clock_and_the_urgency(bus):
    bus.move(DONE)
    bus.hear(alone())
    bus.move(DUE + hours(3))
    bus.hear(said(Outcome.SOLVED), times=2)

    assert states(bus) == (C, ClockState.MET, C)
    assert [one.order_no for one in bus.told(ClockMetV1)] == [URGENT]
    assert case(bus)["case"]["sla_class"] == "general"


def test_for_who_says_no_it_counts_on_from_where_it_stood(bus):
    bus.move(DONE)
    bus.hear(alone())
    bus.move(DUE)
    bus.hear(replace(redo_ordered(DUE), order_no=URGENT, order_nos=[URGENT], handled_at=DONE))

    assert states(bus) == (C, C, C)
    bus.move(DUE + hours(1) - hours(0.1))
    assert bus.told(ClockBreachedV1) == []
    bus.move(DUE + hours(1))
    assert [one.order_no for one in bus.told(ClockBreachedV1)] == [URGENT]


def test_where_its_issue_was_handled_meanwhile_a_no_still_lets_it_count_on(bus):
    bus.move(DONE)
    bus.hear(alone(), issue_handled(DONE + hours(0.5)))
    bus.move(DUE)
    bus.hear(replace(redo_ordered(DUE), order_no=URGENT, order_nos=[URGENT], handled_at=DONE))

    assert states(bus) == (P, C, C)


REDO = replace(redo_ordered(DUE), order_no=URGENT, order_nos=[URGENT], handled_at=DONE)


def test_a_no_of_one_caller_does_not_end_what_the_rest_waits_for(bus):
    tell(bus.engine, *few_duties(), RAILWAY)
    bus.move(DONE)
    about = THEIR_LAND | {"issue_id": ISSUE, "idempotency_key": "k1"}
    bus.ask("ask_organisation", about, Role.HANDLER, COMMUNITY)
    bus.hear(alone(), REDO)

    assert states(bus) == (C, C, P)


def test_a_no_that_crosses_a_climb_lets_it_count_on_and_is_no_act_of_the_new_holder(bus):
    bus.move(DONE)
    bus.hear(alone())
    escalation = Bus(bus.engine, EscalationService, bus.clock)
    bus.move(DUE)
    climbing = CLIMBING | {"issue_id": ISSUE, "reason": "over_level", "tried": "已上门", "idempotency_key": "k1"}
    bus.hear(task_signed_for())
    climbed = escalation.ask("escalate", climbing, Role.STREET_SYSTEM, COMMUNITY)
    bus.hear(replace(REDO, ordered_at=DUE - hours(0.1)))

    assert of_orders(bus) == {FIRST: C, URGENT: C}
    back = {"escalation_id": climbed["escalation_id"], "reason": "误报", "idempotency_key": "k2"}
    assert escalation.ask("withdraw", back, Role.STREET_SYSTEM, COMMUNITY)["case"]["unit_code"] == COMMUNITY


def test_a_no_heard_after_its_issue_was_handled_anew_changes_nothing(bus):
    bus.move(DONE)
    bus.hear(alone(), issue_handled(DONE + hours(0.5)))
    bus.move(DUE + hours(2))
    bus.hear(
        issue_handled(DUE + hours(1)), REDO, replace(REDO, order_nos=[URGENT, FIRST], handled_at=DONE + hours(0.5))
    )

    assert states(bus) == (P, P, P)
    bus.hear(issue_evaluated(Outcome.SOLVED, DUE + hours(1)))
    assert case(bus)["case"]["state"] == "closed"


def test_when_the_rest_fails_or_is_found_wanting_it_rests_on(bus):
    bus.move(DONE)
    bus.hear(alone(), handling_failed(DONE + hours(1)))
    assert states(bus) == (C, P, C)

    bus.hear(issue_handled(DONE + hours(2)))
    assert states(bus) == (P, P, P)
    bus.hear(replace(redo_ordered(DONE + hours(3)), order_nos=[FIRST]))
    assert states(bus) == (C, P, C)


def test_more_time_for_the_rest_does_not_put_off_what_its_caller_is_asked(bus):
    bus.move(DONE)
    bus.hear(alone())
    bus.move(DUE + hours(3))
    why = {"issue_id": ISSUE, "reason": "weather", "words": "连日降雨", "idempotency_key": "k1"}
    asked = bus.ask("ask_extension", why, Role.HANDLER, COMMUNITY)
    assert datetime.fromisoformat(asked["decide_by"]) > DUE + hours(3)
    decision = {"request_id": asked["request_id"], "grant": True, "reason": "同意", "idempotency_key": "k2"}
    bus.ask("decide_request", decision, Role.LEADER, STREET)

    (extended,) = bus.told(IssueExtendedV1)
    assert [one.order_no for one in extended.orders] == [FIRST]


def put_on_the_list(bus):
    tell(bus.engine, *few_duties(), RAILWAY)
    about = A_PLAN | {"issue_id": ISSUE, "idempotency_key": "k1"}
    asked = bus.ask("ask_pending", about, Role.HANDLER, COMMUNITY)
    decision = {"request_id": asked["request_id"], "grant": True, "reason": "同意", "idempotency_key": "k2"}
    bus.ask("decide_request", decision, Role.LEADER, "110105")


def test_an_interim_reply_for_the_rest_does_not_stand_for_its_answer(bus):
    bus.move(DONE)
    bus.hear(alone())
    put_on_the_list(bus)

    (pended,) = bus.told(IssuePendedV1)
    assert pended.order_nos == [FIRST]
    assert states(bus) == (ClockState.MET, P, P)


def come_off(bus):
    off = STAYS | {"issue_id": ISSUE, "stays": False, "idempotency_key": "k3"}
    bus.ask("review_pending", off, Role.LEADER, "110105", subject="somebody else")


def test_an_emergency_that_has_joined_is_not_put_off_with_the_rest(bus):
    put_on_the_list(bus)

    (pended,) = bus.told(IssuePendedV1)
    assert pended.order_nos == [FIRST]
    assert states(bus) == (ClockState.MET, C, P)


def test_handled_after_an_interim_reply_it_rests_when_the_rest_comes_off_the_list(bus):
    put_on_the_list(bus)
    bus.move(DONE)
    bus.hear(alone(), times=2)
    come_off(bus)

    assert states(bus) == (C, P, C)
    bus.hear(said(Outcome.SOLVED))
    assert states(bus) == (C, ClockState.MET, C)


def test_ended_by_its_caller_it_counts_no_more_when_the_rest_comes_off_the_list(bus):
    put_on_the_list(bus)
    bus.move(DONE)
    bus.hear(alone(), said(Outcome.SOLVED))
    come_off(bus)
    bus.move(DUE + days(1))

    assert states(bus) == (C, ClockState.MET, C)
    assert bus.told(ClockBreachedV1) == []


def test_judged_with_its_issue_it_ends_once(bus):
    bus.move(DONE)
    bus.hear(alone(), said(Outcome.SOLVED), issue_handled(DONE + hours(2)))
    bus.hear(issue_evaluated(Outcome.SOLVED, DONE + hours(3)))

    assert sorted(one.order_no for one in bus.told(ClockMetV1) if one.kind is ClockKind.RESIDENT) == [FIRST, URGENT]


def test_heard_too_late_its_breach_is_taken_back(bus):
    bus.move(DUE + hours(1))
    assert URGENT in {one.order_no for one in bus.told(ClockBreachedV1)}
    bus.hear(alone())

    (corrected,) = [one for one in bus.told(ClockCorrectedV1) if one.order_no == URGENT]
    assert "breach" in corrected.withdrawn
    assert states(bus)[1] is P


def test_heard_after_a_climb_that_only_its_limit_brought_about_the_holders_breach_is_taken_back_too(bus):
    gone = ComplaintUnlinkedV1(order_no=FIRST, issue_id=ISSUE, reason="撤回", unlinked_at=NOON, unlinked_by="hotline")
    bus.hear(gone)
    bus.move(DUE + hours(1))
    assert case(bus)["case"]["unit_code"] == STREET
    bus.hear(alone())

    corrected = {one.kind for one in bus.told(ClockCorrectedV1) if "breach" in one.withdrawn}
    assert corrected == {ClockKind.RESIDENT, ClockKind.TIER}
    assert case(bus)["case"]["unit_code"] == STREET


def test_a_breach_that_came_whatever_was_handled_alone_stays(bus):
    bus.move(MONDAY + days(7))
    bus.hear(alone())

    assert ClockKind.TIER not in {one.kind for one in bus.told(ClockCorrectedV1)}


def test_of_an_order_dispatched_again_since_nothing_rests_or_ends(bus):
    bus.move(DUE)
    since = {"dispatched_at": DUE, "due_at": DUE + hours(2), "redispatched_at": DUE}
    bus.hear(again(order_no=URGENT, to_unit=COMMUNITY, sla_class=SlaClass.EMERGENCY, **since), alone())
    bus.hear(said(Outcome.SOLVED))

    assert states(bus)[1] is C


def test_corrected_to_another_unit_it_counts_on_there(bus):
    bus.move(DONE)
    gone = ComplaintUnlinkedV1(order_no=FIRST, issue_id=ISSUE, reason="撤回", unlinked_at=DONE, unlinked_by="hotline")
    bus.hear(alone(), gone)
    urgency = {"from_class": SlaClass.EMERGENCY, "sla_class": SlaClass.EMERGENCY, "due_at": DUE}
    bus.hear(replace(CORRECTED, order_no=URGENT, corrected_at=DONE, **urgency))

    assert of_orders(bus)[URGENT] is C


def test_a_closed_case_is_not_touched_by_it(bus):
    bus.move(DONE)
    bus.hear(issue_handled(DONE), issue_evaluated(Outcome.SOLVED, DONE))
    before = len(bus.told(IncidentOpenedV1)), states(bus)
    bus.hear(alone(DONE + hours(1)), said(Outcome.UNSOLVED))

    assert (len(bus.told(IncidentOpenedV1)), states(bus)) == before
