"""Which issue an order is linked to: what a unit of work has done so far counts as what was written before it."""

import pytest

from services.intake.storage.repository import IntakeStore
from services.intake.use_cases import events
from shared.bus.work import transaction
from tests.fakes import a_moment
from tests.intake.builders import NOW, STREET, an_order, take_in
from tests.intake.reports import closed, escalated, reopened, returned

AT = a_moment(NOW)


def filed(order_no, **changes):
    return lambda work: take_in(work, an_order(order_no, **changes))


def heard(do, event):
    return lambda work: do(work, event, AT)


MOVED = heard(events.move_issue, escalated())
RETURNED = heard(events.move_issue, returned())
CLOSED = heard(events.close_issue, closed())
REOPENED = heard(events.reopen_issue, reopened())
STORIES = {
    "nothing happened": ([], {"A2": "I-A1", "S2": "I-S2"}),
    "moved up": ([MOVED], {"A2": "I-A1", "S2": "I-A1"}),
    "moved up and back down": ([MOVED, RETURNED], {"A2": "I-A1", "S2": "I-S2"}),
    "closed": ([CLOSED], {"A2": "I-A2", "S2": "I-S2"}),
    "closed and opened again above": ([CLOSED, REOPENED], {"A2": "I-A1", "S2": "I-A1"}),
}


@pytest.mark.parametrize("asks_before", [False, True], ids=["asked first now", "asked before"])
@pytest.mark.parametrize("is_one", [False, True], ids=["in units of work", "in one unit of work"])
@pytest.mark.parametrize(("happened", "expected"), STORIES.values(), ids=STORIES)
def test_an_order_is_linked_to_what_is_open_at_its_unit_by_then(engine, happened, expected, is_one, asks_before):
    before = [filed("N1", title="楼下饭店油烟熏人", content="厨房油烟直排。", units=[STREET], category="parking")]
    story = [filed("A1"), *(before if asks_before else []), *happened, filed("A2"), filed("S2", units=[STREET])]
    for together in [story] if is_one else [[step] for step in story]:
        with transaction(engine, IntakeStore) as work:
            for step in together:
                step(work)

    with transaction(engine, IntakeStore) as work:
        assert {number: work.complaints.get(number).issue_id for number in expected} == expected


def test_what_was_undone_is_no_issue_to_be_linked_to(engine):
    with transaction(engine, IntakeStore) as work:
        take_in(work, an_order("A1"))
        work.mark()
        take_in(work, an_order("A2", units=[STREET]), an_order("A3"))
        CLOSED(work)
        work.restore()
        take_in(work, an_order("A4", units=[STREET]), an_order("A5"))

    with transaction(engine, IntakeStore) as work:
        assert [work.complaints.find(number) for number in ("A2", "A3")] == [None, None]
        assert [work.complaints.get(number).issue_id for number in ("A4", "A5")] == ["I-A4", "I-A1"]
