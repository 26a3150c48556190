"""The resident's clock is that of one dispatch of one order: each order of an issue has its own, which never resets."""

from dataclasses import replace

import pytest

from services.supervision.domain.clock import ClockState
from services.supervision.service import SupervisionService
from shared.auth import Role
from shared.contracts.evaluation import OrderOutcomePart
from shared.contracts.intake import ComplaintUnlinkedV1
from shared.contracts.orders import ComplaintAmendedV1, ComplaintRedispatchedV1, HandoverFollowedV1, HandoverMissedV1
from shared.contracts.supervision import ClockBreachedV1, ClockMetV1, ClockStartedV1, IssueReassignedV1
from shared.contracts.vocabulary import (
    ClockKind,
    DispatchKind,
    EmergencyLine,
    HandoverOutcome,
    Outcome,
    Route,
    SlaClass,
)
from tests.harness import Bus
from tests.supervision.builders import (
    COMMUNITY,
    ISSUE,
    MONDAY,
    OTHER_STREET,
    complaint_linked,
    complaint_urged,
    days,
    hours,
    issue_evaluated,
    issue_handled,
    issue_raised,
    redo_ordered,
)

FIRST, SECOND = "1001", "1002"
JOINED = replace(complaint_linked(order_no=SECOND), dispatched_at=MONDAY + days(3), due_at=MONDAY + days(3) + hours(2))
LEFT = ComplaintUnlinkedV1(
    order_no=SECOND, issue_id=ISSUE, reason="另一件事", unlinked_at=MONDAY + days(3), unlinked_by="zhao"
)


@pytest.fixture
def bus(engine):
    """An issue of two orders, of which the second joined on the third day, and is in a hurry."""
    made = Bus(engine, SupervisionService, MONDAY)
    made.hear(issue_raised(), complaint_linked())
    made.move(MONDAY + days(3))
    made.hear(JOINED, times=2)
    return made


def clocks(bus):
    lines = bus.ask("get_case", {"issue_id": ISSUE}, Role.SUPERVISOR)["clocks"]
    return {one["order_no"]: one for one in lines if one["kind"] == ClockKind.RESIDENT}


def states(bus):
    found = clocks(bus)
    return found[FIRST]["state"], found[SECOND]["state"]


def handle(bus, at):
    bus.move(at)
    bus.hear(issue_handled(at))


def test_an_order_that_joins_has_a_clock_of_its_own_from_its_own_dispatch_and_the_first_one_goes_on(bus):
    first, second = clocks(bus)[FIRST], clocks(bus)[SECOND]

    assert (first["started_at"], first["due_at"]) == (MONDAY.isoformat(), (MONDAY + days(7)).isoformat())
    assert (second["started_at"], second["due_at"]) == (JOINED.dispatched_at.isoformat(), JOINED.due_at.isoformat())
    started = [(one.order_no, one.dispatch_no) for one in bus.told(ClockStartedV1) if one.kind is ClockKind.RESIDENT]
    assert started == [(FIRST, 1), (SECOND, 1)]


def test_the_clock_of_an_order_that_left_says_nothing_any_more(bus):
    bus.hear(LEFT, times=2)
    bus.move(MONDAY + days(6))

    assert states(bus) == (ClockState.COUNTING, ClockState.ENDED)


def test_all_rest_once_it_is_handled_and_only_those_of_a_redo_go_on(bus):
    handle(bus, MONDAY + days(3) + hours(1))
    assert states(bus) == (ClockState.PAUSED, ClockState.PAUSED)

    bus.hear(replace(redo_ordered(MONDAY + days(4)), order_no=SECOND, order_nos=[SECOND]))

    assert states(bus) == (ClockState.PAUSED, ClockState.COUNTING)


def test_an_issue_is_over_once_the_newcomer_has_left_for_whom_alone_it_was_open(engine):
    bus = Bus(engine, SupervisionService, MONDAY)
    bus.hear(issue_raised(), complaint_linked(), issue_handled(MONDAY + days(1)))
    bus.move(MONDAY + days(7))
    joins = replace(complaint_linked(order_no=SECOND), linked_at=MONDAY + days(2))
    judged = issue_evaluated(Outcome.SOLVED, MONDAY + days(7))
    bus.hear(joins, replace(judged, orders=[OrderOutcomePart(order_no="1001", outcome=Outcome.SOLVED)], newcomers=1))
    bus.hear(judged)
    assert bus.ask("get_case", {"issue_id": ISSUE}, Role.SUPERVISOR)["case"]["state"] == "open"

    bus.hear(LEFT)
    assert bus.ask("get_case", {"issue_id": ISSUE}, Role.SUPERVISOR)["case"]["state"] == "closed"


def test_an_order_ends_by_what_its_own_caller_says_while_a_newcomers_clock_counts_on(engine):
    bus = Bus(engine, SupervisionService, MONDAY)
    bus.hear(issue_raised(), complaint_linked())
    handle(bus, MONDAY + days(2))
    bus.hear(replace(JOINED, due_at=MONDAY + days(10)))
    said = replace(
        issue_evaluated(Outcome.SOLVED, MONDAY + days(7), newcomers=1),
        orders=[OrderOutcomePart(order_no=FIRST, outcome=Outcome.SOLVED)],
        handled_at=MONDAY + days(2),
    )

    bus.hear(said, times=2)

    assert states(bus) == (ClockState.MET, ClockState.COUNTING)
    assert [one.order_no for one in bus.told(ClockMetV1)] == [FIRST]

    bus.hear(replace(redo_ordered(MONDAY + days(8)), order_nos=[FIRST]))
    assert states(bus) == (ClockState.COUNTING, ClockState.COUNTING)


def test_a_relapse_lets_the_clock_of_the_order_whose_caller_came_back_go_on_and_no_other(bus):
    handle(bus, MONDAY + days(3) + hours(1))
    bus.hear(issue_evaluated(Outcome.SOLVED, MONDAY + days(7)))
    assert states(bus) == (ClockState.MET, ClockState.MET)
    bus.move(MONDAY + days(20))

    bus.hear(complaint_urged(MONDAY + days(20), "1003"))

    assert states(bus) == (ClockState.COUNTING, ClockState.MET)
    assert clocks(bus)[FIRST]["due_at"] == (MONDAY + days(20 + 7 - 3) - hours(1)).isoformat()


def again(**changed):
    facts = {
        "order_no": FIRST,
        "dispatch_no": 2,
        "issue_id": ISSUE,
        "from_unit": COMMUNITY,
        "to_unit": OTHER_STREET,
        "category": "road",
        "sla_class": SlaClass.GENERAL,
        "dispatch_kind": DispatchKind.DIRECT,
        "title": "道路 · 另一街道",
        "route": Route.HANDLE,
        "reason": "热线再次派单",
        "dispatched_at": MONDAY + days(2),
        "due_at": MONDAY + days(4),
        "redispatched_at": MONDAY + days(2),
    }
    return ComplaintRedispatchedV1(**(facts | changed))


@pytest.fixture
def alone(engine):
    """An issue of one order, on its second day."""
    made = Bus(engine, SupervisionService, MONDAY)
    made.hear(issue_raised(), complaint_linked())
    made.move(MONDAY + days(2))
    return made


def all_clocks(bus, kind=ClockKind.RESIDENT):
    lines = bus.ask("get_case", {"issue_id": ISSUE}, Role.SUPERVISOR)["clocks"]
    return [one for one in lines if one["kind"] == kind]


def test_another_dispatch_has_a_clock_of_its_own_and_the_one_before_never_says_anything_more(alone):
    alone.hear(again(), times=2)
    alone.move(MONDAY + days(10))

    first, second = all_clocks(alone)
    assert (first["dispatch_no"], first["state"], first["started_at"]) == (1, "ended", MONDAY.isoformat())
    assert (second["dispatch_no"], second["due_at"]) == (2, (MONDAY + days(4)).isoformat())
    breached = [one for one in alone.told(ClockBreachedV1) if one.kind is ClockKind.RESIDENT]
    assert [(one.order_no, one.dispatch_no) for one in breached] == [(FIRST, 2)]


def test_the_other_unit_holds_it_since_and_the_one_before_has_no_more_to_do_with_it(alone):
    alone.hear(again(), times=2)

    (told,) = alone.told(IssueReassignedV1)
    assert (told.from_unit, told.to_unit, told.due_at) == (COMMUNITY, OTHER_STREET, MONDAY + days(4))
    assert told.reassigned_by == "hotline"
    tiers = [(one["unit_code"], one["state"]) for one in all_clocks(alone, ClockKind.TIER)]
    assert tiers == [(COMMUNITY, "ended"), (OTHER_STREET, "counting")]


def test_to_the_same_unit_the_holder_goes_on_also_if_it_had_been_handled(alone):
    alone.hear(issue_handled(MONDAY + days(1)))

    alone.hear(again(to_unit=COMMUNITY), times=2)

    assert alone.told(IssueReassignedV1) == []
    assert [one["state"] for one in all_clocks(alone)] == ["ended", "counting"]
    assert [one["state"] for one in all_clocks(alone, ClockKind.TIER)] == ["counting"]


def test_where_others_share_the_issue_they_and_the_holder_go_on_as_they_were(bus):
    bus.hear(again(order_no=SECOND, to_unit=COMMUNITY, dispatched_at=MONDAY + days(3), due_at=MONDAY + days(9)))

    found = [(one["order_no"], one["dispatch_no"], one["state"]) for one in all_clocks(bus)]
    assert sorted(found) == [(FIRST, 1, "counting"), (SECOND, 1, "ended"), (SECOND, 2, "counting")]


def test_that_the_words_were_amended_is_in_the_timeline(bus):
    amended = ComplaintAmendedV1(order_no=FIRST, issue_id=ISSUE, is_supplement=False, number=1, amended_at=MONDAY)

    bus.hear(amended, replace(amended, issue_id=""))

    entries = bus.ask("timeline", {"issue_id": ISSUE}, Role.SUPERVISOR)["entries"]
    assert [one["facts"]["order_no"] for one in entries if one["kind"] == "complaint_amended.v1"] == [FIRST]


def test_an_emergency_that_nobody_followed_is_an_incident_until_somebody_does(alone):
    about = {"order_no": FIRST, "issue_id": ISSUE, "line": EmergencyLine.FIRE}
    now = MONDAY + days(2)
    missed = HandoverMissedV1(**about, unit_code=COMMUNITY, handed_at=MONDAY, missed_at=now)

    alone.hear(missed, times=2)

    (incident,) = alone.ask("get_case", {"issue_id": ISSUE}, Role.SUPERVISOR)["incidents"]
    assert (incident["kind"], incident["unit_code"], incident["settled_at"]) == ("unfollowed", COMMUNITY, None)

    alone.hear(HandoverFollowedV1(**about, outcome=HandoverOutcome.ATTENDED, followed_by="zhao", followed_at=now))

    (incident,) = alone.ask("get_case", {"issue_id": ISSUE}, Role.SUPERVISOR)["incidents"]
    assert incident["settled_at"] is not None


def test_it_is_over_when_that_is_said_though_its_order_has_left_the_issue(alone):
    about = {"order_no": FIRST, "line": EmergencyLine.FIRE}
    now = MONDAY + days(2)
    alone.hear(HandoverMissedV1(**about, issue_id=ISSUE, unit_code=COMMUNITY, handed_at=MONDAY, missed_at=now))
    outcome = {"outcome": HandoverOutcome.ATTENDED, "followed_by": "zhao", "followed_at": now}

    alone.hear(HandoverFollowedV1(**about, issue_id="", **outcome))

    (incident,) = alone.ask("get_case", {"issue_id": ISSUE}, Role.SUPERVISOR)["incidents"]
    assert (incident["settled_at"] is None, incident["remark"]) == (False, "已跟进")
