"""What only the hotline decides is passed on to it; its answer prevails, and its silence changes nothing."""

from datetime import timedelta

import pytest

from services.intake.domain.errors import RelayedByDistrict, ReturnTooLate
from services.intake.service import IntakeService
from shared.auth import Role
from shared.contracts.flow import HOTLINE_REPLIES
from shared.contracts.hotline import OrderRequestAnsweredV1
from shared.contracts.intake import ComplaintRejectedV1
from shared.contracts.orders import OrderRequestAskedV1, OrderRequestDecidedV1
from shared.contracts.requests import Want
from shared.contracts.vocabulary import DispatchKind
from shared.errors import BadRequest, NotAllowed
from shared.requests.request import AlreadyAsked
from tests.harness import Bus
from tests.intake.builders import COMMUNITY, NEIGHBOUR, NOW, an_order

EXCLUSION = {"wants": "exclusion", "reason": "force_majeure", "words": "暴雨红色预警,全部停工"}
RETURN = {"wants": "return", "reason": "not_our_duty", "words": "不属社区职责"}
DAY = timedelta(days=1)


@pytest.fixture
def bus(engine):
    bus = Bus(engine, IntakeService, NOW)
    bus.hear(an_order("A1"))
    return bus


def ask(bus, unit=COMMUNITY, order_no="A1", key="k", **what):
    about = EXCLUSION | what | {"order_no": order_no, "idempotency_key": key}
    return bus.ask("ask_hotline", about, Role.CLERK, unit)["request_id"]


def answer(request_id, granted=True, order_no="A1"):
    said = {"granted": granted, "answer": "情况属实", "answered_at": NOW}
    return OrderRequestAnsweredV1(order_no=order_no, request_id=request_id, **said)


def listed(bus, **more):
    asked = {"unit_code": COMMUNITY} | more
    return bus.ask("list_hotline_requests", asked, Role.CLERK, COMMUNITY)["requests"]


def test_it_is_passed_on_with_reason_and_evidence_and_the_hotlines_answer_is_taken_in_once(bus):
    asked = ask(bus)
    (passed_on,) = bus.told(OrderRequestAskedV1)
    assert (passed_on.order_no, passed_on.wants, passed_on.dispatch_no) == ("A1", Want.EXCLUSION, 1)
    assert {OrderRequestAskedV1, OrderRequestDecidedV1} <= set(HOTLINE_REPLIES)
    assert [one["request_id"] for one in listed(bus)] == [asked]

    bus.hear(answer(asked))
    bus.hear(answer(asked))

    (decided,) = bus.told(OrderRequestDecidedV1)
    assert (decided.granted, decided.is_default, decided.decided_by) == (True, False, "hotline")
    assert (listed(bus), listed(bus, open_only=False)[0]["state"]) == ([], "granted")


def test_silence_changes_nothing_and_an_answer_that_comes_later_prevails(bus):
    asked = ask(bus)

    bus.move(bus.told(OrderRequestAskedV1)[0].answer_by)
    bus.hear(answer(asked))

    assert [(one.granted, one.is_default) for one in bus.told(OrderRequestDecidedV1)] == [(False, True), (True, False)]


def test_it_waits_on_the_list_of_the_units_clerk_with_its_instant(bus):
    asked = ask(bus)

    waits = bus.ask("list_my_work", {}, Role.CLERK, COMMUNITY)["waits"]

    due_at = bus.told(OrderRequestAskedV1)[0].answer_by.isoformat()
    assert [(one["about"], one["due_at"]) for one in waits if one["about"] == asked] == [(asked, due_at)]


def test_a_dispatch_of_the_hotline_may_be_returned_within_its_window_and_what_the_district_relayed_is_its_own(bus):
    assert ask(bus, **RETURN) == "A1/Q1"
    bus.hear(an_order("A2", dispatch_kind=DispatchKind.RELAYED))
    with pytest.raises(RelayedByDistrict, match="correct_order"):
        ask(bus, order_no="A2", key="relayed", **RETURN, unit="110105")

    bus.hear(an_order("A3"))
    bus.move(NOW + 2 * DAY)
    with pytest.raises(ReturnTooLate):
        ask(bus, order_no="A3", key="late", **RETURN)


def test_the_same_is_asked_once_at_a_time_for_a_reason_of_its_list_by_the_unit_that_has_it(bus):
    ask(bus)

    with pytest.raises(AlreadyAsked):
        ask(bus, key="again")
    with pytest.raises(BadRequest, match="reason"):
        ask(bus, key="other", wants="callback")
    with pytest.raises(NotAllowed):
        ask(bus, unit=NEIGHBOUR, key="elsewhere")


def test_an_answer_to_what_nobody_asked_is_refused_by_naming_it(bus):
    bus.hear(answer("A1/Q7"))

    (refused,) = bus.told(ComplaintRejectedV1)
    assert (refused.order_no, refused.reason) == ("A1", "unknown_request")
