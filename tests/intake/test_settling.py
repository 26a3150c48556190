"""Orders of which only a clerk can say which unit they are for: on a list, settled, returned, or defaulted."""

from datetime import timedelta

import pytest

from services.intake.domain.errors import OrderStateForbids, OutsideYourDesk
from services.intake.service import IntakeService
from shared.auth import Role
from shared.contracts.hotline import PlacePart
from shared.contracts.intake import (
    ComplaintAcceptedV1,
    ComplaintLinkedV1,
    ComplaintReturnedV1,
    ComplaintSettledV1,
    IssueRaisedV1,
)
from shared.contracts.vocabulary import SlaClass
from shared.errors import NotAllowed
from tests.harness import Bus
from tests.intake.builders import COMMUNITY, DISTRICT, NEIGHBOUR, NOW, STREET, an_order

IN_ONE_STREET = {"place": PlacePart(address="劲松一区社区"), "title": "劲松东社区停车难"}
ELSEWHERE = {"place": PlacePart(address="丰台区和平东街"), "title": "路灯不亮", "content": "路灯坏了三天"}
UNKNOWN = {"units": ["110105999"]}
REASON = {"reason": "与来电人核实", "idempotency_key": "k"}
HOURS = timedelta(hours=1)


@pytest.fixture
def bus(engine):
    return Bus(engine, IntakeService, NOW)


def listed(bus, unit=DISTRICT):
    return bus.ask("list_to_settle", {"unit_code": unit}, Role.CLERK, unit)["orders"]


def settle(bus, unit, clerk_of=DISTRICT, order_no="A1"):
    asked = {"order_no": order_no, "unit_code": unit} | REASON
    return bus.ask("settle_order", asked, Role.CLERK, clerk_of, subject="zhao")


def order(bus, order_no="A1"):
    return bus.ask("get_complaint", {"order_no": order_no}, Role.SUPERVISOR)


def test_an_unknown_unit_refuses_nothing_the_order_is_accepted_and_listed_for_the_district(bus):
    bus.hear(an_order(**UNKNOWN))

    (accepted,) = bus.told(ComplaintAcceptedV1)
    assert (accepted.unit_code, accepted.settles_at, accepted.due_at) == (DISTRICT, NOW + 4 * HOURS, NOW + 168 * HOURS)
    assert bus.told() == ["complaint_accepted.v1"]
    (line,) = listed(bus)
    assert (line["order_no"], line["doubt"], line["named"]) == ("A1", "unknown_unit", ["Unknown unit: 110105999."])
    assert (line["suggestion"], line["suggested_unit"], line["waits_at"]) == ("give_unit", DISTRICT, DISTRICT)
    assert line["waits_since"] == NOW.isoformat()
    assert line["settles_at"] == (NOW + 4 * HOURS).isoformat()


def test_an_emergency_waits_no_longer_than_a_share_of_its_limit(bus):
    bus.hear(an_order(**UNKNOWN, sla_class=SlaClass.EMERGENCY))

    assert bus.told(ComplaintAcceptedV1)[0].settles_at == NOW + timedelta(minutes=15)


def test_what_contradicts_itself_inside_a_street_is_for_that_streets_clerks_and_no_other(bus):
    bus.hear(an_order(**IN_ONE_STREET))

    assert [one["order_no"] for one in listed(bus, STREET)] == ["A1"]
    assert listed(bus, COMMUNITY) == listed(bus, "110105018") == []
    with pytest.raises(NotAllowed):
        settle(bus, COMMUNITY, COMMUNITY)


def test_what_a_desk_must_settle_is_in_its_clerks_work_with_the_due_instant_and_what_happens_otherwise(bus):
    bus.hear(an_order("A1", **IN_ONE_STREET), an_order("A2", **UNKNOWN))

    (one,) = bus.ask("list_my_work", {}, Role.CLERK, STREET)["waits"]

    assert (one["about"], one["state"], one["due_at"]) == ("A1", "to_settle", (NOW + 4 * HOURS).isoformat())
    assert "intake.settle_order" in one["calls"]
    assert one["otherwise"]


def test_a_clerk_gives_it_a_unit_and_it_goes_its_way_with_the_clock_of_its_arrival(bus):
    bus.hear(an_order(**UNKNOWN))
    bus.move(NOW + 2 * HOURS)

    reply = settle(bus, COMMUNITY)

    (raised,), (linked,), (settled,) = (
        bus.told(kind) for kind in (IssueRaisedV1, ComplaintLinkedV1, ComplaintSettledV1)
    )
    assert (raised.unit_code, raised.dispatched_at, raised.due_at) == (COMMUNITY, NOW, NOW + 168 * HOURS)
    assert (linked.unit_code, linked.linked_by) == (COMMUNITY, "zhao")
    assert raised.title.endswith("劲松街道劲松北社区居委会")
    assert (settled.issue_id, settled.unit_code, settled.is_default) == ("I-A1", COMMUNITY, False)
    assert (reply["state"], reply["unit_code"], listed(bus)) == ("linked", COMMUNITY, [])
    assert order(bus)["history"] == reply["history"]
    (entry,) = reply["history"]
    assert (entry["kind"], entry["decided_by"], entry["reason"]) == ("settled", "zhao", REASON["reason"])
    assert (entry["before"], entry["after"]) == ({"unit_code": DISTRICT}, {"unit_code": COMMUNITY})


def test_a_settled_order_joins_an_open_issue_on_the_same_matter(bus):
    bus.hear(an_order("A0"), an_order("A1", **UNKNOWN))

    assert settle(bus, COMMUNITY)["issue_id"] == "I-A0"
    assert bus.told(ComplaintSettledV1)[0].issue_id == "I-A0"


def test_nobody_gives_what_is_on_their_list_to_a_unit_outside_and_nothing_is_settled_twice(bus):
    bus.hear(an_order(**IN_ONE_STREET))
    with pytest.raises(OutsideYourDesk):
        settle(bus, "110105018", STREET)

    settle(bus, NEIGHBOUR, STREET)

    with pytest.raises(OrderStateForbids):
        bus.ask(
            "settle_order",
            {"order_no": "A1", "unit_code": COMMUNITY} | REASON | {"idempotency_key": "2"},
            Role.CLERK,
            STREET,
        )


def test_when_nobody_moves_the_unit_that_covers_it_has_it_once_and_it_is_told_as_a_default(bus):
    bus.hear(an_order("A1", **IN_ONE_STREET), an_order("A2", **ELSEWHERE))
    bus.move(NOW + 3 * HOURS)
    assert bus.told(ComplaintSettledV1) == []

    bus.move(NOW + 5 * HOURS)
    bus.move(NOW + 9 * HOURS)

    told = {one.order_no: (one.unit_code, one.is_default, one.settled_by) for one in bus.told(ComplaintSettledV1)}
    assert told == {"A1": (STREET, True, "intake"), "A2": (DISTRICT, True, "intake")}
    assert [one["kind"] for one in order(bus)["history"]] == ["defaulted"]


def test_after_a_clerk_has_decided_the_default_changes_nothing(bus):
    bus.hear(an_order(**UNKNOWN))
    settle(bus, COMMUNITY)

    bus.move(NOW + 9 * HOURS)

    assert len(bus.told(ComplaintSettledV1)) == 1


def test_an_address_elsewhere_becomes_no_issue_and_the_district_gives_it_back_with_the_reason(bus):
    bus.hear(an_order(**ELSEWHERE))
    (line,) = listed(bus)
    assert (line["doubt"], line["suggestion"]) == ("elsewhere", "return_to_hotline")
    assert line["named"] == ["丰台区"]

    reply = bus.ask("return_to_hotline", {"order_no": "A1"} | REASON, Role.CLERK, DISTRICT, subject="zhao")
    bus.move(NOW + 9 * HOURS)

    (returned,) = bus.told(ComplaintReturnedV1)
    assert (returned.order_no, returned.reason, returned.returned_by) == ("A1", REASON["reason"], "zhao")
    assert bus.told() == ["complaint_accepted.v1", "complaint_returned.v1"]
    assert (reply["state"], listed(bus)) == ("returned", [])
    assert [one["kind"] for one in order(bus)["history"]] == ["returned"]


def test_a_street_returns_nothing_to_the_hotline(bus):
    bus.hear(an_order(**IN_ONE_STREET))

    with pytest.raises(NotAllowed):
        bus.ask("return_to_hotline", {"order_no": "A1"} | REASON, Role.CLERK, STREET)


def test_nothing_repeats_an_order_that_waits_or_was_returned(bus):
    bus.hear(an_order("A1", caller="wang", **ELSEWHERE))
    bus.hear(an_order("A2", caller="wang", **ELSEWHERE))

    assert bus.told() == ["complaint_accepted.v1", "complaint_accepted.v1"]
    assert [one["order_no"] for one in listed(bus)] == ["A1", "A2"]


def test_the_same_order_again_stays_on_the_list_once(bus):
    bus.hear(an_order(**UNKNOWN), an_order(**UNKNOWN))
    bus.hear(an_order(**UNKNOWN))

    assert bus.told() == ["complaint_accepted.v1"]
