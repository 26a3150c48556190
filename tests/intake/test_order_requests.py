"""A transfer, another class of urgency, taking up and giving up: asked by one person, decided above by another."""

from datetime import timedelta

import pytest

from services.intake.domain.errors import HasOrders, NothingToCorrect, OrderStateForbids
from services.intake.service import IntakeService
from shared.auth import Role
from shared.contracts.hotline import OrderRequestAnsweredV1
from shared.contracts.intake import ComplaintCorrectedV1, ComplaintReinstatedV1, IssueWithdrawnV1
from shared.contracts.orders import OrderRequestAskedV1
from shared.contracts.vocabulary import Disposition, SlaClass
from shared.errors import BadRequest, NotAllowed
from shared.requests.request import AlreadyAsked, NotAppealable, OwnRequest
from shared.units import UnknownUnit
from tests.harness import Bus
from tests.intake.builders import COMMUNITY, NEIGHBOUR, NOW, STREET, an_order
from tests.intake.test_settling import order

DAY = timedelta(days=1)
MINUTES = timedelta(minutes=30)
RAISED = {"unit_code": COMMUNITY, "origin": "plan", "category": "parking", "wording": "小区停车", "proposed_by": "规划"}


@pytest.fixture
def bus(engine):
    bus = Bus(engine, IntakeService, NOW)
    bus.hear(an_order("A1"), an_order("W1", disposition=Disposition.OUTSIDE_DUTY))
    return bus


def ask(bus, what, unit=COMMUNITY, key="k", subject="", **request):
    asked = request | {"words": "确需如此", "idempotency_key": key}
    return bus.ask(f"ask_{what}", asked, Role.CLERK, unit, subject=subject)["request_id"]


def transfer(bus, to=NEIGHBOUR, **more):
    return ask(bus, "transfer", order_no="A1", unit_code=to, reason="not_our_area", **more)


def urgency(bus, sla_class="emergency", reason="danger", **more):
    return ask(bus, "urgency", order_no="A1", sla_class=sla_class, reason=reason, **more)


def reinstatement(bus, **more):
    return ask(bus, "reinstatement", order_no="W1", reason="caller_insists", **more)


def decide(bus, request_id, unit=STREET, *, grant=True, subject="zhao", key="d"):
    asked = {"request_id": request_id, "grant": grant, "reason": "经核实", "idempotency_key": key}
    return bus.ask("decide_request", asked, Role.CLERK, unit, subject=subject)


def test_a_transfer_is_decided_above_both_units_and_done_as_a_correction(bus):
    asked = transfer(bus)
    with pytest.raises(NotAllowed):
        decide(bus, asked, NEIGHBOUR)

    reply = decide(bus, asked)

    (corrected,) = bus.told(ComplaintCorrectedV1)
    assert (corrected.from_unit, corrected.to_unit, corrected.corrected_by) == (COMMUNITY, NEIGHBOUR, "zhao")
    assert (reply["state"], reply["decided_in"], order(bus)["unit_code"]) == ("granted", STREET, NEIGHBOUR)


def test_a_refusal_is_on_record_and_changes_nothing(bus):
    decide(bus, transfer(bus), grant=False)

    assert order(bus)["unit_code"] == COMMUNITY
    (entry,) = order(bus)["history"]
    assert (entry["kind"], entry["reason"], entry["after"]["wants"]) == ("refused", "经核实", "transfer")


def test_who_asked_neither_decides_nor_corrects_it_by_themselves(bus):
    asked = transfer(bus, unit=STREET, subject="zhao")
    with pytest.raises(OwnRequest):
        decide(bus, asked)
    own = {"order_no": "A1", "unit_code": NEIGHBOUR, "reason": "更正", "idempotency_key": "c"}
    with pytest.raises(OwnRequest):
        bus.ask("correct_order", own, Role.CLERK, STREET, subject="zhao")

    bus.ask("correct_order", own, Role.CLERK, STREET, subject="sun")

    assert bus.ask("get_request", {"request_id": asked}, Role.CLERK, STREET)["state"] == "ended"


@pytest.mark.parametrize(
    ("what", "fault"),
    [
        ({"to": COMMUNITY}, NothingToCorrect),
        ({"to": "110105999"}, UnknownUnit),
    ],
)
def test_what_can_not_be_is_refused_when_it_is_asked_for(bus, what, fault):
    with pytest.raises(fault):
        transfer(bus, **what)


def test_only_reasons_of_the_list_are_reasons(bus):
    with pytest.raises(BadRequest, match="Must be one of: danger, supply_cut, vulnerable, danger_over"):
        urgency(bus, reason="weather")


def test_silence_grants_what_is_more_urgent_within_half_an_hour_and_refuses_what_is_less(bus):
    urgency(bus)
    bus.move(NOW + MINUTES)

    assert [one.sla_class for one in bus.told(ComplaintCorrectedV1)] == [SlaClass.EMERGENCY]
    urgency(bus, sla_class="general", reason="danger_over", key="k2")
    bus.move(NOW + 2 * DAY)
    assert order(bus)["sla_class"] == "emergency"


def test_silence_takes_up_what_its_caller_wants_taken_up_and_a_clerk_may_refuse_it(bus):
    decide(bus, reinstatement(bus), grant=False)
    assert (bus.told(ComplaintReinstatedV1), order(bus, "W1")["state"]) == ([], "answered")

    reinstatement(bus, key="k2")
    bus.move(NOW + DAY)

    (taken_up,) = bus.told(ComplaintReinstatedV1)
    assert (taken_up.order_no, taken_up.reinstated_by, order(bus, "W1")["state"]) == ("W1", "intake", "linked")


def test_what_the_hotline_took_up_meanwhile_has_nothing_to_be_decided(bus):
    asked = reinstatement(bus)
    bus.ask("reinstate_order", {"order_no": "W1", "reason": "来电人坚持", "idempotency_key": "h"}, Role.HOTLINE)

    bus.move(NOW + DAY)

    assert bus.ask("get_request", {"request_id": asked}, Role.CLERK, COMMUNITY)["state"] == "ended"
    with pytest.raises(OrderStateForbids):
        reinstatement(bus, key="k2")


def test_an_issue_that_nobody_called_about_is_given_up_when_somebody_above_agrees(bus):
    issue_id = bus.ask("raise_issue", RAISED | {"idempotency_key": "r"}, Role.CLERK, COMMUNITY)["issue_id"]
    about = {"issue_id": issue_id, "reason": "raised_twice"}
    with pytest.raises(HasOrders):
        ask(bus, "withdrawal", issue_id="I-A1", reason="proposer")
    asked = ask(bus, "withdrawal", **about)
    with pytest.raises(AlreadyAsked):
        ask(bus, "withdrawal", **about, key="k2")

    decide(bus, asked)

    (withdrawn,) = bus.told(IssueWithdrawnV1)
    assert (withdrawn.issue_id, withdrawn.order_no, withdrawn.withdrawn_by) == (issue_id, "", "zhao")


def test_each_is_on_the_list_of_the_clerks_above_and_of_nobody_who_asked(bus):
    asked = {transfer(bus), urgency(bus, key="k2"), reinstatement(bus, key="k3")}

    def waits(subject, unit):
        found = bus.ask("list_my_work", {}, Role.CLERK, unit, subject=subject)["waits"]
        return {one["about"] for one in found if "intake.decide_request" in one["calls"]}

    assert (waits("zhao", STREET), waits("clerk-1", STREET)) == (asked, set())


def test_what_the_hotline_refused_is_passed_on_to_it_once_more(bus):
    excluded = {"wants": "exclusion", "reason": "force_majeure", "words": "暴雨停工", "order_no": "A1"}
    first = bus.ask("ask_hotline", excluded | {"idempotency_key": "h"}, Role.CLERK, COMMUNITY)["request_id"]
    said = {"order_no": "A1", "granted": False, "answer": "不属剔除情形", "answered_at": NOW}
    bus.hear(OrderRequestAnsweredV1(request_id=first, **said))
    appeal = {"request_id": first, "words": "附气象证明", "idempotency_key": "a"}
    with pytest.raises(NotAllowed):
        decide(bus, first)

    again = bus.ask("appeal_request", appeal, Role.CLERK, COMMUNITY)["request_id"]

    assert [one.appeals for one in bus.told(OrderRequestAskedV1)] == ["", first]
    bus.hear(OrderRequestAnsweredV1(request_id=again, **said))
    with pytest.raises(NotAppealable, match="final"):
        bus.ask("appeal_request", appeal | {"request_id": again, "idempotency_key": "b"}, Role.CLERK, COMMUNITY)
