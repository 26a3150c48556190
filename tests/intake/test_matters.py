"""One call about heating, parking and noise: three matters, three answers, and one order that ends when all have."""

import pytest

from services.intake.service import IntakeService
from services.intake.storage.seal import seal_in
from shared.auth import Role
from shared.contracts.hotline import (
    CallbackReportedV1,
    MatterPart,
    OrderRedispatchedV1,
    OrderWithdrawnV1,
    PlacePart,
)
from shared.contracts.intake import (
    CallbackReceivedV1,
    ComplaintAcceptedV1,
    ComplaintClosedV1,
    ComplaintLinkedV1,
    ComplaintRejectedV1,
)
from shared.contracts.orders import ComplaintRedispatchedV1, ComplaintWithdrawnV1, OrderEndedV1
from shared.contracts.vocabulary import Outcome, SlaClass
from tests.databases import engine_of
from tests.harness import Bus
from tests.intake.builders import COMMUNITY, DISTRICT, NEIGHBOUR, NOW, STREET, an_order
from tests.intake.reports import closed
from tests.told import tell_streets

HEATING = MatterPart(
    title="家里暖气不热", content="暖气片只有一半是热的。", category="heating", sla_class=SlaClass.UTILITIES
)
NOISE = MatterPart(
    title="夜间施工噪声", content="隔壁社区夜间施工。", category="noise", place=PlacePart(unit_codes=[NEIGHBOUR])
)
NUMBERS = ["A1", "A1/2", "A1/3"]

engine = engine_of("intake", tell_streets, kinds=["sqlite"])  # test_storage and tests/district have what differs


@pytest.fixture
def bus(engine):
    """About parking, heating and noise."""
    made = Bus(engine, IntakeService, NOW)
    made.hear(an_order("A1", matters=[HEATING, NOISE]), times=2)
    return made


def order(bus, order_no="A1"):
    return bus.ask("get_complaint", {"order_no": order_no}, Role.SUPERVISOR)


def end(bus, order_no, outcome=Outcome.SOLVED):
    bus.hear(closed(outcome, order(bus, order_no)["issue_id"]))


def test_each_matter_has_its_own_category_class_place_and_issue(bus):
    told = [(one.order_no, one.category, one.unit_code, one.sla_class) for one in bus.told(ComplaintAcceptedV1)]

    assert told == [
        ("A1", "parking", COMMUNITY, SlaClass.GENERAL),
        ("A1/2", "heating", COMMUNITY, SlaClass.UTILITIES),
        ("A1/3", "noise", NEIGHBOUR, SlaClass.GENERAL),
    ]
    assert [one.issue_id for one in bus.told(ComplaintLinkedV1)] == ["I-A1", "I-A1/2", "I-A1/3"]
    assert [one["order_no"] for one in order(bus)["matters"]] == NUMBERS


def test_the_order_ends_when_the_last_matter_has_and_says_how_each_did(bus):
    end(bus, "A1")
    answered = {"order_no": "A1/3", "disposition": "outside_duty", "answer": "请走市场渠道", "idempotency_key": "k"}
    bus.ask("answer_order", answered, Role.CLERK, STREET)
    assert (bus.told(OrderEndedV1), order(bus)["has_ended"]) == ([], False)

    end(bus, "A1/2", Outcome.UNSOLVED)

    (told,) = bus.told(OrderEndedV1)
    ends = [(one.order_no, one.state, one.outcome) for one in told.matters]
    assert ends == [
        ("A1", "closed", Outcome.SOLVED),
        ("A1/2", "closed", Outcome.UNSOLVED),
        ("A1/3", "answered", None),
    ]
    assert [one.order_no for one in bus.told(ComplaintClosedV1)] == ["A1", "A1/2"]
    assert order(bus)["has_ended"]


def test_an_order_of_one_matter_says_by_itself_that_it_has_ended(bus):
    bus.hear(an_order("B1", units=[STREET]))
    end(bus, "B1")

    assert (bus.told(OrderEndedV1), order(bus, "B1")["has_ended"], order(bus, "B1")["matters"]) == ([], True, [])


def test_a_matter_has_one_result_of_a_round_its_own_or_its_orders_and_none_is_lost_in_silence(bus):
    said = {"called_at": NOW, "reached": True, "contacted": True, "satisfaction": "满意"}
    yes, no = said | {"solved": "解决"}, said | {"solved": "未解决"}
    bus.hear(CallbackReportedV1(order_no="A1/2", **no), CallbackReportedV1(order_no="A1", **yes))
    bus.hear(CallbackReportedV1(order_no="A1/3", **no))

    told = [(one.order_no, one.solved_words) for one in bus.told(CallbackReceivedV1)]
    assert told == [("A1/2", "未解决"), ("A1", "解决"), ("A1/3", "解决")]
    assert [(one.order_no, one.reason) for one in bus.told(ComplaintRejectedV1)] == [("A1/3", "callback_reused")]


def test_a_callback_about_the_order_is_about_each_matter_and_one_about_a_matter_about_that_alone(bus):
    said = {"called_at": NOW, "reached": False}

    bus.hear(CallbackReportedV1(order_no="A1", **said), CallbackReportedV1(order_no="A1/2", round=2, **said))

    assert [(one.order_no, one.round) for one in bus.told(CallbackReceivedV1)] == [
        *((number, 1) for number in NUMBERS),
        ("A1/2", 2),
    ]


def test_what_the_hotline_says_of_the_order_is_about_each_matter_in_hand(bus):
    end(bus, "A1")
    place = PlacePart(unit_codes=[STREET])
    facts = {"dispatch_no": 2, "place": place, "reason": "改派街道", "dispatched_at": NOW}

    bus.hear(OrderRedispatchedV1(order_no="A1/2", **facts))
    bus.hear(OrderRedispatchedV1(order_no="A1", **(facts | {"dispatch_no": 3})))

    told = [(one.order_no, one.dispatch_no) for one in bus.told(ComplaintRedispatchedV1)]
    assert told == [("A1/2", 2), ("A1/2", 3), ("A1/3", 3)]
    assert order(bus, "A1")["state"] == "closed"

    bus.hear(OrderWithdrawnV1(order_no="A1", withdrawn_at=NOW))

    assert [one.order_no for one in bus.told(ComplaintWithdrawnV1)] == ["A1/2", "A1/3"]
    assert len(bus.told(OrderEndedV1)) == 1


def test_a_clerk_tells_apart_what_the_hotline_sent_as_one(bus):
    bus.hear(an_order("B1"))
    further = {"title": "单元门坏了", "content": "单元门关不上。", "category": "property_management"}
    asked = {"order_no": "B1", "matters": [further], "reason": "来电说了两件事", "idempotency_key": "k"}

    reply = bus.ask("split_order", asked, Role.CLERK, COMMUNITY)

    lines = [(one["order_no"], one["category"], one["state"]) for one in reply["matters"]]
    assert lines == [("B1", "parking", "linked"), ("B1/2", "property_management", "linked")]
    assert [one["kind"] for one in reply["history"]] == ["split"]
    assert order(bus, "B1/2")["due_at"] == order(bus, "B1")["due_at"]
    read = {"order_no": "B1/2", "reason": "sort", "idempotency_key": "k2"}
    assert bus.ask("read_order", read, Role.CLERK, COMMUNITY)["content"] == "单元门关不上。"


def test_whoever_follows_the_order_sees_each_matter_with_its_answer(bus):
    answered = {"order_no": "A1/2", "disposition": "outside_duty", "answer": "请联系供热单位", "idempotency_key": "k"}
    bus.ask("answer_order", answered, Role.CLERK, STREET)

    asked = {"order_no": "A1", "check_code": seal_in().check_code("A1")}
    followed = bus.ask("read_by_check_code", asked, Role.PUBLIC, COMMUNITY)

    assert [(one["order_no"], one["state"]) for one in followed["matters"]] == [
        ("A1", "linked"),
        ("A1/2", "answered"),
        ("A1/3", "linked"),
    ]
    assert followed["matters"][1]["reply"] == "请联系供热单位"


@pytest.mark.parametrize("number", ["Z" * 61, "A1"])
def test_a_number_that_leaves_no_room_or_is_taken_is_refused(bus, number):
    bus.hear(an_order(number, caller="w-9", matters=[NOISE]))

    assert [set(one.fields) for one in bus.told(ComplaintRejectedV1)] == [{"order_no"}]


def test_matters_of_one_call_are_never_repeats_of_each_other(bus):
    alike = MatterPart(title="小区西门停车位被长期占用", content="西门外也一样。", category="parking")

    bus.hear(an_order("C1", units=[DISTRICT], category="parking", matters=[alike]))

    assert [order(bus, one)["state"] for one in ("C1", "C1/2")] == ["linked", "linked"]
