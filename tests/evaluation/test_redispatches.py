"""Charges and callbacks are a dispatch's: who had the order before answers for nothing that comes after, nor less."""

from dataclasses import replace

import pytest

from services.evaluation.service import EvaluationService
from shared.auth import Role
from shared.contracts.evaluation import CallbackStartedV1, IssueEvaluatedV1
from shared.contracts.intake import CallbackReceivedV1, ComplaintUnlinkedV1
from shared.contracts.orders import ComplaintRedispatchedV1
from shared.contracts.vocabulary import DispatchKind, Outcome, Route, SlaClass, Solved
from tests.evaluation.builders import COMMUNITY, MONDAY, STREET, days, handled, hours, linked
from tests.harness import Bus

OTHER_STREET = "110105018"
ELSEWHERE = f"{OTHER_STREET}002"
AGAIN = ComplaintRedispatchedV1(
    order_no="A",
    dispatch_no=2,
    issue_id="I-A",
    from_unit=COMMUNITY,
    to_unit=ELSEWHERE,
    category="road",
    sla_class=SlaClass.GENERAL,
    dispatch_kind=DispatchKind.RELAYED,
    title="道路",
    route=Route.HANDLE,
    reason="热线再次派单",
    dispatched_at=MONDAY + days(2),
    due_at=MONDAY + days(5),
    redispatched_at=MONDAY + days(2),
)


@pytest.fixture
def bus(engine):
    """An order that was handled on its first day, and dispatched again to another street on the second."""
    made = Bus(engine, EvaluationService, MONDAY)
    made.hear(linked("A", "I-A"), handled(MONDAY + hours(8)))
    made.move(MONDAY + days(2))
    made.hear(AGAIN, times=2)
    return made


def survey(bus):
    return bus.ask("get_survey", {"order_no": "A"}, Role.EVALUATOR)


def said(dispatch_no, solved, at):
    return CallbackReceivedV1(
        order_no="A",
        issue_id="I-A",
        dispatch_no=dispatch_no,
        round=1,
        called_at=at,
        reached=True,
        contacted=True,
        solved=solved,
        satisfaction=4,
        received_at=at,
    )


def rank_units(bus):
    with bus.begin() as work:
        return {one.dispatch_no: (one.rank_unit, one.dispatch_kind) for one in work.callbacks.of(order_no="A")}


def test_its_caller_is_asked_by_the_new_limit_and_the_charge_passes_with_the_dispatch(bus):
    assert survey(bus)["due_at"] == AGAIN.due_at.isoformat()
    charges = [(one["unit_code"], one["since"], one["until"]) for one in survey(bus)["charges"]]
    second = AGAIN.dispatched_at.isoformat()
    assert charges == [(COMMUNITY, MONDAY.isoformat(), second), (ELSEWHERE, second, None)]

    bus.move(AGAIN.due_at)

    assert [one.started_at for one in bus.told(CallbackStartedV1)] == [AGAIN.due_at]


def test_a_result_about_the_first_dispatch_counts_for_its_unit_and_judges_nothing_of_the_second(bus):
    bus.hear(said(1, Solved.NO, MONDAY + days(2)), times=2)
    bus.move(AGAIN.due_at)
    bus.hear(replace(handled(MONDAY + days(4)), unit_code=COMMUNITY), said(2, Solved.YES, AGAIN.due_at))

    assert rank_units(bus) == {1: (STREET, DispatchKind.DIRECT), 2: (OTHER_STREET, DispatchKind.RELAYED)}
    (told,) = bus.told(IssueEvaluatedV1)
    assert [(one.order_no, one.outcome) for one in told.orders] == [("A", Outcome.SOLVED)]


def test_what_was_done_before_is_not_what_its_caller_is_asked_about(bus):
    bus.move(AGAIN.due_at)
    bus.hear(said(2, Solved.YES, AGAIN.due_at))

    assert bus.told(IssueEvaluatedV1) == []


def test_a_result_about_a_dispatch_that_was_not_heard_of_yet_waits_for_it(engine):
    bus = Bus(engine, EvaluationService, MONDAY)
    bus.hear(linked("A", "I-A"), said(2, Solved.YES, MONDAY))
    assert rank_units(bus) == {}

    bus.hear(replace(AGAIN, dispatched_at=MONDAY, redispatched_at=MONDAY))
    bus.move(MONDAY + hours(1))
    bus.try_kept()

    assert rank_units(bus) == {2: (OTHER_STREET, DispatchKind.RELAYED)}


def test_one_that_left_its_issue_by_it_says_the_same_with_its_link(engine):
    bus = Bus(engine, EvaluationService, MONDAY)
    bus.hear(linked("A", "I-A"), linked("B", "I-A"))
    bus.move(MONDAY + days(2))
    left = ComplaintUnlinkedV1(
        order_no="B", issue_id="I-A", reason="再次派单", unlinked_at=MONDAY + days(2), unlinked_by="hotline"
    )
    anew = {"dispatch_no": 2, "dispatched_to": ELSEWHERE, "dispatched_at": MONDAY + days(2)}
    joins = replace(linked("B", "I-B", linked_at=MONDAY + days(2)), due_at=MONDAY + days(5), **anew)

    bus.hear(left, joins, replace(AGAIN, order_no="B", issue_id="I-B"))

    found = bus.ask("get_survey", {"order_no": "B"}, Role.EVALUATOR)
    assert [one["unit_code"] for one in found["charges"]] == [COMMUNITY, ELSEWHERE]
    assert (found["issue_id"], found["due_at"]) == ("I-B", (MONDAY + days(5)).isoformat())
