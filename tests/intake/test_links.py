"""Rule 7: complaints are linked to issues, never folded. Held over any run of links and undone links."""

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from services.intake.schemas.requests import LinkComplaint, UnlinkComplaint
from services.intake.use_cases import links
from shared.contracts.intake import ComplaintLinkedV1, ComplaintUnlinkedV1
from shared.errors import GongshangError
from tests.fakes import a_moment
from tests.intake.builders import CLERK, COMMUNITY, NOW, an_order, take_in
from tests.intake.fakes import a_work

AT = a_moment(NOW, asked_by=CLERK)
ORDERS = [f"A{number}" for number in range(5)]


@given(st.lists(st.tuples(st.sampled_from(ORDERS), st.sampled_from(["", *ORDERS])), max_size=12))
def test_every_order_has_one_issue_and_its_own_limit_whatever_is_linked_and_undone(steps):
    work = take_in(a_work(), *(an_order(number) for number in ORDERS))
    limits = {number: work.complaints.find(number).due_at for number in ORDERS}

    for order_no, target in steps:
        with suppress(GongshangError):
            _step(work, order_no, target)

    for number in ORDERS:
        complaint = work.complaints.find(number)
        assert complaint.due_at == limits[number]
        assert work.issues.find(complaint.issue_id).is_open
    linked = [(issue, work.complaints.linked_to(issue.id)) for issue in work.issues.of(origin_unit=COMMUNITY)]
    assert sum(len(some) for _, some in linked) == len(ORDERS)
    assert all(issue.is_open == bool(some) for issue, some in linked)
    assert _told_links(work) == {number: work.complaints.find(number).issue_id for number in ORDERS}


def _step(work, order_no, target):
    if target:
        request = LinkComplaint(order_no=order_no, issue_id=f"I-{target}", reason="r", idempotency_key="k")
        links.link_complaint(work, request, AT)
    else:
        undo = UnlinkComplaint(order_no=order_no, reason="r", idempotency_key="k")
        links.unlink_complaint(work, undo, AT)


def _told_links(work):
    """What a listener believes who heard only the events."""
    told = {}
    for event in work.outbox.events:
        if isinstance(event, ComplaintUnlinkedV1):
            assert told.pop(event.order_no) == event.issue_id
        elif isinstance(event, ComplaintLinkedV1):
            assert event.order_no not in told
            told[event.order_no] = event.issue_id
    return told
