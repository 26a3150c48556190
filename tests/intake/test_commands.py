"""What a clerk mends, and what can be looked up."""

from datetime import timedelta

import pytest

from services.intake.domain.errors import AlreadyLinked, IssueClosed, LastOrder, NotLinked, UnknownIssue, UnknownOrder
from services.intake.domain.issue import IssueState
from services.intake.schemas.requests import (
    GetComplaint,
    GetIssue,
    LinkComplaint,
    ListComplaints,
    ListDeliberation,
    UnlinkComplaint,
)
from services.intake.use_cases import events, links, queries
from shared.auth import Caller, Role
from shared.contracts.hotline import CallerPart
from shared.contracts.vocabulary import Outcome
from shared.errors import NotAllowed
from tests.fakes import a_moment
from tests.intake.builders import CLERK, COMMUNITY, NEIGHBOUR, NOW, an_order, take_in, told
from tests.intake.fakes import a_work
from tests.intake.reports import closed

STRANGER = Caller("clerk-2", frozenset({Role.CLERK}), NEIGHBOUR)
ELSEWHERE = {"title": "楼下饭店油烟熏人", "content": "厨房油烟直排到居民家里。"}


# What a clerk mends


def test_a_link_that_is_undone_begins_an_issue_and_keeps_the_orders_own_limit():
    work = take_in(a_work(), an_order("A1"), an_order("A2"))

    reply = _unlink(work, "A2")

    assert told(work)[5:] == ["complaint_unlinked", "issue_raised", "complaint_linked"]
    assert (reply.issue_id, reply.linked_by, work.outbox.events[-1].due_at) == ("I-A2", "clerk-1", reply.due_at)
    assert [(link.issue_id, link.reason) for link in work.undone_links.all] == [("I-A1", "另一件事")]


def test_the_caller_of_an_order_that_is_taken_out_counts_for_its_new_issue_only():
    work = take_in(a_work(), an_order("A1"), an_order("A2"))

    _unlink(work, "A2")

    for order_no in ("A1", "A2"):
        complaint = work.complaints.find(order_no)
        assert list(work.issues.find(complaint.issue_id).recent_callers) == [complaint.caller_ref]


def test_the_order_that_began_an_issue_begins_its_second_when_it_is_taken_out():
    work = take_in(a_work(), an_order("A1"), an_order("A2"))

    assert _unlink(work, "A1").issue_id == "I-A1-2"


def test_a_clerk_links_an_order_to_another_issue_and_those_that_urge_it_follow():
    work = take_in(a_work(), an_order("A1"), an_order("A2", caller="wang"), an_order("A3", **ELSEWHERE))
    take_in(work, an_order("A4", caller="wang"))

    _link(work, "A2", "I-A3")

    assert told(work)[-2:] == ["complaint_unlinked", "complaint_linked"]
    assert work.complaints.find("A4").issue_id == "I-A3"


def test_a_caller_whose_order_is_taken_out_of_an_issue_counts_no_longer_for_its_group():
    work = take_in(a_work(), an_order("B1", **ELSEWHERE), *(an_order(f"A{number}") for number in range(4)))
    _link(work, "A3", "I-B1")
    take_in(work, an_order("A4"))
    with_four = told(work).count("issue_listed")
    take_in(work, an_order("A5"))

    assert (with_four, told(work).count("issue_listed")) == (0, 1)


def test_links_that_can_not_be_are_refused_by_name():
    work = take_in(a_work(), an_order("A1", caller="wang"), an_order("A2"), an_order("A3", **ELSEWHERE))
    take_in(work, an_order("A4", caller="wang"))

    for error, order_no, issue_id in (
        (AlreadyLinked, "A2", "I-A1"),
        (UnknownIssue, "A2", "I-A9"),
        (UnknownOrder, "A9", "I-A1"),
        (NotLinked, "A4", "I-A3"),
    ):
        with pytest.raises(error):
            _link(work, order_no, issue_id)
    with pytest.raises(NotAllowed):
        _link(work, "A2", "I-A3", by=STRANGER)


def test_an_order_that_was_alone_takes_its_issue_away_when_it_joins_another():
    work = take_in(a_work(), an_order("A1"), an_order("A2", **ELSEWHERE))

    with pytest.raises(LastOrder):
        _unlink(work, "A2")
    _link(work, "A2", "I-A1")

    left = work.issues.find("I-A2")
    assert (left.state, left.outcome) == (IssueState.CLOSED, Outcome.WITHDRAWN)
    assert told(work)[-3:] == ["complaint_unlinked", "issue_withdrawn", "complaint_linked"]
    assert work.complaints.get("A2").issue_id == "I-A1"


def test_nothing_is_linked_to_or_taken_from_a_closed_issue_by_hand():
    work = take_in(a_work(), an_order("A1"), an_order("A2"), an_order("A3", **ELSEWHERE))
    events.close_issue(work, closed(issue_id="I-A1"), a_moment(NOW))

    with pytest.raises(IssueClosed):
        _unlink(work, "A2")
    with pytest.raises(IssueClosed):
        _link(work, "A3", "I-A1")


# What can be looked up


def test_an_order_shows_where_it_stands_and_nobody_who_called():
    caller = CallerPart(name="王大明", phone="13900001111")
    work = take_in(a_work(), an_order(caller=caller))

    reply = ask(queries.get_complaint, work, GetComplaint(order_no="A1"))

    assert (reply.state, reply.issue_id) == ("linked", "I-A1")
    assert "王大明" not in str(reply)
    assert "13900001111" not in str(reply)


def test_an_order_that_was_only_refused_is_shown_to_the_hotline_as_rejected():
    work = take_in(a_work(), an_order(filed_at=NOW + timedelta(days=2)))
    hotline = Caller("12345", frozenset({Role.HOTLINE}), None)

    assert ask(queries.get_complaint, work, GetComplaint(order_no="A1"), by=hotline).state == "rejected"


def test_units_see_their_own_orders_issues_and_lists_only():
    work = take_in(a_work(), an_order(title="希望加装电梯"))

    assert ask(queries.list_complaints, work, ListComplaints(issue_id="I-A1")).complaints[0].order_no == "A1"
    assert ask(queries.get_issue, work, GetIssue(issue_id="I-A1")).order_nos == ["A1"]
    listed = ask(queries.list_deliberation, work, ListDeliberation(unit_code=COMMUNITY))
    assert [issue.issue_id for issue in listed.issues] == ["I-A1"]
    with pytest.raises(NotAllowed):
        ask(queries.get_issue, work, GetIssue(issue_id="I-A1"), by=STRANGER)
    with pytest.raises(NotAllowed):
        ask(queries.get_complaint, work, GetComplaint(order_no="A1"), by=STRANGER)


def ask(which, work, request, by=CLERK):
    return which(work, request, a_moment(NOW, asked_by=by))


def _link(work, order_no, issue_id, by=CLERK):
    request = LinkComplaint(order_no=order_no, issue_id=issue_id, reason="同一件事", idempotency_key="k")
    return ask(links.link_complaint, work, request, by)


def _unlink(work, order_no, by=CLERK):
    request = UnlinkComplaint(order_no=order_no, reason="另一件事", idempotency_key="k")
    return ask(links.unlink_complaint, work, request, by)
