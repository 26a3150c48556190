"""Made-up orders: lawful ones as the contract says, faulty ones not, and the same each time."""

from datetime import datetime, timedelta

import pytest

from services.rehearsal.dice import Dice
from services.rehearsal.people.hotline import Hotline, Order
from services.rehearsal.shares import shares
from services.rehearsal.writing import Writing
from shared.clock import SHANGHAI
from shared.contracts import ContractBroken
from shared.contracts.envelope import decode
from shared.contracts.hotline import ComplaintFiledV1
from shared.units import UnitDirectory, tier_of

MIDNIGHT = datetime(2026, 3, 3, tzinfo=SHANGHAI)


def a_month(seed):
    writing = Writing(Dice(seed), UnitDirectory.load())
    return [order for day in range(30) for order in writing.orders_of(MIDNIGHT + timedelta(days=day))]


@pytest.fixture(scope="module")
def month():
    return a_month(7)


def is_lawful(content):
    try:
        ComplaintFiledV1.from_wire(content)
    except ContractBroken:
        return False
    return content["place"]["unit_codes"] != ["110105999"]


def test_the_same_seed_writes_the_same_day_and_another_seed_another():
    units = UnitDirectory.load()
    assert Writing(Dice(7), units).orders_of(MIDNIGHT) == Writing(Dice(7), units).orders_of(MIDNIGHT)
    assert Writing(Dice(7), units).orders_of(MIDNIGHT) != Writing(Dice(8), units).orders_of(MIDNIGHT)


def test_nearly_all_orders_keep_the_contract_and_some_are_faulty(month):
    faulty = [content for _, _, content in month if not is_lawful(content)]
    assert 0 < len(faulty) < 0.05 * len(month)


def test_orders_name_places_of_all_tiers_and_some_only_an_address(month):
    codes = [content["place"]["unit_codes"] for _, _, content in month]
    assert {tier_of(code).value for found in codes for code in found} == {"grid", "community", "street"}
    assert [] in codes
    assert any(len(found) > 1 for found in codes)


@pytest.mark.parametrize(("ratio", "communities"), [(0, 1), (1, 2)])
def test_no_number_is_used_twice_and_bursts_come_from_one_community_or_from_two_of_a_street(
    monkeypatch, ratio, communities
):
    monkeypatch.setattr(shares().hotline, "burst_of_street_ratio", ratio)
    written = a_month(7)
    numbers = [order_no for _, order_no, _ in written]
    assert len(numbers) == len(set(numbers))
    burst = [content for _, order_no, content in written if "-G" in order_no][: shares().hotline.burst_orders]
    codes = {content["place"]["unit_codes"][0] for content in burst}
    assert (len(codes), len({code[:9] for code in codes})) == (communities, 1)
    assert len({content["caller"]["ref"] for content in burst}) == shares().hotline.burst_orders


def test_some_speak_for_somebody_else_and_some_of_more_than_one_thing(month):
    for_others = [content for _, _, content in month if content["caller"].get("relation")]
    of_several = [content for _, _, content in month if content.get("matters")]

    assert 0 < len(for_others) < 0.1 * len(month)
    assert all(content["caller"]["concerned_name"] for content in for_others)
    assert 0 < len(of_several) < 0.05 * len(month)
    assert all(is_lawful(content) for content in of_several)


def test_an_order_is_on_the_wire_as_the_suite_reads_it():
    order = Order("20260303-0001", MIDNIGHT, {"order_no": "20260303-0001"})
    envelope = decode(order.to_wire(), "application/cloudevents+json")
    assert (envelope.type, envelope.subject, envelope.id) == ("complaint_filed.v1", order.order_no, order.message_id)


def test_orders_are_sent_after_they_were_filed_and_never_before_the_exercise_begins():
    begins_at = MIDNIGHT + timedelta(hours=8)
    hotline = Hotline(Dice(7), UnitDirectory.load(), MIDNIGHT + timedelta(days=2))
    hotline.plan_day(MIDNIGHT, not_before=begins_at)
    first = hotline.next_at
    assert first is not None
    sent = hotline.take_due(first)
    assert sent
    assert all(begins_at <= order.filed_at < first for order in sent)
