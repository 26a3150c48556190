"""An order that a court, an arbitration body or the petition office has: it leaves, and the others go on."""

import pytest

from services.intake.domain.errors import OrderStateForbids
from services.intake.service import IntakeService
from shared.auth import Role
from shared.contracts.hotline import OrderMergedV1
from shared.contracts.intake import (
    ComplaintAcceptedV1,
    ComplaintReferredV1,
    ComplaintReinstatedV1,
    ComplaintUnlinkedV1,
    IssueWithdrawnV1,
)
from shared.contracts.vocabulary import OtherChannel, RequestKind
from shared.errors import BadRequest, NotAllowed
from tests.databases import engine_of
from tests.harness import Bus
from tests.intake.builders import COMMUNITY, NOW, STREET, an_order
from tests.told import tell_streets

COURT = {"channel": "court", "reference": "(2026)京0105民初12345号", "entered_on": "2026-03-01"}
ANOTHER = "楼下饭店油烟熏人"


engine = engine_of("intake", tell_streets, kinds=["sqlite"])  # test_storage has what differs


@pytest.fixture
def bus(engine):
    return Bus(engine, IntakeService, NOW)


def refer(bus, order_no="A1", clerk_of=STREET, key="k", **changed):
    asked = {"order_no": order_no, "idempotency_key": key} | COURT | changed
    return bus.ask("refer_order", asked, Role.CLERK, clerk_of, subject="zhao")


def listed(bus):
    asked = {"unit_code": COMMUNITY}
    return [one["issue_id"] for one in bus.ask("list_deliberation", asked, Role.CLERK, COMMUNITY)["issues"]]


def state_of(bus, order_no):
    reply = bus.ask("get_complaint", {"order_no": order_no}, Role.SUPERVISOR)
    return reply["state"], reply["issue_id"]


def test_one_of_several_leaves_with_reference_and_day_and_the_others_go_on(bus):
    bus.hear(*(an_order(f"A{number}") for number in range(1, 4)))

    reply = refer(bus)

    (told,) = bus.told(ComplaintReferredV1)
    assert (told.channel, told.reference, told.entered_on, told.referred_by) == (
        OtherChannel.COURT,
        COURT["reference"],
        COURT["entered_on"],
        "zhao",
    )
    assert (reply["state"], reply["issue_id"], reply["history"][0]["after"]) == ("referred", "", COURT)
    assert COURT["reference"] in reply["reply"]
    assert COURT["entered_on"] in reply["reply"]
    assert [state_of(bus, one) for one in ("A2", "A3")] == [("linked", "I-A1")] * 2
    assert bus.told(IssueWithdrawnV1) == []


def test_what_the_hotline_merged_into_it_goes_along_with_its_own_caller_and_goes_on_with_any_other(bus):
    filed = [an_order("A1"), an_order("A2"), an_order("A3", caller="caller-of-A1", title=ANOTHER, content=ANOTHER)]
    about = {"into_order_no": "A1", "reason": "重复登记", "merged_at": NOW}
    bus.hear(*filed, *(OrderMergedV1(order_no=one, **about) for one in ("A2", "A3")))

    refer(bus)

    states = [state_of(bus, one) for one in ("A1", "A2", "A3")]
    assert states == [("referred", ""), ("linked", "I-A1"), ("referred", "")]
    (told,) = bus.told(ComplaintReinstatedV1)
    limit = next(one.due_at for one in bus.told(ComplaintAcceptedV1) if one.order_no == "A2")
    assert (told.order_no, told.due_at) == ("A2", limit)
    assert "I-A1" not in {one.issue_id for one in bus.told(IssueWithdrawnV1)}


def test_what_is_wholly_before_the_court_is_off_the_deliberation_list(bus):
    bus.hear(an_order("A1", request_kind=RequestKind.PROPOSAL))
    bus.hear(an_order("A2", request_kind=RequestKind.PROPOSAL))
    issue_ids = listed(bus)

    refer(bus, "A1", key="k1")
    half_way = listed(bus)
    refer(bus, "A2", key="k2")

    assert (issue_ids, half_way, listed(bus)) == (["I-A1"], ["I-A1"], [])
    assert [one.issue_id for one in bus.told(IssueWithdrawnV1)] == ["I-A1"]


def test_only_the_hotline_and_the_caller_are_told_the_reference(bus):
    bus.hear(an_order())

    refer(bus)

    reasons = {one.reason for one in (*bus.told(ComplaintUnlinkedV1), *bus.told(IssueWithdrawnV1))}
    assert reasons == {"已由人民法院受理"}


def test_what_urges_it_goes_with_it_and_nothing_is_referred_twice(bus):
    bus.hear(an_order("A1", caller="wang"), an_order("A2", caller="wang"))

    refer(bus)

    assert {one.order_no for one in bus.told(ComplaintReferredV1)} == {"A1", "A2"}
    with pytest.raises(OrderStateForbids):
        refer(bus, key="again")


def test_a_court_that_does_not_take_it_leaves_the_way_back(bus):
    bus.hear(an_order())
    refer(bus)

    asked = {"order_no": "A1", "reason": "法院裁定不予受理", "idempotency_key": "k2"}
    reply = bus.ask("reinstate_order", asked, Role.HOTLINE)

    assert (reply["state"], reply["reply"]) == ("linked", "")
    assert [one["kind"] for one in reply["history"]] == ["referred", "reinstated"]


def test_the_unit_itself_does_not_say_so(bus):
    bus.hear(an_order())

    with pytest.raises(NotAllowed):
        refer(bus, clerk_of=COMMUNITY)


@pytest.mark.parametrize("day", ["2026-02-30", "2027-01-01", "昨天"])
def test_a_day_that_is_none_or_has_not_begun_is_refused_by_field(bus, day):
    bus.hear(an_order())

    with pytest.raises(BadRequest) as refused:
        refer(bus, entered_on=day)

    assert list(refused.value.fields) == ["entered_on"]
