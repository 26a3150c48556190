"""The hotline dispatches an order again: it is for another unit or due by another limit, and its issue goes along."""

from datetime import timedelta

import pytest

from services.intake.service import IntakeService
from shared.auth import Role
from shared.contracts.dispatch import IssueHandledV1
from shared.contracts.evaluation import OrderEvaluatedV1
from shared.contracts.hotline import CallbackReportedV1, OrderRecalledV1, OrderRedispatchedV1, PlacePart
from shared.contracts.intake import (
    CallbackReceivedV1,
    ComplaintLinkedV1,
    ComplaintReinstatedV1,
    ComplaintRejectedV1,
    ComplaintUnlinkedV1,
    IssueRaisedV1,
    IssueWithdrawnV1,
)
from shared.contracts.orders import ComplaintRedispatchedV1
from shared.contracts.vocabulary import Disposition, Outcome, SlaClass
from tests.databases import engine_of
from tests.harness import Bus
from tests.intake.builders import COMMUNITY, DISTRICT, NEIGHBOUR, NOW, STREET, an_order
from tests.intake.reports import alone, closed
from tests.told import tell_streets

DAY = timedelta(days=1)

engine = engine_of("intake", tell_streets, kinds=["sqlite"])  # tests/district has what differs


@pytest.fixture
def bus(engine):
    made = Bus(engine, IntakeService, NOW)
    made.hear(an_order("A1"))
    return made


def again(order_no="A1", unit=NEIGHBOUR, **changed):
    place = {"place": PlacePart(unit_codes=[unit])} if unit else {}
    facts = {"order_no": order_no, "dispatch_no": 2, "reason": "属相邻社区", "dispatched_at": NOW} | place
    return OrderRedispatchedV1(**(facts | changed))


def order(bus, order_no="A1"):
    return bus.ask("get_complaint", {"order_no": order_no}, Role.SUPERVISOR)


def issue(bus, issue_id="I-A1"):
    return bus.ask("get_issue", {"issue_id": issue_id}, Role.CLERK, DISTRICT)


def refusals(bus):
    return [(one.reason, set(one.fields)) for one in bus.told(ComplaintRejectedV1)]


def test_the_order_and_its_issue_are_the_other_units_by_the_hotlines_own_limit(bus):
    due_at = NOW + 3 * DAY

    bus.hear(again(due_at=due_at), times=2)

    (told,) = bus.told(ComplaintRedispatchedV1)
    assert (told.dispatch_no, told.issue_id, told.from_unit, told.to_unit) == (2, "I-A1", COMMUNITY, NEIGHBOUR)
    assert (told.due_at, order(bus)["due_at"], order(bus)["dispatch_no"]) == (due_at, due_at.isoformat(), 2)
    assert (order(bus)["unit_code"], issue(bus)["unit_code"]) == (NEIGHBOUR, NEIGHBOUR)
    assert bus.told(ComplaintUnlinkedV1) == []
    (entry,) = order(bus)["history"]
    assert (entry["kind"], entry["reason"], entry["decided_by"]) == ("redispatched", "属相邻社区", "hotline")
    assert (entry["before"]["unit_code"], entry["after"]["unit_code"]) == (COMMUNITY, NEIGHBOUR)


def test_to_the_same_unit_only_its_limit_is_another_one(bus):
    bus.hear(again(unit="", due_at=NOW + DAY))

    (told,) = bus.told(ComplaintRedispatchedV1)
    assert (told.from_unit, told.to_unit, told.due_at) == (COMMUNITY, COMMUNITY, NOW + DAY)


def test_without_a_limit_of_the_hotlines_the_one_of_its_class_counts_from_the_new_dispatch(bus):
    bus.move(NOW + DAY)

    bus.hear(again(sla_class=SlaClass.EMERGENCY, dispatched_at=NOW + DAY))

    (told,) = bus.told(ComplaintRedispatchedV1)
    assert (told.dispatched_at, told.due_at) == (NOW + DAY, NOW + DAY + timedelta(hours=2))


def test_one_that_shares_its_issue_leaves_it_for_another_unit_and_what_urges_it_comes_along(bus):
    bus.hear(an_order("A2"), an_order("A3", caller="caller-of-A2"))
    assert [order(bus, one)["state"] for one in ("A2", "A3")] == ["linked", "urged"]

    bus.hear(again("A2"))

    (told,) = bus.told(ComplaintRedispatchedV1)
    raised, linked = bus.told(IssueRaisedV1)[-1], bus.told(ComplaintLinkedV1)[-1]
    assert {told.issue_id, raised.issue_id, linked.issue_id, order(bus, "A3")["issue_id"]} == {"I-A2"}
    assert (raised.dispatch_no, linked.dispatch_no, linked.dispatched_to) == (2, 2, NEIGHBOUR)
    assert (order(bus)["issue_id"], issue(bus)["unit_code"]) == ("I-A1", COMMUNITY)


def test_one_that_shares_its_issue_stays_there_by_a_limit_of_its_own(bus):
    bus.hear(an_order("A2"))

    bus.hear(again("A2", unit="", due_at=NOW + DAY))

    assert [one.issue_id for one in bus.told(ComplaintRedispatchedV1)] == ["I-A1"]
    assert order(bus)["due_at"] != order(bus, "A2")["due_at"]


def test_what_was_done_and_said_before_neither_answers_nor_ends_it(bus):
    bus.hear(an_order("A2"))
    bus.clock.instant = NOW + timedelta(hours=2)
    bus.hear(again("A2", COMMUNITY))
    facts = {"order_no": "A2", "issue_id": "I-A1", "unit_code": COMMUNITY, "outcome": Outcome.SOLVED}
    said = OrderEvaluatedV1(**facts, handled_at=NOW + timedelta(hours=1), evaluated_at=bus.clock.now())
    bus.hear(alone("A2", "人已救出", NOW + timedelta(hours=1)), said)
    assert (order(bus, "A2")["state"], order(bus, "A2")["reply"]) == ("linked", "")

    at = NOW + timedelta(hours=3)
    bus.hear(IssueHandledV1(issue_id="I-A1", unit_code=COMMUNITY, result="已施划车位", handled_at=at))
    assert order(bus, "A2")["reply"] == "已施划车位"


@pytest.mark.parametrize("ended", ["answered", "recalled", "closed"])
def test_whatever_had_become_of_it_it_is_in_hand_again(bus, ended):
    if ended == "answered":
        bus.hear(an_order("B1", disposition=Disposition.OUTSIDE_DUTY))
    else:
        recall = OrderRecalledV1(order_no="B1", dispatch_no=1, reason="重新核实", recalled_at=NOW)
        bus.hear(an_order("B1", units=[STREET]), recall if ended == "recalled" else closed(Outcome.SOLVED, "I-B1"))
    assert order(bus, "B1")["state"] == ended

    bus.hear(again("B1"))

    (told,) = bus.told(ComplaintRedispatchedV1)
    found = order(bus, "B1")
    assert (found["state"], found["unit_code"], found["dispatch_no"], found["outcome"]) == ("linked", NEIGHBOUR, 2, "")
    assert (found["issue_id"], issue(bus, told.issue_id)["state"]) == (told.issue_id, "open")


def test_to_a_unit_that_nobody_knows_it_waits_for_a_clerk_and_nobody_works_on_it(bus):
    bus.hear(again(unit="110105999"))

    assert (order(bus)["state"], order(bus)["issue_id"]) == ("to_settle", "")
    assert [one.issue_id for one in bus.told(IssueWithdrawnV1)] == ["I-A1"]
    assert bus.told(ComplaintReinstatedV1)[0].settles_at is not None
    settled = {"order_no": "A1", "unit_code": NEIGHBOUR, "reason": "已核实", "idempotency_key": "k"}

    bus.ask("settle_order", settled, Role.CLERK, DISTRICT)

    assert (order(bus)["state"], bus.told(ComplaintLinkedV1)[-1].dispatch_no) == ("linked", 2)


def test_one_that_waits_for_a_clerk_is_off_the_list_once_the_hotline_says_for_whom_it_is(bus):
    bus.hear(an_order("S1", units=["110105999"]))

    bus.hear(again("S1"))

    waiting = bus.ask("list_to_settle", {"unit_code": DISTRICT}, Role.CLERK, DISTRICT)["orders"]
    assert (order(bus, "S1")["state"], waiting) == ("linked", [])


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        (again("Z9"), ("unknown_order", {"order_no"})),
        (again(due_at=NOW - DAY), ("contract_broken", {"due_at"})),
        (again(dispatched_at=NOW + 5 * DAY), ("contract_broken", {"dispatched_at"})),
    ],
    ids=lambda one: one[0] if isinstance(one, tuple) else "",
)
def test_what_cannot_be_taken_is_refused_once_by_field(bus, said, refusal):
    bus.hear(said, said)

    assert (refusals(bus), bus.told(ComplaintRedispatchedV1)) == ([refusal], [])


def test_a_number_stands_for_one_dispatch_and_the_next_one_has_a_higher_number(bus):
    bus.hear(again(dispatch_no=3), again(dispatch_no=3, unit=STREET), again(dispatch_no=2))

    assert refusals(bus) == [("update_reused", {"number"}), ("update_reused", {"dispatch_no"})]
    assert [one.dispatch_no for one in bus.told(ComplaintRedispatchedV1)] == [3]


def test_a_callback_is_about_a_dispatch_that_there_is(bus):
    asked = {"order_no": "A1", "called_at": NOW, "reached": False}

    bus.hear(CallbackReportedV1(**asked, dispatch_no=2), again(), CallbackReportedV1(**asked, dispatch_no=2, round=2))

    assert refusals(bus) == [("not_dispatched", {"dispatch_no"})]
    assert [(one.dispatch_no, one.round) for one in bus.told(CallbackReceivedV1)] == [(2, 2)]


def test_the_hotlines_own_limit_in_an_order_is_the_limit_and_one_before_the_dispatch_is_refused(bus):
    bus.hear(an_order("B1", due_at=NOW + DAY, dispatch_no=3), an_order("B2", due_at=NOW - DAY))

    assert (order(bus, "B1")["due_at"], order(bus, "B1")["dispatch_no"]) == ((NOW + DAY).isoformat(), 3)
    assert refusals(bus) == [("contract_broken", {"due_at"})]
