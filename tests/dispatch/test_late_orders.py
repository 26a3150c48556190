"""Of an order whose limit was over on arrival the first task is due by the first contact, and never in the past."""

from services.dispatch.use_cases import events, orders
from shared.contracts.dispatch import TaskAssignedV1
from tests.dispatch.builders import MONDAY, POLICY, a_work, an_order_joins, days, hours, issue_raised
from tests.fakes import a_moment

NOW = MONDAY + days(20)
LATE = {"dispatched_at": MONDAY, "due_at": MONDAY + days(7), "received_at": NOW}


def due_at(work):
    return work.outbox.of(TaskAssignedV1)[-1].due_at


def test_the_first_task_is_due_by_the_first_contact_that_the_policy_names():
    work = a_work()
    events.open_issue(work, issue_raised(raised_at=NOW, **LATE), a_moment(NOW))

    assert due_at(work) == NOW + POLICY.first_contact.most


def test_of_an_emergency_that_is_within_the_hour():
    work = a_work()
    late = LATE | {"due_at": MONDAY + hours(2), "sla_class": "emergency"}
    events.open_issue(work, issue_raised(raised_at=NOW, **late), a_moment(NOW))

    assert due_at(work) == NOW + POLICY.first_contact.emergency


def test_one_that_joins_is_due_so_too_and_one_that_was_in_time_never_before_now():
    work = a_work()
    events.open_issue(work, issue_raised(), a_moment(MONDAY))
    urgent = {"sla_class": "emergency", "dispatched_at": MONDAY, "due_at": MONDAY + hours(2), "linked_at": NOW}
    orders.work_on_newcomer(work, an_order_joins(order_no="2", received_at=NOW, **urgent), a_moment(NOW))
    assert due_at(work) == NOW + POLICY.first_contact.emergency

    other = a_work()
    events.open_issue(other, issue_raised(), a_moment(MONDAY))
    orders.work_on_newcomer(other, an_order_joins(order_no="3", received_at=MONDAY, **urgent), a_moment(NOW))
    assert due_at(other) == NOW
