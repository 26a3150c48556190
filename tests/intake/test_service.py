"""Intake as the bus drives it: encoded messages in, rows and announced events out. No broker."""

import pytest

from services.intake.service import IntakeService
from shared.bus.inbox.reading import Delivery
from shared.contracts.envelope import CONTENT_TYPE
from shared.contracts.flow import LISTENERS
from shared.contracts.intake import ComplaintRejectedV1
from tests.harness import Bus, heard_by
from tests.intake.builders import NOW, an_order


@pytest.fixture
def bus(engine):
    return Bus(engine, IntakeService, NOW)


def test_it_subscribes_to_just_what_the_flow_says():
    assert set(heard_by(IntakeService)) == set(LISTENERS["intake"])


def test_an_order_from_the_wire_is_taken_in_once_also_when_delivered_again(bus):
    bus.deliver(bus.sent(an_order(), "e-1"), bus.sent(an_order(), "e-1"))
    bus.deliver(bus.sent(an_order(), "e-1"), bus.sent(an_order(), "e-2"))

    assert bus.told() == ["complaint_accepted.v1", "issue_raised.v1", "complaint_linked.v1"]


def test_a_broken_order_is_told_field_by_field_and_others_pass(bus):
    bus.deliver(
        bus.sent(an_order("A1"), "e-1", filed_at="2026-03-02T09:00:00", title=""),
        Delivery(1, 2, b"\xff\xfe", CONTENT_TYPE, "m-2", "complaint_filed.v1", {}),
        bus.sent(an_order("A3"), "e-3"),
    )

    told = bus.told(ComplaintRejectedV1)
    assert [(one.order_no, one.reason) for one in told] == [("A1", "contract_broken"), ("", "undecodable")]
    assert set(told[0].fields) == {"filed_at", "title"}
    assert (told[0].message_id, told[1].message_id) == ("e-1", "m-2")
    assert "complaint_accepted.v1" in bus.told()
