"""What is urgent is told at once; an issue is as urgent as the most urgent of its open orders."""

from dataclasses import replace

import pytest

from services.supervision.service import SupervisionService
from shared.contracts.alarms import IssueAlarmedV1
from shared.contracts.evaluation import OrderOutcomePart
from shared.contracts.intake import ComplaintUnlinkedV1
from shared.contracts.supervision import (
    ClockCorrectedV1,
    ClockPausedV1,
)
from shared.contracts.vocabulary import Outcome, SlaClass
from tests.harness import Bus
from tests.supervision.builders import (
    COMMUNITY,
    ISSUE,
    MONDAY,
    complaint_linked,
    days,
    hours,
    issue_evaluated,
    issue_handled,
    issue_raised,
)

NOW = MONDAY + days(3)
DUE = {"sla_class": SlaClass.EMERGENCY, "dispatched_at": NOW, "due_at": NOW + hours(2)}
JOINED = replace(complaint_linked(order_no="1002"), linked_at=NOW, **DUE)


@pytest.fixture
def bus(engine):
    return Bus(engine, SupervisionService, NOW)


def class_of(bus):
    with bus.begin(reads=True) as work:
        return work.cases.get(ISSUE).sla_class


def test_an_issue_that_begins_urgent_is_told_once(bus):
    bus.hear(issue_raised(**DUE), replace(complaint_linked(), **DUE), times=2)

    (alarm,) = bus.told(IssueAlarmedV1)
    assert (alarm.order_no, alarm.unit_code, alarm.due_at, alarm.alarmed_at) == ("1001", COMMUNITY, DUE["due_at"], NOW)


def test_an_emergency_that_joins_a_seven_day_issue_is_told_and_the_other_order_keeps_its_clock(bus):
    bus.hear(issue_raised(), complaint_linked())
    bus.hear(JOINED, replace(JOINED, order_no="1003"))

    assert [one.order_no for one in bus.told(IssueAlarmedV1)] == ["1002"]
    assert (class_of(bus), bus.told(ClockPausedV1, ClockCorrectedV1)) == (SlaClass.EMERGENCY, [])
    with bus.begin(reads=True) as work:
        assert work.clocks.get(f"{ISSUE}/resident").due_at == MONDAY + days(7)


def test_with_the_end_of_the_urgent_order_the_others_say_how_urgent_it_is(bus):
    bus.hear(issue_raised(), complaint_linked(), JOINED, issue_handled(NOW))
    ended = replace(
        issue_evaluated(Outcome.SOLVED, NOW + hours(2), newcomers=1),
        orders=[OrderOutcomePart(order_no="1002", outcome=Outcome.SOLVED)],
    )
    bus.move(NOW + hours(2))
    bus.hear(ended)

    assert class_of(bus) is SlaClass.GENERAL


def test_an_urgent_order_that_leaves_takes_its_urgency_with_it(bus):
    bus.hear(issue_raised(), complaint_linked(), JOINED)
    left = ComplaintUnlinkedV1(order_no="1002", issue_id=ISSUE, reason="另一件事", unlinked_at=NOW, unlinked_by="zhao")
    bus.hear(left)

    assert class_of(bus) is SlaClass.GENERAL
