"""An order dispatched again to the unit that has it: open work is due by the new limit, what was done is done anew."""

from dataclasses import replace

import pytest

from services.dispatch.use_cases import events, orders
from shared.contracts import dispatch as told
from shared.contracts.orders import ComplaintRedispatchedV1
from shared.contracts.vocabulary import DispatchKind, Route, SlaClass
from tests.dispatch.builders import MONDAY, STREET, a_work, days, finished, issue_raised
from tests.fakes import a_moment

RAISED = issue_raised()
DUE_AT = MONDAY + days(3)


def again(to_unit=RAISED.unit_code, **changed):
    plain = ComplaintRedispatchedV1(
        order_no="1",
        dispatch_no=2,
        issue_id="I-1",
        from_unit=RAISED.unit_code,
        to_unit=to_unit,
        category=RAISED.category,
        sla_class=SlaClass.GENERAL,
        dispatch_kind=DispatchKind.DIRECT,
        title=RAISED.title,
        route=Route.HANDLE,
        reason="热线再次派单",
        dispatched_at=MONDAY + days(1),
        due_at=DUE_AT,
        redispatched_at=MONDAY + days(1),
    )
    return replace(plain, **changed)


@pytest.fixture
def work():
    made = a_work()
    events.open_issue(made, RAISED, a_moment(MONDAY))
    made.outbox.events.clear()
    return made


def hear(work, event):
    for _ in range(2):
        orders.follow_redispatch(work, event, a_moment(MONDAY + days(1)))
    return work.outbox.events


def test_the_open_task_is_due_by_the_new_limit(work):
    (corrected,) = hear(work, again())

    assert (type(corrected), corrected.task_id, corrected.due_at) == (told.TaskCorrectedV1, "I-1/T1", DUE_AT)


def test_what_was_handled_already_is_worked_on_anew(work):
    issue = work.issues.find("I-1")
    for task in issue.open_tasks:
        finished(task).accept(at=MONDAY)
    issue.settle(MONDAY)

    (assigned,) = hear(work, again())

    assert (type(assigned), assigned.task_id, assigned.due_at) == (told.TaskAssignedV1, "I-1/T2", DUE_AT)


def test_to_another_unit_it_moves_when_supervision_says_so(work):
    assert hear(work, again(STREET)) == []
