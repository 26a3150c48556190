"""Intake as the bus drives it: encoded messages in, rows and announced events out. No broker."""

from dataclasses import replace

import orjson
import pytest
from sqlalchemy import select

from services.intake.service import IntakeService
from services.intake.storage import tables
from shared.bus.door import Returned
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


@pytest.mark.parametrize(("why", "reason"), [("expired", "expired"), ("delivery_limit", "given_up")])
def test_what_the_broker_took_away_is_told_once_each_time_and_nothing_is_done_about_it(bus, why, reason):
    order = bus.sent(an_order("A1"), "e-1")
    first, second = (replace(order, returned=Returned(why, f"2026-03-02T0{hour}:00:00Z")) for hour in (1, 2))

    bus.deliver(first)
    bus.deliver(first, second)

    told = bus.told(ComplaintRejectedV1)
    assert [(one.order_no, one.message_id, one.reason) for one in told] == [("A1", "e-1", reason)] * 2
    assert "Nothing was done" in told[0].fields["message"][0]
    assert bus.told() == ["intake.dead", "complaint_rejected.v1"] * 2


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


def refusals(bus):
    outbox = tables.bus.outbox
    with bus.engine.connect() as connection:
        wanted = select(outbox.c.body).where(outbox.c.routing_key == "complaint_rejected.v1")
        return [orjson.loads(body) for body in connection.scalars(wanted)]


def test_a_refusal_of_a_list_with_wrong_members_is_told_and_the_mended_order_passes(bus):
    place = {"unit_codes": [110105015033, "110105015033", None]}
    bus.deliver(bus.sent(an_order("A1"), "e-1", place=place))
    bus.deliver(bus.sent(an_order("A1"), "e-2"))

    (refused,) = bus.told(ComplaintRejectedV1)
    assert (refused.order_no, set(refused.fields["place"]["unit_codes"])) == ("A1", {"0", "2"})
    assert "complaint_accepted.v1" in bus.told()


def test_a_refusal_is_no_larger_for_the_many_faults_of_its_message(bus):
    bus.deliver(bus.sent(an_order("A1"), "e-1", place={"unit_codes": [1] * 100_000}))

    (refused,) = refusals(bus)
    assert len(orjson.dumps(refused)) < 10_000


def test_of_two_messages_without_an_id_that_nobody_can_read_each_is_told(bus):
    unreadable = [Delivery(1, number, b"\xff", CONTENT_TYPE, "", "complaint_filed.v1", {}) for number in (1, 2)]
    bus.deliver(*unreadable)
    bus.deliver(unreadable[0])

    assert len(refusals(bus)) == 3


def test_another_order_under_a_used_event_id_is_refused_by_that_field_and_not_lost(bus):
    bus.deliver(bus.sent(an_order("A1"), "7"))
    for _ in range(2):
        bus.deliver(bus.sent(an_order("A2"), "7"))

    (told,) = refusals(bus)
    assert (told["subject"], told["data"]["reason"], list(told["data"]["fields"])) == ("A2", "id_reused", ["id"])
    assert bus.told().count("complaint_accepted.v1") == 1


def test_a_refusal_without_an_order_number_has_no_empty_subject(bus):
    bus.deliver(Delivery(1, 1, b"\xff", CONTENT_TYPE, "m-1", "complaint_filed.v1", {}))

    assert "subject" not in refusals(bus)[0]


@pytest.mark.parametrize(
    ("where", "body", "headers"),
    [
        ("in an order without its envelope", b'{"title": "a", "order_no": "A1"}', {}),
        ("as a number", b'{"order_no": 1, "subject": "S"}'.replace(b"1", b"7001"), {}),
        ("in JSON that is cut off", b'{"specversion": "1.0", "subject": "S", "data": {"order_no": "A1", "ti', {}),
        ("in GBK", '{"title": "楼道", "order_no" : "A1"}'.encode("gbk"), {}),
        ("in the subject", b'{"specversion": "1.0", "subject": "A1", "data": nothing', {}),
        ("in a header", b"\xff", {"ce-subject": "A1"}),
    ],
)
def test_the_order_number_is_found(bus, where, body, headers):
    bus.deliver(Delivery(1, 1, body, CONTENT_TYPE, "m-1", "complaint_filed.v1", headers))

    assert [one.order_no for one in bus.told(ComplaintRejectedV1)] == ["7001" if b"7001" in body else "A1"], where
