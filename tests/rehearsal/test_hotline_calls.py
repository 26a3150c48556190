"""The hotline of the exercise reports each callback under a number of its own, and none about what it has no more."""

from datetime import datetime, timedelta

import pytest

from services.rehearsal.dice import Dice
from services.rehearsal.hearing import Heard
from services.rehearsal.people.callbacks import DECIDED, LEFT, REINSTATED, STARTED, HotlineCalls
from shared.clock import SHANGHAI
from shared.contracts import EVENTS

NOW = datetime(2026, 3, 9, 9, tzinfo=SHANGHAI)
LATER = NOW + timedelta(days=2)


def started(order_no="A1", number=1):
    said = {"order_no": order_no, "issue_id": "I-1", "unit_code": "110105017036", "round": number, "attempt": 1}
    return Heard(STARTED, "I-1", said | {"asker": "hotline", "started_at": NOW.isoformat()})


@pytest.fixture
def calls():
    return HotlineCalls(Dice(7))


def test_results_of_an_order_and_of_its_further_matter_are_counted_on_and_keep_the_contract(calls):
    for event in (started(), started("A1/2"), started(number=2)):
        calls.hear(event)

    made = calls.take_due(LATER)

    assert sorted(one.content["round"] for one in made) == [1, 2, 3]
    assert {one.content["order_no"] for one in made} == {"A1", "A1/2"}
    for one in made:
        EVENTS["callback_reported.v1"].from_wire(one.content)


@pytest.mark.parametrize("left", LEFT)
def test_nobody_is_called_about_what_has_left_until_it_is_back(calls, left):
    calls.hear(started())
    calls.hear(Heard(left, "A1", {"order_no": "A1"}))
    assert calls.take_due(LATER) == []

    calls.hear(Heard(REINSTATED, "A1", {"order_no": "A1"}))
    calls.hear(started(number=2))
    assert [one.content["round"] for one in calls.take_due(LATER)] == [1]


def test_it_calls_again_where_it_granted_that_and_else_not(calls):
    calls.hear(started())
    calls.take_due(LATER)
    for order_no, granted in (("A1", True), ("A1", False), ("A9", True)):
        said = {"order_no": order_no, "wants": "callback", "granted": granted, "decided_at": LATER.isoformat()}
        calls.hear(Heard(DECIDED, order_no, said))

    assert [one.id for one in calls.take_due(LATER + timedelta(days=2))] == ["A1/1/2"]
