"""A correction: unit, category or class of an order were wrong; its issue follows, or it leaves a shared one."""

from datetime import timedelta

import pytest

from services.intake.domain.errors import NothingToCorrect, NotLinked
from services.intake.service import IntakeService
from shared.auth import Role
from shared.contracts.intake import (
    ComplaintCorrectedV1,
    ComplaintLinkedV1,
    ComplaintUnlinkedV1,
    IssueListedV1,
    IssueRaisedV1,
)
from shared.contracts.vocabulary import ListingReason, Route, SlaClass
from shared.errors import BadRequest, NotAllowed
from tests.harness import Bus
from tests.intake.builders import COMMUNITY, DISTRICT, NEIGHBOUR, NOW, STREET, an_order
from tests.intake.test_settling import REASON, UNKNOWN, order

OTHER_STREET_UNIT = "110105018065"


@pytest.fixture
def bus(engine):
    return Bus(engine, IntakeService, NOW)


def correct(bus, clerk_of=STREET, order_no="A1", key="k", **what):
    asked = {"order_no": order_no} | REASON | {"idempotency_key": key} | what
    return bus.ask("correct_order", asked, Role.CLERK, clerk_of, subject="zhao")


def issue(bus, issue_id="I-A1"):
    return bus.ask("get_issue", {"issue_id": issue_id}, Role.CLERK, DISTRICT)


def test_the_only_order_of_an_issue_takes_it_along_to_the_right_unit_and_no_time_begins_anew(bus):
    bus.hear(an_order())
    bus.move(NOW + timedelta(days=2))

    reply = correct(bus, unit_code=NEIGHBOUR)

    (told,) = bus.told(ComplaintCorrectedV1)
    assert (told.issue_id, told.from_unit, told.to_unit, told.due_at) == (
        "I-A1",
        COMMUNITY,
        NEIGHBOUR,
        NOW + timedelta(days=7),
    )
    assert (told.reason, told.corrected_by, told.route) == (REASON["reason"], "zhao", Route.HANDLE)
    assert (issue(bus)["origin_unit"], issue(bus)["unit_code"], reply["unit_code"]) == (NEIGHBOUR,) * 3
    assert reply["title"] == told.title == issue(bus)["title"] != ""
    (entry,) = order(bus)["history"]
    assert (entry["kind"], entry["before"], entry["after"]) == (
        "corrected",
        {"unit_code": COMMUNITY},
        {"unit_code": NEIGHBOUR},
    )


def test_an_order_that_shares_its_issue_leaves_it_for_one_of_its_own_in_the_right_unit(bus):
    bus.hear(an_order("A1"), an_order("A2"))

    correct(bus, order_no="A2", unit_code=NEIGHBOUR)

    assert [(one.order_no, one.issue_id) for one in bus.told(ComplaintUnlinkedV1)] == [("A2", "I-A1")]
    raised, linked = bus.told(IssueRaisedV1)[-1], bus.told(ComplaintLinkedV1)[-1]
    assert (raised.unit_code, linked.issue_id, linked.unit_code) == (NEIGHBOUR, "I-A2", NEIGHBOUR)
    assert bus.told(ComplaintCorrectedV1)[0].issue_id == "I-A2"
    assert issue(bus)["unit_code"] == COMMUNITY


def test_new_orders_are_linked_where_the_matter_is_now(bus):
    bus.hear(an_order("A1"))
    correct(bus, unit_code=NEIGHBOUR)

    bus.hear(an_order("A2"), an_order("A3", units=[NEIGHBOUR]))

    assert (order(bus, "A2")["issue_id"], order(bus, "A3")["issue_id"]) == ("I-A2", "I-A1")


def test_another_class_gives_another_limit_from_the_same_dispatch(bus):
    bus.hear(an_order(dispatched_at=NOW - timedelta(hours=1)))

    reply = correct(bus, sla_class="emergency")

    assert (reply["sla_class"], reply["due_at"]) == ("emergency", (NOW + timedelta(hours=1)).isoformat())
    assert bus.told(ComplaintCorrectedV1)[0].sla_class is SlaClass.EMERGENCY


def test_a_category_that_councils_meet_on_brings_the_issue_onto_the_list_and_another_off_it(bus):
    bus.hear(an_order())

    correct(bus, category=deliberative(bus))
    assert (issue(bus)["route"], issue(bus)["listed_unit"]) == ("deliberate", COMMUNITY)
    assert len(bus.told(IssueListedV1)) == 1

    correct(bus, category="noise", key="k2")
    assert (issue(bus)["route"], issue(bus)["listed_unit"]) == ("handle", "")
    assert [one.route for one in bus.told(ComplaintCorrectedV1)] == [Route.DELIBERATE, Route.HANDLE]


def test_what_is_deliberated_because_handling_failed_stays_so_under_another_category(bus):
    bus.hear(an_order())
    with bus.begin() as work:
        work.issues.find_and_lock("I-A1").list_at(COMMUNITY, ListingReason.HANDLING_FAILED, at=NOW)

    correct(bus, category="noise")

    assert (issue(bus)["category"], issue(bus)["route"], issue(bus)["listed_unit"]) == (
        "noise",
        "deliberate",
        COMMUNITY,
    )


def deliberative(bus):
    """The code of a category that goes to a council."""
    with bus.begin(reads=True) as work:
        return next(one.code for one in work.catalogue.categories if one.deliberative)


def test_only_a_clerk_above_both_sides_may_correct(bus):
    bus.hear(an_order())

    for clerk_of, what in ((COMMUNITY, {"category": "noise"}), (STREET, {"unit_code": OTHER_STREET_UNIT})):
        with pytest.raises(NotAllowed):
            correct(bus, clerk_of, **what)

    assert correct(bus, DISTRICT, unit_code=OTHER_STREET_UNIT)["unit_code"] == OTHER_STREET_UNIT


def test_what_is_so_already_or_unknown_or_waits_is_refused(bus):
    bus.hear(an_order("A1"), an_order("A2", **UNKNOWN))

    with pytest.raises(NothingToCorrect, match="name another unit_code, category or sla_class"):
        correct(bus, unit_code=COMMUNITY)
    with pytest.raises(BadRequest, match="list_categories"):
        correct(bus, category="unheard_of")
    with pytest.raises(NotLinked):
        correct(bus, DISTRICT, order_no="A2", unit_code=COMMUNITY)
