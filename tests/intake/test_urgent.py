"""What is urgent acts at once: it waits for no council, and makes the issue that it joins as urgent."""

import pytest

from services.intake.schemas.requests import LinkComplaint
from services.intake.use_cases import events, links
from shared.contracts.evaluation import IssueEvaluatedV1, OrderOutcomePart
from shared.contracts.intake import ComplaintLinkedV1, IssueListedV1, IssueRaisedV1
from shared.contracts.vocabulary import ListingReason, Outcome, Route, SlaClass
from tests.fakes import a_moment
from tests.intake.builders import CLERK, COMMUNITY, NOW, an_order, take_in
from tests.intake.fakes import a_work

TRAPPED = {"title": "电梯困人", "content": "三号楼二单元电梯困住两个人,按铃没有人应答,请马上派人来救援。"}
AT = a_moment(NOW)


def urgent(order_no="B1", **changes):
    return an_order(order_no, sla_class=SlaClass.EMERGENCY, **changes)


def issue_of(work, order_no):
    return work.issues.find(work.complaints.find(order_no).issue_id)


def test_an_emergency_is_handled_whatever_its_category_says():
    work = take_in(a_work(), an_order(**TRAPPED), urgent(**TRAPPED))

    usual, at_once = work.outbox.of(IssueRaisedV1)
    assert (usual.category, usual.route) == ("elevator", Route.DELIBERATE)
    assert (at_once.category, at_once.route, at_once.sla_class) == ("elevator", Route.HANDLE, SlaClass.EMERGENCY)
    assert [one.issue_id for one in work.outbox.of(IssueListedV1)] == [usual.issue_id]


def test_an_issue_is_as_urgent_as_its_most_urgent_open_order_and_each_order_keeps_its_limit():
    work = take_in(a_work(), an_order(), urgent())
    issue = issue_of(work, "A1")
    assert (issue_of(work, "B1"), issue.sla_class) == (issue, SlaClass.EMERGENCY)

    counts = {"asked": 1, "reached": 1, "solved": 1, "newcomers": 1}
    ended = IssueEvaluatedV1(
        issue_id=issue.id,
        unit_code=COMMUNITY,
        outcome=Outcome.SOLVED,
        orders=[OrderOutcomePart(order_no="B1", outcome=Outcome.SOLVED)],
        handled_at=NOW,
        evaluated_at=NOW,
        **counts,
    )
    events.end_orders(work, ended, AT)

    assert issue.sla_class is SlaClass.GENERAL
    limits = {one.order_no: one.due_at - one.dispatched_at for one in work.outbox.of(ComplaintLinkedV1)}
    assert limits == {"A1": AT.policy.sla.general, "B1": AT.policy.sla.emergency}


def test_an_order_that_leaves_takes_its_urgency_with_it():
    work = take_in(a_work(), an_order(), urgent(), an_order("C1", title="路灯不亮", content="路灯坏了"))
    other, issue = issue_of(work, "C1"), issue_of(work, "B1")
    moved = LinkComplaint(order_no="B1", issue_id=other.id, reason="另一件事", idempotency_key="k")
    links.link_complaint(work, moved, a_moment(NOW, asked_by=CLERK))

    assert (issue.sla_class, other.sla_class) == (SlaClass.GENERAL, SlaClass.EMERGENCY)


def test_many_callers_in_an_emergency_are_no_group_for_a_council():
    work = take_in(a_work(), *(urgent(f"B{number}") for number in range(6)))

    assert (issue_of(work, "B5"), work.outbox.of(IssueListedV1)) == (issue_of(work, "B0"), [])


@pytest.mark.parametrize("route", list(Route))
def test_an_emergency_joins_by_itself_what_is_handled_and_nothing_that_waits_for_a_council(route):
    work = take_in(a_work(), an_order())
    if route is Route.DELIBERATE:
        issue_of(work, "A1").list_at(COMMUNITY, ListingReason.GROUP, at=NOW)
    take_in(work, urgent())

    assert (issue_of(work, "B1") is issue_of(work, "A1")) == (route is Route.HANDLE)
