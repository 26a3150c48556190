"""What the hotline reports of its callbacks: taken in with its words, or refused with the reason. No broker."""

import pytest

from services.intake.service import IntakeService
from shared.contracts.flow import HOTLINE_REPLIES
from shared.contracts.hotline import CallbackReportedV1
from shared.contracts.intake import CallbackReceivedV1, ComplaintRejectedV1
from shared.contracts.vocabulary import Solved
from tests.harness import Bus
from tests.intake.builders import NOW, an_order


@pytest.fixture
def bus(engine):
    made = Bus(engine, IntakeService, NOW)
    made.hear(an_order("A1"))
    return made


def a_result(order_no="A1", **said):
    plain = {"called_at": NOW, "reached": True, "contacted": True, "solved": "部分解决", "satisfaction": "理解"}
    return CallbackReportedV1(**({"order_no": order_no} | plain | said))


def refusals(bus):
    return [(one.order_no, one.reason, set(one.fields)) for one in bus.told(ComplaintRejectedV1)]


def test_a_result_is_told_with_its_words_and_with_what_they_stand_for(bus):
    bus.hear(an_order("A2", dispatch_no=2))
    bus.hear(a_result("A2", dispatch_no=2), times=2)

    (told,) = bus.told(CallbackReceivedV1)
    assert (told.order_no, told.issue_id, told.dispatch_no, told.round) == ("A2", "I-A1", 2, 1)
    assert (told.solved, told.solved_words) == (Solved.PARTLY, "部分解决")
    assert (told.satisfaction, told.satisfaction_words) == (3, "理解")


def test_what_was_taken_in_and_what_was_not_is_answered_where_the_hotline_reads():
    assert {CallbackReceivedV1, ComplaintRejectedV1} <= set(HOTLINE_REPLIES)


@pytest.mark.parametrize(("words", "step"), [("不满意", 1), ("理解", 3), ("满意", 4), ("非常满意", 5)])
def test_the_four_steps_of_the_hotline_are_taken_as_they_come(bus, words, step):
    bus.hear(a_result(satisfaction=words))

    assert [(one.satisfaction, one.satisfaction_words) for one in bus.told(CallbackReceivedV1)] == [(step, words)]


def test_nobody_reached_is_a_result_too(bus):
    bus.hear(a_result(reached=False, contacted=None, solved="", satisfaction=""))

    assert [(one.reached, one.solved) for one in bus.told(CallbackReceivedV1)] == [(False, None)]


@pytest.mark.parametrize(
    ("result", "reason", "faulty"),
    [
        (a_result("Z9"), "unknown_order", {"order_no"}),
        (a_result(solved="差不多"), "unknown_words", {"solved"}),
        (a_result(satisfaction="一般", solved="也许"), "unknown_words", {"solved", "satisfaction"}),
        (a_result(solved="", contacted=None), "contract_broken", {"solved", "contacted"}),
        (a_result(reached=False), "contract_broken", {"solved", "contacted", "satisfaction"}),
        (a_result(called_at=NOW.replace(year=2027)), "contract_broken", {"called_at"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_taken_is_refused_once_by_field(bus, result, reason, faulty):
    bus.hear(result, result)

    assert refusals(bus) == [(result.order_no, reason, faulty)]
    assert bus.told(CallbackReceivedV1) == []


def test_a_second_result_of_the_same_round_is_refused_and_one_of_the_next_is_not(bus):
    bus.hear(a_result(), a_result(solved="未解决"), a_result(solved="未解决", round=2))

    assert refusals(bus) == [("A1", "callback_reused", {"round"})]
    assert [(one.round, one.solved) for one in bus.told(CallbackReceivedV1)] == [(1, Solved.PARTLY), (2, Solved.NO)]


def test_about_an_order_that_only_urges_the_hotline_is_told_which_to_report_about(bus):
    bus.hear(an_order("A2", caller="caller-of-A1"))
    bus.hear(a_result("A2"))

    (told,) = bus.told(ComplaintRejectedV1)
    assert told.reason == "not_dispatched"
    assert "A1" in told.fields["order_no"][0]


def test_a_result_that_came_before_its_order_may_be_sent_again_after_it(bus):
    bus.hear(a_result("A3"))
    bus.hear(an_order("A3"))
    bus.hear(a_result("A3"))

    assert [reason for _, reason, _ in refusals(bus)] == ["unknown_order"]
    assert [one.order_no for one in bus.told(CallbackReceivedV1)] == ["A3"]
