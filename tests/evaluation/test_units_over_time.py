"""A community changes its street in the middle of a month: what came before counts there, what comes after here."""

from dataclasses import replace

import pytest

from services.evaluation.domain.period import Period
from services.evaluation.service import EvaluationService
from services.evaluation.use_cases import events
from shared.auth import Role
from shared.bus.inbox.reading import NotYet
from shared.bus.tables import EventStatus
from tests.databases import engine_of
from tests.evaluation.builders import (
    COMMUNITY,
    LIMIT_OVER,
    MONDAY,
    STREET,
    days,
    escalated,
    hours,
    linked,
    said,
)
from tests.fakes import a_moment
from tests.harness import Bus
from tests.told import few_units, tell

OTHER = "110105018"
CHANGE = MONDAY + days(2)
MARCH = Period.around(MONDAY, 1).id

empty = engine_of("evaluation")


def units(since=CHANGE):
    """The few units, of which one lies in another street since then."""
    (before,) = [one for one in few_units() if one.id == COMMUNITY]
    periods = [replace(before, valid_to=since), replace(before, valid_from=since, parent=OTHER)]
    return [*(one for one in few_units() if one.id != COMMUNITY), *periods]


@pytest.fixture
def bus(engine):
    tell(engine, units=units())
    return Bus(engine, EvaluationService, MONDAY)


def hear_both(bus):
    """One order before the change and one after it, heard of together and late."""
    bus.move(CHANGE + hours(2))
    bus.hear(
        linked("A", "I-A", linked_at=CHANGE - hours(1)),
        linked("B", "I-B", linked_at=CHANGE + hours(1)),
    )


def rank_units(bus):
    with bus.begin(reads=True) as work:
        return {one.order_no: one.rank_unit for one in work.callbacks.samples_of(MARCH)}


def answer_both(bus):
    bus.move(LIMIT_OVER)
    for order_no in ("A", "B"):
        bus.ask("record_callback", replace(said(order_no=order_no), idempotency_key=order_no), Role.CALLBACK_AGENT)


def test_requests_count_for_the_street_of_their_time_however_late_they_are_heard_of(bus):
    hear_both(bus)

    with bus.begin(reads=True) as work:
        assert work.surveys.requests_of(MARCH) == {STREET: 1, OTHER: 1}


def test_answers_count_for_the_street_of_their_orders_time_as_the_requests_do(bus):
    hear_both(bus)

    answer_both(bus)

    assert rank_units(bus) == {"A": STREET, "B": OTHER}


def test_a_later_correction_of_the_directory_changes_nothing_that_has_counted(bus):
    hear_both(bus)
    answer_both(bus)

    tell(bus.engine, units=units(since=MONDAY - days(300)))

    assert rank_units(bus) == {"A": STREET, "B": OTHER}


def test_pushing_up_on_the_last_day_takes_no_answer_out_of_the_figures_of_who_was_given_the_order(bus):
    bus.hear(linked("A", "I-A", linked_at=CHANGE - hours(1)), linked("B", "I-B", linked_at=CHANGE + hours(1)))
    bus.hear(escalated(CHANGE + hours(3)), escalated(CHANGE + hours(3), to_unit="110105", issue_id="I-B"))

    answer_both(bus)

    assert rank_units(bus) == {"A": STREET, "B": OTHER}


def test_whom_to_ask_in_a_street_are_callers_of_communities_that_lie_in_it_now(bus):
    hear_both(bus)
    bus.move(LIMIT_OVER)

    def asked_in(unit):
        due = bus.ask("list_callbacks_due", {"unit_code": unit}, Role.CALLBACK_AGENT)["callbacks"]
        return [one["order_no"] for one in due]

    assert (asked_in(STREET), asked_in(OTHER), asked_in("110105")) == ([], ["A", "B"], ["A", "B"])


def test_an_order_that_comes_before_the_directory_was_told_leaves_no_trace(empty):
    with Bus(empty, EvaluationService, MONDAY).begin() as work:
        with pytest.raises(NotYet):
            events.follow_link(work, linked(), a_moment(MONDAY))
        assert (work.issues.find("I-A"), work.surveys.find("A")) == (None, None)


def test_an_order_waits_for_the_directory_and_counts_when_it_is_told(empty):
    bus = Bus(empty, EvaluationService, MONDAY)
    bus.hear(linked())
    assert bus.inbox_statuses() == [EventStatus.EARLY]

    tell(empty)
    bus.try_kept()

    with bus.begin(reads=True) as work:
        assert work.surveys.requests_of(MARCH) == {STREET: 1}
