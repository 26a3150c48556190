"""The pending list: an approved interim reply meets the orders' clocks, and somebody looks at it again on a day."""

from dataclasses import replace

import pytest

from services.supervision.domain.errors import NotPending
from services.supervision.service import EscalationService, SupervisionService
from shared.auth import Role
from shared.contracts import supervision as told
from shared.contracts.vocabulary import ClockKind, Outcome, SlaClass
from shared.errors import BadRequest, NotAllowed
from shared.requests.request import OwnRequest
from tests.harness import Bus
from tests.supervision.builders import (
    COMMUNITY,
    DISTRICT,
    ISSUE,
    MONDAY,
    OTHER_STREET,
    STREET,
    complaint_linked,
    days,
    handling_failed,
    issue_evaluated,
    issue_handled,
    issue_raised,
)
from tests.supervision.railway import RAILWAY
from tests.supervision.test_dispatches import again
from tests.supervision.test_reassignments import CORRECTED
from tests.supervision.world import A_PLAN, CLIMBING, STAYS
from tests.told import few_duties, tell

RESIDENT, TIER_1 = f"{ISSUE}/resident", f"{ISSUE}/tier-1"
REVIEW = MONDAY.replace(month=5, day=1, hour=16)
"""The end of 1 May in Shanghai."""


@pytest.fixture
def bus(engine):
    tell(engine, *few_duties(), RAILWAY)
    bus = Bus(engine, SupervisionService, MONDAY)
    bus.hear(issue_raised())
    return bus


def ask(bus, **more):
    about = A_PLAN | {"issue_id": ISSUE, "idempotency_key": "ask"} | more
    return bus.ask("ask_pending", about, Role.HANDLER, COMMUNITY)["request_id"]


def decide(bus, request_id, unit=DISTRICT, *, grant=True, subject=""):
    about = {"request_id": request_id, "grant": grant, "reason": "同意挂账", "idempotency_key": request_id}
    return bus.ask("decide_request", about, Role.LEADER, unit, subject=subject)


def review(bus, *, subject="", **more):
    about = STAYS | {"issue_id": ISSUE, "idempotency_key": "review"} | more
    return bus.ask("review_pending", about, Role.LEADER, DISTRICT, subject=subject)


def states(bus):
    return {
        one["clock_id"]: one["state"] for one in bus.ask("get_case", {"issue_id": ISSUE}, Role.SUPERVISOR)["clocks"]
    }


def listed(bus):
    return bus.ask("list_pending", {"unit_code": DISTRICT}, Role.CLERK, DISTRICT)["issues"]


def test_an_approved_interim_reply_meets_the_orders_clocks_and_the_list_says_all_about_it(bus):
    decide(bus, ask(bus))

    assert states(bus) == {RESIDENT: "met", TIER_1: "paused"}
    (one,) = listed(bus)
    assert bus.ask("get_case", {"issue_id": ISSUE}, Role.SUPERVISOR)["pending"] == one
    assert (one["issue_id"], one["plan"], one["owner_name"], one["approved_by"]) == (
        ISSUE,
        A_PLAN["plan"],
        RAILWAY.name,
        "leader-1",
    )
    assert (one["reason"], one["interim_reply"], one["review_at"]) == (
        "planning",
        A_PLAN["interim_reply"],
        REVIEW.isoformat(),
    )


def test_nine_months_later_it_is_done_and_nothing_was_breached(bus):
    decide(bus, ask(bus))
    for month, day in enumerate(("2026-07-25", "2026-10-20", "2027-01-15")):
        bus.move(bus.told(told.IssuePendedV1)[-1].review_at)
        review(bus, review_on=day, idempotency_key=str(month), subject="leader-2")
    done = MONDAY + days(270)
    bus.move(done)

    bus.hear(issue_handled(done), issue_evaluated(Outcome.SOLVED, done + days(1)))

    case = bus.ask("get_case", {"issue_id": ISSUE}, Role.SUPERVISOR)
    assert (case["case"]["state"], case["case"]["outcome"], case["case"]["unit_code"]) == (
        "closed",
        "solved",
        COMMUNITY,
    )
    assert (bus.told(told.ClockBreachedV1), listed(bus)) == ([], [])
    assert [one.reason for one in bus.told(told.IssueUnpendedV1)] == ["已办结"]


def test_who_asks_neither_approves_nor_reviews_and_a_street_approves_nothing_where_the_policy_names_the_district(bus):
    asked = ask(bus)
    with pytest.raises(NotAllowed, match=DISTRICT):
        decide(bus, asked, STREET)
    with pytest.raises(OwnRequest):
        decide(bus, asked, subject="handler-1")
    decide(bus, asked)

    with pytest.raises(OwnRequest):
        review(bus, subject="handler-1")


def test_refused_or_undecided_time_goes_on_as_it_was(bus):
    ask(bus)

    bus.move(MONDAY + days(7))

    assert [one.granted for one in bus.told(told.RequestDecidedV1)] == [False]
    assert [one.kind for one in bus.told(told.ClockBreachedV1)] == [ClockKind.RESIDENT, ClockKind.TIER]
    assert listed(bus) == []


def test_what_nobody_reviews_is_off_the_list_and_all_clocks_count_on_from_where_they_stood(bus):
    decide(bus, ask(bus))
    (waiting,) = _reviews(bus, at=REVIEW)
    assert waiting["calls"][-1] == "supervision.review_pending"

    bus.move(REVIEW + days(7))

    assert (states(bus), listed(bus)) == ({RESIDENT: "counting", TIER_1: "counting"}, [])
    assert bus.told(told.IssueUnpendedV1)[0].unpended_by == "supervision"
    bus.move(REVIEW + days(14))
    assert [one.kind for one in bus.told(told.ClockBreachedV1)] == [ClockKind.RESIDENT, ClockKind.TIER]


def test_whoever_reviews_it_may_take_it_off(bus):
    decide(bus, ask(bus))

    review(bus, stays=False, review_on="")

    assert (states(bus)[RESIDENT], listed(bus)) == ("counting", [])
    with pytest.raises(NotPending):
        review(bus, idempotency_key="again")


def test_who_joins_is_told_the_same_and_handling_that_fails_lets_no_clock_count(bus):
    decide(bus, ask(bus))

    bus.hear(complaint_linked(order_no="1002"), handling_failed(MONDAY + days(1)))

    assert states(bus) == {RESIDENT: "met", f"{RESIDENT}-2": "met", TIER_1: "paused"}
    assert [one.order_nos for one in bus.told(told.IssuePendedV1)] == [["1001"], ["1002"]]


def test_what_is_urgent_and_joins_is_not_answered_by_a_plan(bus):
    decide(bus, ask(bus))

    bus.hear(replace(complaint_linked(order_no="1002"), sla_class=SlaClass.UTILITIES))

    assert states(bus)[f"{RESIDENT}-2"] == "counting"
    assert len(bus.told(told.IssuePendedV1)) == 1


def test_whoever_holds_it_next_has_a_clock_that_rests_as_well(bus):
    decide(bus, ask(bus))
    door = Bus(bus.engine, EscalationService, bus.clock)

    climb = CLIMBING | {"issue_id": ISSUE, "idempotency_key": "climb"}
    door.ask("escalate", climb, Role.LEADER, COMMUNITY)

    assert states(bus) == {RESIDENT: "met", TIER_1: "ended", f"{ISSUE}/tier-2": "paused"}


def test_of_an_order_that_was_for_another_unit_the_right_one_is_told_the_same(bus):
    decide(bus, ask(bus))

    bus.hear(CORRECTED, times=2)

    (one,) = listed(bus)
    assert (one["unit_code"], states(bus)[RESIDENT]) == (OTHER_STREET, "met")
    said = [(event.unit_code, event.order_nos) for event in bus.told(told.IssuePendedV1)]
    assert said == [(COMMUNITY, ["1001"]), (OTHER_STREET, [])]


@pytest.mark.parametrize("said", [again(), again(to_unit=COMMUNITY), replace(CORRECTED, sla_class=SlaClass.EMERGENCY)])
def test_what_goes_out_again_or_is_found_urgent_is_answered_by_no_plan_and_off_the_list(bus, said):
    decide(bus, ask(bus))

    bus.hear(said, times=2)

    assert listed(bus) == []
    counting = [clock for clock, state in states(bus).items() if state in ("counting", "breached")]
    assert [clock.startswith(RESIDENT) for clock in counting] == [True, False]
    assert len(bus.told(told.IssueUnpendedV1)) == 1


@pytest.mark.parametrize(
    "day", ["2026-02-30", "2026-03-01", "2026-07-01", "soon"], ids=["none", "over", "far", "words"]
)
def test_the_day_of_review_must_be_one_and_not_far_away(bus, day):
    with pytest.raises(BadRequest, match="review_on"):
        ask(bus, review_on=day)


def test_the_owner_must_be_an_organisation(bus):
    with pytest.raises(BadRequest, match="owner"):
        ask(bus, owner="O-9")


def _reviews(bus, at):
    bus.move(at)
    waits = bus.ask("list_my_work", {}, Role.LEADER, DISTRICT)["waits"]
    return [one for one in waits if one["about"] == f"{ISSUE}/Q1"]
