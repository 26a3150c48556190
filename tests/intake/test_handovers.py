"""An emergency is handed over to 110, 119 or 120 and followed; no word ends the order, which goes on meanwhile."""

from datetime import timedelta

import pytest

from services.intake.domain.errors import HandOverInstead, NotHandedOver, OrderStateForbids
from services.intake.service import IntakeService
from shared.auth import Role
from shared.contracts.intake import ComplaintAcceptedV1, ComplaintAnsweredV1, ComplaintLinkedV1
from shared.contracts.orders import ComplaintHandedOverV1, HandoverFollowedV1, HandoverMissedV1
from shared.contracts.vocabulary import Disposition, EmergencyLine, HandoverOutcome, SlaClass
from tests.databases import engine_of
from tests.harness import Bus
from tests.intake.builders import COMMUNITY, NEIGHBOUR, NOW, STREET, an_order
from tests.told import tell_streets

FIRE = {"line": "fire", "reference": "119-0412", "words": "三号楼楼道起火,已告知楼门口位置"}

engine = engine_of("intake", tell_streets, kinds=["sqlite"])  # test_storage and tests/district have what differs


@pytest.fixture
def bus(engine):
    made = Bus(engine, IntakeService, NOW)
    made.hear(an_order("A1", sla_class=SlaClass.EMERGENCY))
    return made


def hand_over(bus, order_no="A1", key="k", **changed):
    asked = {"order_no": order_no, "idempotency_key": key} | FIRE | changed
    return bus.ask("hand_over_order", asked, Role.CLERK, COMMUNITY, subject="zhao")


def follow(bus, order_no="A1", key="f"):
    asked = {"order_no": order_no, "outcome": "attended", "words": "消防已扑灭", "idempotency_key": key}
    return bus.ask("follow_handover", asked, Role.CLERK, COMMUNITY)


def to_follow(bus, unit=COMMUNITY):
    waits = bus.ask("list_my_work", {}, Role.CLERK, unit)["waits"]
    return [(one["about"], one["due_at"]) for one in waits if "intake.follow_handover" in one["calls"]]


def test_it_is_told_and_waits_to_be_followed_while_the_order_goes_on_as_it_was(bus):
    reply = hand_over(bus)

    (told,) = bus.told(ComplaintHandedOverV1)
    assert (told.issue_id, told.line, told.reference, told.handed_by) == (
        "I-A1",
        EmergencyLine.FIRE,
        "119-0412",
        "zhao",
    )
    assert (reply["state"], reply["issue_id"], reply["has_ended"]) == ("linked", "I-A1", False)
    assert to_follow(bus) == [("A1", told.follow_by.isoformat())]
    assert NOW < told.follow_by < NOW + timedelta(hours=2)


def test_what_came_of_it_is_told_and_the_order_goes_on_also_then(bus):
    hand_over(bus)

    reply = follow(bus)

    (told,) = bus.told(HandoverFollowedV1)
    assert (told.line, told.outcome) == (EmergencyLine.FIRE, HandoverOutcome.ATTENDED)
    assert (reply["state"], reply["has_ended"], to_follow(bus)) == ("linked", False, [])
    assert [one["kind"] for one in reply["history"]] == ["handed_over", "followed"]
    bus.move(NOW + timedelta(days=1))
    assert bus.told(HandoverMissedV1) == []
    with pytest.raises(NotHandedOver):
        follow(bus, key="again")


def test_nobody_who_says_in_time_what_came_of_it_is_told_of_and_may_still_say_so(bus):
    hand_over(bus)
    bus.move(NOW + timedelta(hours=2))

    assert [(one.order_no, one.unit_code) for one in bus.told(HandoverMissedV1)] == [("A1", COMMUNITY)]
    assert [about for about, _ in to_follow(bus)] == ["A1"]
    follow(bus)
    assert to_follow(bus) == []


def test_it_is_followed_where_its_order_is_after_a_correction(bus):
    hand_over(bus)
    right = {"order_no": "A1", "unit_code": NEIGHBOUR, "reason": "属相邻社区", "idempotency_key": "right"}
    bus.ask("correct_order", right, Role.CLERK, STREET)

    bus.move(NOW + timedelta(hours=2))

    assert [one.unit_code for one in bus.told(HandoverMissedV1)] == [NEIGHBOUR]
    assert [[about for about, _ in to_follow(bus, unit)] for unit in (COMMUNITY, NEIGHBOUR)] == [[], ["A1"]]


def test_what_two_lines_have_is_one_row_for_what_came_of_it_is_said_once(bus):
    hand_over(bus)
    hand_over(bus, key="again", line="ambulance")

    assert [about for about, _ in to_follow(bus)] == ["A1"]
    follow(bus)
    assert [one.line for one in bus.told(HandoverFollowedV1)] == [EmergencyLine.FIRE, EmergencyLine.AMBULANCE]
    assert to_follow(bus) == []


def test_no_word_of_a_clerk_ends_an_emergency(bus):
    asked = {"order_no": "A1", "disposition": "emergency_line", "answer": "请拨打119", "idempotency_key": "k"}

    with pytest.raises(HandOverInstead, match="no word ends an emergency"):
        bus.ask("answer_order", asked, Role.CLERK, STREET)


def test_no_word_of_the_hotline_ends_one_either_it_is_urgent_and_followed(bus):
    bus.hear(an_order("B1", units=[STREET], disposition=Disposition.EMERGENCY_LINE), times=2)

    accepted, linked = bus.told(ComplaintAcceptedV1)[-1], bus.told(ComplaintLinkedV1)[-1]
    assert (accepted.order_no, accepted.sla_class, linked.order_no) == ("B1", SlaClass.EMERGENCY, "B1")
    assert bus.told(ComplaintAnsweredV1) == []
    assert [(one.order_no, one.line, one.handed_by) for one in bus.told(ComplaintHandedOverV1)] == [
        ("B1", None, "hotline")
    ]


def test_what_has_ended_is_not_handed_over(bus):
    bus.hear(an_order("B1", disposition=Disposition.OUTSIDE_DUTY))

    with pytest.raises(OrderStateForbids):
        hand_over(bus, "B1")
