"""An order has a reply and an end of its own: handled alone, before its issue; where it joined late, after that."""

from datetime import timedelta

import pytest

from services.intake.domain.complaint import ComplaintState
from services.intake.use_cases import events, orders
from shared.contracts import dispatch, evaluation
from shared.contracts.vocabulary import Outcome, SlaClass
from tests.fakes import a_moment
from tests.intake.builders import COMMUNITY, NEIGHBOUR, NOW, an_order, take_in
from tests.intake.fakes import a_work
from tests.intake.reports import alone, closed, redo

AT = a_moment(NOW)
ELSEWHERE = {"title": "楼下饭店油烟熏人", "content": "厨房油烟直排到居民家里。"}


def test_what_was_done_for_one_order_alone_answers_it_and_what_is_done_for_the_rest_does_not_again():
    work = take_in(a_work(), an_order("A1"), an_order("A2"))
    for _ in range(2):
        events.reply_to_caller(work, alone("A2", "人已救出"), AT)
    handled = dispatch.IssueHandledV1(issue_id="I-A1", unit_code=COMMUNITY, result="已施划车位", handled_at=NOW)
    events.reply_to_callers(work, handled, AT)

    assert [(one.order_no, one.reply) for one in work.outbox.events[5:]] == [("A2", "人已救出"), ("A1", "已施划车位")]


def test_no_interim_reply_takes_the_place_of_an_answer_of_its_own():
    work = take_in(a_work(), an_order("A1"), an_order("A2"))
    events.reply_to_caller(work, alone("A2", "人已救出"), AT)

    assert not work.complaints.find("A2").reply_in_the_interim("已列入计划", at=NOW)
    assert work.complaints.find("A1").reply_in_the_interim("已列入计划", at=NOW)


def test_an_order_handled_alone_that_is_done_again_is_answered_with_that():
    work = take_in(a_work(), an_order("A1"), an_order("A2"))
    events.reply_to_caller(work, alone("A2", "人已救出"), AT)
    events.order_redo(work, redo("A2"), AT)
    events.reply_to_caller(work, alone("A2", "已换门锁", NOW + timedelta(hours=1)), AT)

    assert work.complaints.find("A2").reply == "已换门锁"
    events.order_redo(work, redo("A2"), AT)
    handled = dispatch.IssueHandledV1(issue_id="I-A1", unit_code=COMMUNITY, result="都已修好", handled_at=NOW)
    events.reply_to_callers(work, handled, AT)
    assert work.complaints.find("A2").reply == "都已修好"


def test_an_order_handled_alone_by_the_wrong_unit_is_answered_with_what_the_right_one_does():
    work = take_in(a_work(), an_order("A1"), an_order("A2"))
    events.reply_to_caller(work, alone("A2", "人已救出"), AT)
    order = work.complaints.find("A2")
    order.correct(NEIGHBOUR, order.category, order.sla_class, title=order.title, due_at=order.due_at)
    handled = dispatch.IssueHandledV1(issue_id="I-A1", unit_code=NEIGHBOUR, result="已施划车位", handled_at=NOW)
    events.reply_to_callers(work, handled, AT)

    assert order.reply == "已施划车位"


def test_an_order_handled_alone_ends_once_by_what_its_caller_says_and_takes_its_urgency_with_it():
    work = take_in(a_work(), an_order("A1"), an_order("A2", sla_class=SlaClass.EMERGENCY))
    events.reply_to_caller(work, alone("A2", "人已救出"), AT)
    ended = evaluation.OrderEvaluatedV1(
        order_no="A2",
        issue_id="I-A1",
        unit_code=COMMUNITY,
        outcome=Outcome.SOLVED,
        handled_at=NOW,
        evaluated_at=NOW,
    )
    for _ in range(2):
        events.end_order(work, ended, AT)

    closings = [one for one in work.outbox.events if one.wire_type == "complaint_closed.v1"]
    assert [(one.order_no, one.outcome) for one in closings] == [("A2", Outcome.SOLVED)]
    assert work.issues.find("I-A1").sla_class is SlaClass.GENERAL
    assert not work.complaints.find("A1").is_closed


def test_what_is_told_of_an_order_that_has_left_the_issue_answers_and_ends_nothing():
    work = take_in(a_work(), an_order("A1"), an_order("B1", **ELSEWHERE))
    before = len(work.outbox.events)
    events.reply_to_caller(work, alone("B1", "人已救出"), AT)

    assert (len(work.outbox.events), work.complaints.find("B1").reply) == (before, "")


LATER = a_moment(NOW + timedelta(hours=2))


@pytest.mark.parametrize("outcome", [Outcome.SOLVED, Outcome.NOT_ASKED])
def test_who_joins_while_the_end_is_on_its_way_goes_on_in_an_issue_of_their_own(outcome):
    work = take_in(a_work(), an_order("A1"))
    handled = dispatch.IssueHandledV1(issue_id="I-A1", unit_code=COMMUNITY, result="已施划车位", handled_at=NOW)
    events.reply_to_callers(work, handled, AT)
    orders.take_in(work, an_order("A2", sla_class=SlaClass.EMERGENCY), LATER)
    for _ in range(2):
        events.close_issue(work, closed(outcome), LATER)

    first, second = work.complaints.find("A1"), work.complaints.find("A2")
    assert (first.outcome, second.state, second.issue_id) == (outcome, ComplaintState.LINKED, "I-A2")
    assert [type(one).__name__ for one in work.outbox.events[-4:]] == [
        "ComplaintClosedV1",
        "ComplaintUnlinkedV1",
        "IssueRaisedV1",
        "ComplaintLinkedV1",
    ]
    assert not work.issues.find("I-A1").is_open


def test_what_the_district_gave_up_as_unsolved_ends_for_all():
    work = take_in(a_work(), an_order("A1"))
    handled = dispatch.IssueHandledV1(issue_id="I-A1", unit_code=COMMUNITY, result="已施划车位", handled_at=NOW)
    events.reply_to_callers(work, handled, AT)
    orders.take_in(work, an_order("A2"), LATER)
    events.close_issue(work, closed(Outcome.UNSOLVED), LATER)

    assert work.complaints.find("A2").is_closed
