"""The six classes of Art. 11 by a clerk's decision, and orders that are taken up after all."""

from datetime import timedelta

import pytest

from services.intake.domain.errors import OrderStateForbids, ReturnedBefore
from services.intake.service import IntakeService
from shared.auth import Role
from shared.contracts.intake import (
    ComplaintAnsweredV1,
    ComplaintLinkedV1,
    ComplaintReinstatedV1,
    ComplaintUnlinkedV1,
    IssueRaisedV1,
    IssueWithdrawnV1,
)
from shared.contracts.vocabulary import Disposition
from shared.errors import NotAllowed
from tests.harness import Bus
from tests.intake.builders import COMMUNITY, DISTRICT, NOW, STREET, an_order
from tests.intake.test_settling import ELSEWHERE, REASON, UNKNOWN, listed, order

ANSWER = {"disposition": "statutory_channel", "answer": "此事正在法院审理,请按诉讼程序提出。"}
DAY = timedelta(days=1)


@pytest.fixture
def bus(engine):
    return Bus(engine, IntakeService, NOW)


def answer(bus, clerk_of=STREET, order_no="A1", key="k"):
    asked = {"order_no": order_no, "idempotency_key": key} | ANSWER
    return bus.ask("answer_order", asked, Role.CLERK, clerk_of, subject="zhao")


def reinstate(bus, role=Role.HOTLINE, unit=None, order_no="A1", key="k2"):
    return bus.ask("reinstate_order", {"order_no": order_no} | REASON | {"idempotency_key": key}, role, unit)


def test_a_clerk_above_the_unit_answers_an_order_in_hand_and_its_issue_is_withdrawn(bus):
    bus.hear(an_order())

    reply = answer(bus)

    (answered,), (withdrawn,) = bus.told(ComplaintAnsweredV1), bus.told(IssueWithdrawnV1)
    assert (answered.disposition, answered.answer, answered.answered_by) == (
        Disposition.STATUTORY_CHANNEL,
        ANSWER["answer"],
        "zhao",
    )
    assert (withdrawn.issue_id, withdrawn.order_no, withdrawn.unit_code) == ("I-A1", "A1", COMMUNITY)
    assert [one.issue_id for one in bus.told(ComplaintUnlinkedV1)] == ["I-A1"]
    assert (reply["state"], reply["issue_id"], reply["reply"]) == ("answered", "", ANSWER["answer"])
    assert [one["kind"] for one in order(bus)["history"]] == ["answered"]


def test_of_several_orders_the_others_stay_in_their_issue(bus):
    bus.hear(an_order("A1"), an_order("A2"))

    answer(bus)

    assert bus.told(IssueWithdrawnV1) == []
    assert order(bus, "A2")["issue_id"] == "I-A1"


def test_what_urged_an_answered_order_is_answered_with_it(bus):
    bus.hear(an_order("A1", caller="wang"), an_order("A2", caller="wang"))

    answer(bus)

    assert {one.order_no for one in bus.told(ComplaintAnsweredV1)} == {"A1", "A2"}
    assert order(bus, "A2")["state"] == "answered"


def test_the_unit_itself_does_not_decide_that_it_need_not_handle_an_order_and_nothing_is_answered_twice(bus):
    bus.hear(an_order())
    with pytest.raises(NotAllowed):
        answer(bus, COMMUNITY)

    answer(bus)

    with pytest.raises(OrderStateForbids):
        answer(bus, key="again")


def test_an_order_on_the_list_can_be_answered_too_and_waits_no_more(bus):
    bus.hear(an_order(**UNKNOWN))

    answer(bus, DISTRICT)
    bus.move(NOW + DAY)

    assert listed(bus) == []
    assert bus.told() == ["complaint_accepted.v1", "complaint_answered.v1"]


def test_the_caller_has_it_taken_up_after_all_through_the_hotline_and_its_clock_never_stood(bus):
    bus.hear(an_order())
    answer(bus)
    bus.move(NOW + DAY)

    reply = reinstate(bus)

    (reinstated,) = bus.told(ComplaintReinstatedV1)
    assert (reinstated.unit_code, reinstated.due_at, reinstated.settles_at) == (COMMUNITY, NOW + 7 * DAY, None)
    assert (reply["state"], reply["issue_id"], reply["disposition"], reply["reply"]) == ("linked", "I-A1-2", "", "")
    assert bus.told(IssueRaisedV1)[-1].dispatched_at == NOW
    assert bus.told(ComplaintLinkedV1)[-1].due_at == NOW + 7 * DAY
    assert [one["kind"] for one in reply["history"]] == ["answered", "reinstated"]


def test_what_the_hotline_had_answered_itself_is_dispatched_when_it_is_taken_up(bus):
    bus.hear(an_order(disposition=Disposition.OUTSIDE_DUTY))
    bus.move(NOW + DAY)

    assert reinstate(bus)["due_at"] == (NOW + 8 * DAY).isoformat()
    assert bus.told(IssueRaisedV1)[0].issue_id.startswith("I-A1")


def test_a_returned_order_that_is_taken_up_waits_for_a_unit_and_is_not_returned_again(bus):
    bus.hear(an_order(**ELSEWHERE))
    bus.ask("return_to_hotline", {"order_no": "A1"} | REASON, Role.CLERK, DISTRICT)

    reinstate(bus)

    (line,) = listed(bus)
    assert (line["doubt"], line["suggestion"]) == ("reinstated", "give_unit")
    with pytest.raises(ReturnedBefore):
        bus.ask("return_to_hotline", {"order_no": "A1"} | REASON | {"idempotency_key": "k9"}, Role.CLERK, DISTRICT)
    asked = {"order_no": "A1", "unit_code": COMMUNITY} | REASON | {"idempotency_key": "k3"}
    assert bus.ask("settle_order", asked, Role.CLERK, DISTRICT)["state"] == "linked"


def test_what_is_in_hand_is_not_taken_up_again(bus):
    bus.hear(an_order())

    with pytest.raises(OrderStateForbids):
        reinstate(bus)
