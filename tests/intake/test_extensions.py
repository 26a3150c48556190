"""An issue has more time: its orders whose limit still runs have it too, and caller and hotline hear why."""

from datetime import timedelta

import pytest

from services.intake.service import IntakeService
from services.intake.storage.seal import seal_in
from shared.auth import Role
from shared.contracts.dispatch import IssueHandledV1
from shared.contracts.flow import HOTLINE_REPLIES
from shared.contracts.intake import ComplaintCorrectedV1, ComplaintExtendedV1, ComplaintRepliedV1
from shared.contracts.requests import RequestReason
from shared.contracts.supervision import IssueExtendedV1, IssuePendedV1, OrderDuePart
from shared.contracts.vocabulary import SlaClass
from tests.harness import Bus
from tests.intake.builders import COMMUNITY, NOW, an_order
from tests.intake.test_corrections import correct
from tests.intake.test_settling import order

DAY = timedelta(days=1)


@pytest.fixture
def bus(engine):
    return Bus(engine, IntakeService, NOW)


def extended(**due):
    """By how many days after the beginning each order is due now."""
    orders = [OrderDuePart(order_no=one, dispatch_no=1, due_at=NOW + days * DAY) for one, days in due.items()]
    return IssueExtendedV1(
        request_id="I-A1/Q1",
        issue_id="I-A1",
        unit_code=COMMUNITY,
        orders=orders,
        added_seconds=7 * 86400,
        reason=RequestReason.WEATHER,
        words="连日降雨,无法施工",
        extended_by="wang",
        extended_at=NOW + DAY,
    )


def pended():
    return IssuePendedV1(
        request_id="I-A1/Q1",
        issue_id="I-A1",
        unit_code=COMMUNITY,
        reason=RequestReason.PLANNING,
        plan="先报规划",
        owner="O-1",
        interim_reply="已列入计划",
        order_nos=["A1", "A2"],
        review_at=NOW + 60 * DAY,
        approved_by="wang",
        pended_at=NOW,
    )


def followed(bus):
    return bus.ask("read_by_check_code", {"order_no": "A1", "check_code": seal_in().check_code("A1")}, Role.PUBLIC)


def test_the_order_has_more_time_once_and_the_hotline_hears_why(bus):
    bus.hear(an_order("A1"))
    bus.move(NOW + DAY)

    bus.hear(extended(A1=14))
    bus.hear(extended(A1=14))

    (told,) = bus.told(ComplaintExtendedV1)
    assert (told.order_no, told.due_at, told.reason, told.words) == (
        "A1",
        NOW + 14 * DAY,
        RequestReason.WEATHER,
        "连日降雨,无法施工",
    )
    assert ComplaintExtendedV1 in HOTLINE_REPLIES
    (entry,) = order(bus)["history"]
    assert (entry["kind"], entry["decided_by"], entry["reason"]) == ("extended", "wang", told.words)


def test_the_caller_reads_with_the_check_code_by_when_and_why(bus):
    bus.hear(an_order("A1"))
    bus.hear(extended(A1=14))

    read = followed(bus)
    assert (read["due_at"], read["extended_because"]) == ((NOW + 14 * DAY).isoformat(), "连日降雨,无法施工")


def test_an_order_that_the_decision_does_not_name_stays_as_it_is(bus):
    bus.hear(an_order("A1"), an_order("A2", sla_class=SlaClass.UTILITIES), an_order("A3", sla_class=SlaClass.EMERGENCY))

    bus.hear(extended(A1=14, A2=2))

    due = {one.order_no: one.due_at for one in bus.told(ComplaintExtendedV1)}
    assert due == {"A1": NOW + 14 * DAY, "A2": NOW + 2 * DAY}
    assert order(bus, "A3")["history"] == []


def test_callers_and_hotline_are_told_in_the_interim_what_is_planned_each_once_and_the_order_stays_in_hand(bus):
    bus.hear(an_order("A1"), an_order("A2"))
    for _ in range(2):
        bus.hear(pended())

    told = bus.told(ComplaintRepliedV1)
    assert [(one.order_no, one.reply, one.is_interim) for one in told] == [
        ("A1", "已列入计划", True),
        ("A2", "已列入计划", True),
    ]
    assert (order(bus)["state"], followed(bus)["reply"], followed(bus)["is_interim"]) == ("linked", "已列入计划", True)

    bus.hear(IssueHandledV1(issue_id="I-A1", unit_code=COMMUNITY, result="电梯已装好", handled_at=NOW + DAY))
    assert (followed(bus)["reply"], followed(bus)["is_interim"]) == ("电梯已装好", False)


def test_what_was_granted_stays_when_the_class_is_corrected(bus):
    bus.hear(an_order("A1"))
    bus.hear(extended(A1=14))

    correct(bus, sla_class="complex")

    (told,) = bus.told(ComplaintCorrectedV1)
    assert told.due_at == NOW + 15 * DAY + 7 * DAY
