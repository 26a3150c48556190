"""What the hotline says of an order later: merged, recalled, withdrawn, amended, supplemented. Nothing is a repeat."""

from datetime import timedelta

import pytest

from services.intake.service import IntakeService
from shared.auth import Role
from shared.contracts.hotline import (
    OrderAmendedV1,
    OrderMergedV1,
    OrderRecalledV1,
    OrderSupplementedV1,
    OrderWithdrawnV1,
)
from shared.contracts.intake import (
    ComplaintLinkedV1,
    ComplaintRejectedV1,
    ComplaintUnlinkedV1,
    ComplaintUrgedV1,
    IssueWithdrawnV1,
)
from shared.contracts.orders import ComplaintAmendedV1, ComplaintMergedV1, ComplaintRecalledV1, ComplaintWithdrawnV1
from tests.databases import engine_of
from tests.harness import Bus
from tests.intake.builders import COMMUNITY, CONTENT, DISTRICT, NOW, TITLE, an_order
from tests.told import tell_streets

OTHER = {"title": "楼下饭店油烟熏人", "content": "厨房油烟直排到居民家里。"}
MERGED = OrderMergedV1(order_no="A2", into_order_no="A1", reason="重复登记", merged_at=NOW)
RECALLED = OrderRecalledV1(order_no="A1", dispatch_no=1, reason="派单有误", recalled_at=NOW)
WITHDRAWN = OrderWithdrawnV1(order_no="A1", reason="王大明说已解决", withdrawn_at=NOW)
AMENDED = OrderAmendedV1(order_no="A1", number=1, content="小区西门的路灯三个月不亮。", amended_at=NOW)
MORE = OrderSupplementedV1(order_no="A1", number=1, content="夜里十点后最黑。", supplemented_at=NOW)

engine = engine_of("intake", tell_streets, kinds=["sqlite"])  # tests/district has what differs


@pytest.fixture
def bus(engine):
    """An order in an issue of its own, and one of another matter."""
    made = Bus(engine, IntakeService, NOW)
    made.hear(an_order("A1"), an_order("A2", **OTHER))
    return made


def order(bus, order_no="A1"):
    return bus.ask("get_complaint", {"order_no": order_no}, Role.SUPERVISOR)


def words(bus, order_no="A1", key="k"):
    asked = {"order_no": order_no, "reason": "sort", "idempotency_key": key}
    return bus.ask("read_order", asked, Role.CLERK, COMMUNITY)


def refusals(bus):
    return [(one.reason, set(one.fields)) for one in bus.told(ComplaintRejectedV1)]


def test_a_merged_order_is_answered_with_the_other_and_nobody_works_on_it_by_itself(bus):
    bus.hear(MERGED, times=2)

    (told,) = bus.told(ComplaintMergedV1)
    assert (told.order_no, told.first_order_no, told.issue_id) == ("A2", "A1", "I-A1")
    found = order(bus, "A2")
    assert (found["state"], found["first_order_no"], found["issue_id"]) == ("merged", "A1", "I-A1")
    assert [one.issue_id for one in bus.told(IssueWithdrawnV1)] == ["I-A2"]
    assert [one["kind"] for one in found["history"]] == ["merged"]


def test_what_urged_a_merged_order_goes_with_it_and_who_calls_again_urges_the_other(bus):
    bus.hear(an_order("A3", caller="caller-of-A2", **OTHER))

    bus.hear(MERGED, an_order("A4", caller="caller-of-A2", **OTHER))

    assert [order(bus, one)["first_order_no"] for one in ("A2", "A3", "A4")] == ["A1", "A1", "A1"]
    assert bus.told(ComplaintUrgedV1)[-1].first_order_no == "A1"


def test_a_recalled_order_is_out_of_hand_until_it_is_dispatched_again(bus):
    bus.hear(RECALLED, times=2)

    assert [(one.order_no, one.dispatch_no) for one in bus.told(ComplaintRecalledV1)] == [("A1", 1)]
    assert (order(bus)["state"], order(bus)["issue_id"]) == ("recalled", "")
    assert [one.issue_id for one in bus.told(IssueWithdrawnV1)] == ["I-A1"]
    bus.hear(an_order("A5", caller="caller-of-A1"))
    assert order(bus, "A5")["state"] == "linked", "nothing repeats what nobody works on"


def test_an_order_that_waits_for_a_clerk_is_recalled_from_the_list(bus):
    bus.hear(an_order("S1", units=["110105999"]))

    bus.hear(OrderRecalledV1(order_no="S1", dispatch_no=1, reason="非本区", recalled_at=NOW))

    listed = bus.ask("list_to_settle", {"unit_code": DISTRICT}, Role.CLERK, DISTRICT)["orders"]
    assert (order(bus, "S1")["state"], listed) == ("recalled", [])


def test_what_its_caller_takes_back_ends_and_the_reason_is_kept_with_the_order_alone(bus):
    bus.hear(an_order("A3", caller="caller-of-A1"))

    bus.hear(WITHDRAWN, times=2)

    assert [one.order_no for one in bus.told(ComplaintWithdrawnV1)] == ["A1", "A3"]
    assert [order(bus, one)["state"] for one in ("A1", "A3")] == ["withdrawn", "withdrawn"]
    told = (*bus.told(ComplaintUnlinkedV1), *bus.told(IssueWithdrawnV1))
    assert {one.reason for one in told} == {"诉求人撤回诉求"}
    assert order(bus)["history"][0]["reason"] == "王大明说已解决"
    again = {"order_no": "A1", "reason": "来电人改变主意", "idempotency_key": "k"}
    bus.ask("reinstate_order", again, Role.HOTLINE, DISTRICT)
    assert (order(bus)["state"], bus.told(ComplaintLinkedV1)[-1].order_no) == ("linked", "A1")


def test_a_caller_does_not_take_back_what_others_said(bus):
    bus.hear(MERGED, WITHDRAWN)

    assert (refusals(bus), order(bus)["state"]) == ([("others_merged", {"order_no"})], "linked")


def test_amended_words_are_read_by_who_has_the_duty_beside_those_that_were_said_first(bus):
    bus.hear(AMENDED, times=2)
    bus.hear(MORE, times=2)

    read = words(bus)
    assert (read["title"], read["content"]) == (TITLE, AMENDED.content)
    assert [(one["title"], one["content"]) for one in read["earlier"]] == [(TITLE, CONTENT)]
    assert [(one["content"], one["at"]) for one in read["supplements"]] == [(MORE.content, NOW.isoformat())]
    told = [(one.issue_id, one.is_supplement, one.number) for one in bus.told(ComplaintAmendedV1)]
    assert told == [("I-A1", False, 1), ("I-A1", True, 1)]
    assert [one["kind"] for one in order(bus)["history"]] == ["amended", "supplemented"]
    assert order(bus)["due_at"] == order(bus, "A2")["due_at"]


def test_others_are_compared_with_what_the_order_says_now(bus):
    bus.hear(an_order("B1", category="parking", **OTHER))
    said = {"title": "小区西门路灯不亮", "content": "小区西门的路灯三个月不亮,老人晚上不敢出门。"}
    bus.hear(OrderAmendedV1(order_no="B1", number=1, amended_at=NOW, **said))

    bus.hear(an_order("B2", category="parking", **said))

    assert order(bus, "B2")["issue_id"] == "I-B1"


def test_no_event_says_what_a_resident_said(bus):
    bus.hear(AMENDED, MORE, WITHDRAWN)

    with bus.engine.connect() as connection:
        bodies = b"".join(connection.exec_driver_sql("SELECT body FROM outbox").scalars())
    for said in (AMENDED.content, MORE.content, "王大明"):
        assert said.encode() not in bodies


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        (
            OrderMergedV1(order_no="A2", into_order_no="Z9", reason="x", merged_at=NOW),
            ("unknown_order", "into_order_no"),
        ),
        (
            OrderMergedV1(order_no="A1", into_order_no="A1", reason="x", merged_at=NOW),
            ("contract_broken", "into_order_no"),
        ),
        (OrderRecalledV1(order_no="A1", dispatch_no=2, reason="x", recalled_at=NOW), ("not_dispatched", "dispatch_no")),
        (OrderWithdrawnV1(order_no="Z9", withdrawn_at=NOW), ("unknown_order", "order_no")),
        (OrderAmendedV1(order_no="A1", amended_at=NOW + timedelta(days=9)), ("contract_broken", "amended_at")),
    ],
    ids=["into nothing", "into itself", "another dispatch", "unknown", "in the future"],
)
def test_what_cannot_be_taken_is_refused_once_by_field(bus, said, refusal):
    bus.hear(said, said)

    assert refusals(bus) == [(refusal[0], {refusal[1]})]


def test_what_ended_is_not_ended_again_and_a_number_stands_for_one_amendment(bus):
    bus.hear(RECALLED, WITHDRAWN, AMENDED)
    bus.hear(OrderAmendedV1(order_no="A1", number=1, content="别的话。", amended_at=NOW))

    assert refusals(bus) == [("not_dispatched", {"order_no"}), ("update_reused", {"number"})]
    assert order(bus)["state"] == "recalled"
