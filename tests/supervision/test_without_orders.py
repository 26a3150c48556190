"""What began without any order ends with its tasks: nobody is there to be asked."""

import pytest

from services.supervision.domain.case import CaseState
from services.supervision.use_cases import events, orders
from shared.contracts import supervision as told
from shared.contracts.intake import ComplaintUnlinkedV1
from shared.contracts.vocabulary import IssueOrigin, Outcome
from tests.fakes import a_moment
from tests.supervision.builders import ISSUE, MONDAY, complaint_linked, days, issue_handled, issue_raised
from tests.supervision.fakes import a_work

HANDLED = issue_handled(MONDAY + days(2))


@pytest.fixture
def work():
    made = a_work()
    events.open_case(made, issue_raised(order_no="", origin=IssueOrigin.DEPUTY), a_moment(MONDAY))
    return made


def handle(work):
    events.await_evaluation(work, HANDLED, a_moment(HANDLED.handled_at))


def left(order_no):
    return ComplaintUnlinkedV1(
        order_no=order_no, issue_id=ISSUE, reason="另一件事", unlinked_at=MONDAY + days(3), unlinked_by="zhao"
    )


def test_handled_it_is_closed_as_done_and_looked_at_again_like_any_other(work):
    for _ in range(2):
        handle(work)

    (closed,) = work.outbox.of(told.IssueClosedV1)
    assert (closed.outcome, work.cases.find(ISSUE).state) == (Outcome.DONE, CaseState.CLOSED)
    assert work.look_backs.of(issue_id=ISSUE)
    assert len(work.outbox.of(told.ClockMetV1)) == 2


def test_where_an_order_has_joined_its_caller_is_asked_first_and_when_it_leaves_nobody_is(work):
    for _ in range(2):
        orders.follow_link(work, complaint_linked(order_no="A9"), a_moment(MONDAY))
    handle(work)
    assert work.cases.find(ISSUE).is_open

    for _ in range(2):
        orders.follow_unlink(work, left("A9"), a_moment(MONDAY + days(3)))

    assert [one.outcome for one in work.outbox.of(told.IssueClosedV1)] == [Outcome.DONE]


def test_an_order_that_leaves_before_anything_is_done_ends_nothing(work):
    orders.follow_link(work, complaint_linked(order_no="A9"), a_moment(MONDAY))
    orders.follow_unlink(work, left("A9"), a_moment(MONDAY + days(3)))

    assert work.cases.find(ISSUE).is_open


def test_what_began_with_an_order_waits_for_the_evaluation_also_when_that_order_has_left():
    work = a_work()
    events.open_case(work, issue_raised(), a_moment(MONDAY))
    handle(work)
    orders.follow_unlink(work, left("1001"), a_moment(MONDAY + days(3)))

    assert work.cases.find(ISSUE).is_open
