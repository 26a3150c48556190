"""An issue has more time: its orders whose limit still runs have it too, and caller and hotline hear why."""

from datetime import timedelta

import pytest

from services.intake.service import IntakeService
from services.intake.storage.seal import seal_in
from shared.auth import Role
from shared.contracts.flow import HOTLINE_REPLIES
from shared.contracts.intake import ComplaintCorrectedV1, ComplaintExtendedV1
from shared.contracts.requests import RequestReason
from shared.contracts.supervision import IssueExtendedV1, OrderDuePart
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

    followed = bus.ask("read_by_check_code", {"order_no": "A1", "check_code": seal_in().check_code("A1")}, Role.PUBLIC)

    assert (followed["due_at"], followed["extended_because"]) == ((NOW + 14 * DAY).isoformat(), "连日降雨,无法施工")


def test_an_order_that_the_decision_does_not_name_stays_as_it_is(bus):
    bus.hear(an_order("A1"), an_order("A2", sla_class=SlaClass.UTILITIES), an_order("A3", sla_class=SlaClass.EMERGENCY))

    bus.hear(extended(A1=14, A2=2))

    due = {one.order_no: one.due_at for one in bus.told(ComplaintExtendedV1)}
    assert due == {"A1": NOW + 14 * DAY, "A2": NOW + 2 * DAY}
    assert order(bus, "A3")["history"] == []


def test_what_was_granted_stays_when_the_class_is_corrected(bus):
    bus.hear(an_order("A1"))
    bus.hear(extended(A1=14))

    correct(bus, sla_class="complex")

    (told,) = bus.told(ComplaintCorrectedV1)
    assert told.due_at == NOW + 15 * DAY + 7 * DAY
