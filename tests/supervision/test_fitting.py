"""A holder has the policy's time of its tier, and no longer than the latest limit of its orders."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.supervision.domain.clock import ClockState
from services.supervision.service import SupervisionService
from services.supervision.use_cases import events, orders
from shared.auth import Role
from shared.contracts import supervision as told
from shared.contracts.intake import ComplaintUnlinkedV1
from shared.contracts.vocabulary import ClockKind, IssueOrigin, SlaClass
from tests.fakes import a_moment
from tests.harness import Bus
from tests.supervision.builders import (
    COMMUNITY,
    GRID,
    ISSUE,
    MONDAY,
    STREET,
    complaint_linked,
    days,
    hours,
    issue_handled,
    issue_raised,
    redo_ordered,
    resolution_adopted,
    session_scheduled,
)
from tests.supervision.fakes import a_work
from tests.supervision.railway import RAILWAY
from tests.supervision.test_corrections import ring
from tests.supervision.test_dispatches import again
from tests.supervision.world import A_PLAN, MORE_TIME, THEIR_ANSWER, THEIR_LAND
from tests.told import tell

RESIDENT, TIER_1, TIER_2 = f"{ISSUE}/resident", f"{ISSUE}/tier-1", f"{ISSUE}/tier-2"
COMMUNITY_TIME = days(15)


@pytest.fixture
def bus(engine):
    """An issue of one order of seven days, held by a community, which has fifteen by the policy."""
    made = Bus(engine, SupervisionService, MONDAY)
    tell(made.engine, RAILWAY)
    made.hear(issue_raised())
    return made


def joins(order_no, on_day, limit, sla_class=SlaClass.GENERAL):
    begins = MONDAY + days(on_day)
    link = complaint_linked(order_no=order_no)
    return replace(link, dispatched_at=begins, linked_at=begins, due_at=begins + limit, sla_class=sla_class)


def leaves(order_no, on_day):
    at = MONDAY + days(on_day)
    return ComplaintUnlinkedV1(order_no=order_no, issue_id=ISSUE, reason="另一件事", unlinked_at=at, unlinked_by="zhao")


def hear(bus, on_day, *heard):
    bus.move(MONDAY + days(on_day))
    bus.hear(*heard, times=2)


def holding(bus, clock_id=TIER_1):
    lines = bus.ask("get_case", {"issue_id": ISSUE}, Role.SUPERVISOR)["clocks"]
    return next(one for one in lines if one["clock_id"] == clock_id)


def due_on(bus, clock_id=TIER_1):
    """Of the holder's clock, in days since Monday."""
    return (timedelta(0) + (_instant(holding(bus, clock_id)["due_at"]) - MONDAY)) / days(1)


def _instant(text):
    return type(MONDAY).fromisoformat(text)


def call(bus, method, role, unit=COMMUNITY, **about):
    return bus.ask(method, about | {"idempotency_key": method}, role, unit)


def test_a_longer_order_that_joins_gives_the_holder_its_limit_up_to_the_policys_days(bus):
    hear(bus, 3, joins("1002", 3, days(7)))
    assert due_on(bus) == 10

    hear(bus, 4, joins("1003", 4, days(15)))

    assert due_on(bus) == 15
    fitted = [(one.due_at, one.order_no, one.reason) for one in bus.told(told.ClockFittedV1)]
    assert fitted == [(MONDAY + days(10), "1002", "工单并入"), (MONDAY + days(15), "1003", "工单并入")]
    kinds = [one["kind"] for one in bus.ask("timeline", {"issue_id": ISSUE}, Role.SUPERVISOR)["entries"]]
    assert kinds.count("clock_fitted.v1") == 2


def test_a_shorter_one_changes_nothing(bus):
    hear(bus, 3, joins("1002", 3, hours(2), SlaClass.EMERGENCY))

    assert (due_on(bus), bus.told(told.ClockFittedV1)) == (7, [])


def test_a_grid_has_seven_days_however_long_its_orders_have(engine):
    bus = Bus(engine, SupervisionService, MONDAY)
    bus.hear(issue_raised(unit_code=GRID, due_at=MONDAY + days(15)))

    assert due_on(bus) == 7


def test_when_the_longest_leaves_the_others_bind_again(bus):
    hear(bus, 3, joins("1002", 3, days(7)))
    hear(bus, 4, leaves("1002", 4))

    assert due_on(bus) == 7
    assert [one.due_at for one in bus.told(told.ClockFittedV1)] == [MONDAY + days(10), MONDAY + days(7)]


def test_a_limit_that_lies_in_the_past_then_is_over_at_that_instant_and_never_earlier(bus):
    hear(bus, 3, joins("1002", 3, days(7)))
    hear(bus, 8, leaves("1002", 8))
    assert due_on(bus) == 8

    bus.move(MONDAY + days(8))

    breach = next(one for one in bus.told(told.ClockBreachedV1) if one.kind is ClockKind.TIER)
    assert (breach.clock_id, breach.due_at, breach.breached_at) == (TIER_1, MONDAY + days(8), MONDAY + days(8))
    assert [one.to_unit for one in bus.told(told.IssueEscalatedV1)] == [STREET]


def test_where_no_order_is_left_the_policys_days_hold(bus):
    hear(bus, 2, leaves("1001", 2))

    assert due_on(bus) == 15


def test_an_issue_without_orders_has_the_policys_days(engine):
    bus = Bus(engine, SupervisionService, MONDAY)
    bus.hear(issue_raised(order_no="", origin=IssueOrigin.DEPUTY))

    assert due_on(bus) == 15


def test_an_order_that_is_over_before_it_joins_binds_nobody(engine):
    bus = Bus(engine, SupervisionService, MONDAY)
    bus.hear(issue_raised(order_no="", origin=IssueOrigin.DEPUTY))

    hear(bus, 9, replace(joins("1002", 1, days(7)), linked_at=MONDAY + days(9)))

    assert due_on(bus) == 15


def test_an_interim_reply_meets_the_order_and_leaves_the_policys_days(bus):
    request_id = call(bus, "ask_pending", Role.HANDLER, **A_PLAN, issue_id=ISSUE)["request_id"]
    call(bus, "decide_request", Role.LEADER, "110105", request_id=request_id, grant=True, reason="同意")
    assert holding(bus)["state"] == "paused"
    bus.move(MONDAY + days(10))

    bus.hear(replace(joins("1002", 10, hours(24), SlaClass.UTILITIES)))
    hear(bus, 10.5, leaves("1002", 10.5))

    assert due_on(bus) == 15, "it rests, and counts on from there"


def test_off_the_list_the_order_counts_on_and_binds_again(bus):
    request_id = call(bus, "ask_pending", Role.HANDLER, **A_PLAN, issue_id=ISSUE)["request_id"]
    call(bus, "decide_request", Role.LEADER, "110105", request_id=request_id, grant=True, reason="同意")
    bus.move(MONDAY + days(10))

    off = {"issue_id": ISSUE, "stays": False, "review_on": "", "words": "已具备条件"}
    call(bus, "review_pending", Role.LEADER, "110105", **off)

    assert due_on(bus) == 17


def test_an_extension_moves_order_and_holder_by_one_decision(bus):
    request_id = call(bus, "ask_extension", Role.HANDLER, **MORE_TIME, issue_id=ISSUE)["request_id"]
    call(bus, "decide_request", Role.LEADER, STREET, request_id=request_id, grant=True, reason="属实")

    assert (due_on(bus, RESIDENT), due_on(bus)) == (14, 14)
    extended = [(one.clock_id, one.due_at) for one in bus.told(told.ClockExtendedV1)]
    assert extended == [(RESIDENT, MONDAY + days(14)), (TIER_1, MONDAY + days(14))]


def test_an_order_that_goes_out_again_binds_by_its_new_limit(bus):
    hear(bus, 2, again(to_unit=COMMUNITY, dispatched_at=MONDAY + days(2), due_at=MONDAY + days(12)))

    assert due_on(bus) == 12
    assert [(one.order_no, one.reason) for one in bus.told(told.ClockFittedV1)] == [("1001", "重新派单")]


def test_a_called_session_comes_before_any_limit(bus):
    hear(bus, 3, session_scheduled(MONDAY + days(9)))
    assert due_on(bus) == 10

    bus.move(MONDAY + days(8))

    assert [one.kind for one in bus.told(told.ClockBreachedV1)] == [ClockKind.RESIDENT]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (2, 0, 1)])
def test_what_joins_leaves_and_is_waited_for_comes_to_the_same_in_any_order(bus, order):
    heard = [joins("1002", 1, days(10)), replace(session_scheduled(MONDAY + days(8))), joins("1003", 2, days(4))]

    bus.hear(*(heard[one] for one in order))
    bus.hear(leaves("1002", 3))

    assert due_on(bus) == 9


def test_while_the_holder_alone_waits_its_bound_waits_with_it(bus):
    bus.move(MONDAY + days(1))
    asked = call(bus, "ask_organisation", Role.HANDLER, **THEIR_LAND, issue_id=ISSUE)["request_id"]
    bus.move(MONDAY + days(4))

    call(bus, "record_answer", Role.CLERK, request_id=asked, **THEIR_ANSWER)

    assert due_on(bus) == 7 + 3


def test_while_the_order_alone_rests_it_binds_nobody_and_afterwards_as_much_later(bus):
    pause = {"clock_id": RESIDENT, "reason": "等待鉴定"}
    call(bus, "pause_clock", Role.SUPERVISOR, STREET, **pause)
    assert due_on(bus) == 15
    bus.move(MONDAY + days(3))

    call(bus, "resume_clock", Role.SUPERVISOR, STREET, clock_id=RESIDENT)

    assert (due_on(bus, RESIDENT), due_on(bus)) == (10, 10)


def test_after_a_redo_only_the_orders_it_is_for_bind(bus):
    hear(bus, 1, joins("1002", 1, days(10)))
    hear(bus, 2, issue_handled(MONDAY + days(2)))
    hear(bus, 4, redo_ordered(MONDAY + days(4)))

    assert due_on(bus) == 7 + 2


def test_whoever_has_it_next_has_the_rest_and_the_first_contact_at_least(bus):
    bus.move(MONDAY + days(6.5))
    work = a_work()
    events.open_case(work, issue_raised(unit_code=GRID, due_at=MONDAY + days(7.25)), a_moment(MONDAY))

    ring(work, TIER_1, MONDAY + days(7))

    assert work.clocks.find(TIER_2).due_at == MONDAY + days(8), "a day, though the order has six hours"


def test_what_is_breached_before_it_comes_binds_nobody():
    work = a_work()
    events.open_case(work, issue_raised(unit_code=GRID), a_moment(MONDAY))

    ring(work, TIER_1, MONDAY + days(7))

    assert work.clocks.find(TIER_2).due_at == MONDAY + days(7) + COMMUNITY_TIME
    breached = [(one.kind, one.unit_code) for one in work.outbox.of(told.ClockBreachedV1)]
    assert breached == [(ClockKind.TIER, GRID), (ClockKind.RESIDENT, GRID)], "each to who had it"


LIMITS = {"1002": days(3), "1003": days(9), "1004": days(15)}


@settings(deadline=None, max_examples=80)
@given(
    story=st.permutations(["1002", "1003", "1004", "session", "resolution"]),
    gone=st.sets(st.sampled_from(["1002", "1003", "1004"])),
    session=st.integers(1, 20),
)
def test_in_any_order_of_events_it_is_due_as_the_rule_says(story, gone, session):
    work, now = a_work(), MONDAY + hours(3)
    events.open_case(work, issue_raised(), a_moment(MONDAY))
    for one in story:
        if one == "session":
            events.wait_for_session(work, session_scheduled(MONDAY + days(session)), a_moment(now))
        elif one == "resolution":
            events.carry_out_resolution(work, resolution_adopted(MONDAY + days(2)), a_moment(now))
        else:
            orders.follow_link(work, joins(one, 0.1, LIMITS[one]), a_moment(now))
    for one in sorted(gone, key=story.index):
        orders.follow_unlink(work, leaves(one, 0.2), a_moment(now))

    tier, latest = work.clocks.find(TIER_1), [days(7), *(days(0.1) + LIMITS[one] for one in set(LIMITS) - gone)]
    assert tier.due_at == MONDAY + max(min(COMMUNITY_TIME, max(latest)), days(session + 1), days(2))
    assert tier.state is ClockState.COUNTING
    assert work.timers.due["clock", TIER_1] == MONDAY + (tier.due_at - MONDAY) * 0.75
