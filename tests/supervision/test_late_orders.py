"""An order that is late on arrival says so, once, and is not four alarms."""

from dataclasses import replace

import pytest

from services.supervision.service import SupervisionService
from shared.auth import Role
from shared.contracts import supervision as told
from shared.contracts.alarms import ClockLateV1, SupervisionOrderedV1
from shared.contracts.flow import STREET_NOTICES
from shared.contracts.vocabulary import ClockKind, Outcome
from tests.harness import Bus
from tests.supervision.builders import (
    ISSUE,
    MONDAY,
    complaint_linked,
    days,
    hours,
    issue_evaluated,
    issue_handled,
    issue_raised,
)

NOW = MONDAY + days(20)
LATE = {"dispatched_at": MONDAY, "due_at": MONDAY + days(7), "received_at": NOW}
MARKS = (told.ClockWarnedV1, told.ClockBreachedV1, SupervisionOrderedV1, told.ClockMetV1)


@pytest.fixture
def bus(engine):
    made = Bus(engine, SupervisionService, NOW)
    made.hear(issue_raised(raised_at=NOW, **LATE), replace(complaint_linked(), linked_at=NOW, **LATE), times=2)
    return made


def of_resident(bus, *kinds):
    return [one for one in bus.told(*kinds) if getattr(one, "kind", ClockKind.RESIDENT) is ClockKind.RESIDENT]


def clock(bus):
    lines = bus.ask("get_case", {"issue_id": ISSUE}, Role.SUPERVISOR)["clocks"]
    return next(one for one in lines if one["kind"] == "resident")


def test_it_is_said_once_where_streets_hear_it_and_nothing_else_is(bus):
    bus.move(NOW + days(14))

    (late,) = bus.told(ClockLateV1)
    assert (late.order_no, late.due_at, late.late_at) == ("1001", MONDAY + days(7), NOW)
    assert of_resident(bus, *MARKS) == []
    assert ClockLateV1 in STREET_NOTICES
    assert clock(bus)["late_on_arrival"]


def test_what_is_done_about_it_is_neither_in_time_nor_a_breach(bus):
    bus.hear(issue_handled(NOW + days(1)))
    bus.move(NOW + days(2))
    bus.hear(issue_evaluated(Outcome.SOLVED, NOW + days(2)))

    assert (of_resident(bus, *MARKS), clock(bus)["state"]) == ([], "ended")


def test_it_may_be_extended_from_its_arrival_and_then_counts_like_any_other(bus):
    more = {"issue_id": ISSUE, "reason": "complex_work", "words": "单到已超期,请求重新计时"}
    asked = bus.ask("ask_extension", more | {"idempotency_key": "k"}, Role.LEADER, "110105017003", subject="li")
    granted = {"request_id": asked["request_id"], "grant": True, "reason": "同意", "idempotency_key": "k"}
    bus.ask("decide_request", granted, Role.LEADER, "110105017", subject="wang")
    due_at = clock(bus)["due_at"]
    bus.move(NOW + days(8))

    assert due_at.startswith((NOW + days(7)).isoformat()[:19])
    assert [type(one) for one in of_resident(bus, *MARKS)][-1] is told.ClockBreachedV1


def test_one_that_arrives_just_in_time_is_not_late(engine):
    bus = Bus(engine, SupervisionService, NOW)
    bus.hear(issue_raised(dispatched_at=NOW - days(7) + hours(1), due_at=NOW + hours(1), received_at=NOW))
    bus.move(NOW + hours(2))

    assert bus.told(ClockLateV1) == []
    assert [one.clock_id for one in of_resident(bus, told.ClockBreachedV1)] == [f"{ISSUE}/resident"]


def test_one_that_arrives_at_its_very_limit_is_late_as_nothing_can_be_done_in_no_time(engine):
    bus = Bus(engine, SupervisionService, NOW)
    bus.hear(issue_raised(dispatched_at=NOW - days(7), due_at=NOW, received_at=NOW))
    bus.move(NOW + hours(2))

    assert [one.late_at for one in bus.told(ClockLateV1)] == [NOW]
    assert of_resident(bus, told.ClockBreachedV1) == []


def test_one_that_is_moved_after_its_limit_was_not_late_on_arrival(engine):
    bus = Bus(engine, SupervisionService, NOW)
    bus.hear(issue_raised(dispatched_at=MONDAY, due_at=MONDAY + days(7), received_at=MONDAY, raised_at=NOW))
    bus.move(NOW)

    assert bus.told(ClockLateV1) == []
