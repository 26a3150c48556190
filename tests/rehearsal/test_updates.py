"""The hotline of the exercise comes back to some orders, as its contracts have it, and to none that has ended."""

from collections import Counter
from datetime import datetime, timedelta

import pytest

from services.rehearsal.dice import Dice
from services.rehearsal.hearing import Heard
from services.rehearsal.people.updates import ACCEPTED, ANSWERED, ASKED, HotlineUpdates
from shared.clock import SHANGHAI
from shared.contracts import EVENTS
from shared.units import UnitDirectory

BEGINS = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
ORDERS = 2000


def accepted(order_no, sla_class="general"):
    said = {"order_no": order_no, "unit_code": "110105017036", "settles_at": None, "sla_class": sla_class}
    return Heard(ACCEPTED, order_no, said | {"dispatched_at": BEGINS.isoformat()})


def all_of(hotline):
    """All that it says until it has no more to say."""
    said = []
    while (at := hotline.next_at) is not None:
        said += hotline.take_due(at)
    return said


@pytest.fixture
def hotline():
    return HotlineUpdates(Dice(7), UnitDirectory.load())


def test_some_of_all_kinds_are_said_in_small_shares_and_each_keeps_its_contract(hotline):
    for number in range(ORDERS):
        hotline.hear(accepted(f"{number:06}"))

    said = all_of(hotline)

    counted = Counter(one.wire_type for one in said)
    assert len(counted) == 6
    assert sum(counted.values()) < ORDERS * 0.1
    assert counted["order_redispatched.v1"] > counted["order_recalled.v1"] > 0
    for one in said:
        EVENTS[one.wire_type].from_wire(one.content)
    assert len({one.message_id for one in said}) == len(said)


class Wire:
    """Keeps what is published."""

    def __init__(self):
        self.taken = []

    def publish(self, messages, wire_type):
        self.taken += [(message_id, wire_type) for message_id, _ in messages]


def test_of_several_at_one_instant_each_counts_as_sent_once_it_is_sent(hotline):
    for number in range(ORDERS):
        hotline.hear(accepted(f"{number:06}"))
    due, wire = hotline.take_due(hotline.next_at + timedelta(days=30)), Wire()

    for number, update in enumerate(due):
        assert len(hotline.sent) == number
        hotline.say(update, wire)

    assert wire.taken == [(one.message_id, one.wire_type) for one in due]
    assert list(hotline.sent) == [one.message_id for one in due]


def test_nothing_more_is_said_of_what_has_ended_or_is_over_within_hours(hotline):
    for number in range(ORDERS):
        hotline.hear(accepted(f"{number:06}", "emergency"))
        hotline.hear(accepted(f"1{number:06}"))
        hotline.hear(Heard("complaint_closed.v1", "I", {"order_no": f"1{number:06}"}))

    assert all_of(hotline) == []


def test_nothing_is_merged_into_what_has_ended(hotline):
    for number in range(ORDERS):
        hotline.hear(accepted(f"{number:06}"))
    planned = [one for some in hotline._planned.values() for one in some if one[1].startswith("merged ")]
    for _, what, _ in planned:
        hotline.hear(Heard("complaint_closed.v1", "I", {"order_no": what.partition(" ")[2]}))

    assert planned
    assert "order_merged.v1" not in {one.wire_type for one in all_of(hotline)}


def test_who_is_recalled_is_dispatched_again_the_next_day(hotline):
    for number in range(ORDERS):
        hotline.hear(accepted(f"{number:06}"))

    said = all_of(hotline)

    recalled = {one.content["order_no"]: one.said_at for one in said if one.wire_type == "order_recalled.v1"}
    again = {one.content["order_no"]: one.said_at for one in said if one.wire_type == "order_redispatched.v1"}
    assert all(again[order_no] == at + timedelta(days=1) for order_no, at in recalled.items())


def asked(order_no, wants):
    said = {"request_id": f"{order_no}/Q1", "order_no": order_no, "unit_code": "110105017036", "wants": wants}
    return Heard(ASKED, order_no, said | {"asked_at": BEGINS.isoformat()})


def test_what_the_district_asks_for_is_granted_refused_or_never_answered_also_when_the_order_has_ended(hotline):
    for number in range(200):
        hotline.hear(asked(f"{number:06}", "exclusion"))
        hotline.hear(Heard("complaint_closed.v1", "I", {"order_no": f"{number:06}"}))

    said = all_of(hotline)

    assert {one.wire_type for one in said} == {ANSWERED}
    assert 100 < len(said) < 200
    assert {one.content["granted"] for one in said} == {True, False}
    for one in said:
        EVENTS[one.wire_type].from_wire(one.content)


def test_what_is_returned_goes_out_again_and_nothing_else_is_said_of_it(hotline):
    for number in range(ORDERS):
        hotline.hear(accepted(f"{number:06}"))
        hotline.hear(asked(f"{number:06}", "return"))

    said = all_of(hotline)

    granted = {one.content["order_no"] for one in said if one.wire_type == ANSWERED and one.content["granted"]}
    others = Counter(one.content["order_no"] for one in said if one.wire_type != ANSWERED)
    again = {one.content["order_no"] for one in said if one.wire_type == "order_redispatched.v1"}
    assert granted
    assert granted <= again
    assert {others[order_no] for order_no in granted} == {1}
