"""The service as it stands on the bus: in process with encoded events, and in a process of its own on a real broker."""

import itertools
import threading
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from services.evaluation.domain.period import PeriodState
from services.evaluation.service import EvaluationService
from services.evaluation.storage import tables
from services.evaluation.storage.repository import EvaluationStore
from shared.auth import Role
from shared.bus.work import reading
from shared.contracts.flow import LISTENERS
from shared.contracts.vocabulary import Outcome, Solved
from shared.errors import BadRequest, NotAllowed, Refused
from tests.evaluation.builders import (
    LIMIT_OVER,
    MONDAY,
    STREET,
    closed,
    days,
    escalated,
    handled,
    hours,
    linked,
    nobody_answered,
    reopened,
    returned_down,
    said,
    unlinked,
)
from tests.harness import Bus, heard_by
from tests.live_service import live_service, patiently

PATIENCE_SECONDS = 30
keys = itertools.count()


@pytest.fixture
def bus(engine):
    return Bus(engine, EvaluationService, MONDAY)


def answer(bus, request):
    """Whatever was answered before: under a key of its own."""
    bus.ask("record_callback", replace(request, idempotency_key=str(next(keys))), Role.CALLBACK_AGENT)


def test_it_listens_to_what_the_flow_says():
    assert set(heard_by(EvaluationService)) == set(LISTENERS["evaluation"])


def test_a_case_from_link_to_evaluation_with_every_delivery_twice(bus):
    bus.hear(linked(), linked("B"), handled(MONDAY + days(2)), times=2)
    bus.move(LIMIT_OVER)
    answer(bus, said(Solved.NO))
    answer(bus, nobody_answered("B"))
    bus.move(LIMIT_OVER + days(1))
    answer(bus, said(order_no="B"))
    bus.hear(handled(LIMIT_OVER + days(2)), times=2)
    bus.move(LIMIT_OVER + days(2))
    answer(bus, said())
    bus.hear(closed(LIMIT_OVER + days(2)), times=2)
    bus.move(MONDAY + days(40))

    started, completed = "callback_started.v1", "callback_completed.v1"
    assert bus.told() == [
        *(started, started, completed, "redo_ordered.v1", started, completed),
        *(started, completed, "issue_evaluated.v1"),
        "period_frozen.v1",
    ]
    with bus.begin(reads=True) as store:
        assert store.periods.get("2026-03").state is PeriodState.FROZEN


EVERY = [
    linked(),
    unlinked(at=MONDAY + hours(1)),
    handled(MONDAY + days(1)),
    escalated(MONDAY + days(2)),
    returned_down(MONDAY + days(3)),
    reopened(MONDAY + days(4)),
    closed(MONDAY + days(5)),
]


@pytest.mark.parametrize("early", EVERY, ids=lambda event: event.wire_type)
def test_whatever_comes_first_of_an_issue_is_taken_without_harm(bus, early):
    bus.hear(early)
    bus.hear(*EVERY, linked(linked_at=MONDAY + hours(2)))
    bus.move(LIMIT_OVER)

    assert set(bus.inbox_statuses()) == {"handled"}
    assert bus.told() == ["callback_started.v1"]


def test_two_answers_at_once_about_one_issue_are_judged_together(bus):
    bus.hear(linked(), linked("B"), handled(MONDAY + days(2)))
    bus.move(LIMIT_OVER)
    threads = [threading.Thread(target=answer, args=(bus, said(order_no=order_no))) for order_no in ("A", "B")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)

    assert bus.told().count("issue_evaluated.v1") == 1


def test_many_orders_lose_nothing_on_their_way(bus):
    bus.hear(*(linked(f"O-{number:03}", f"I-{number // 3:03}") for number in range(60)))
    bus.hear(*(handled(MONDAY + days(1), issue_id=f"I-{number:03}") for number in range(20)))
    bus.move(LIMIT_OVER)
    for number in range(60):
        answer(bus, said(order_no=f"O-{number:03}"))
    told = bus.told()

    assert [told.count(kind) for kind in ("callback_started.v1", "callback_completed.v1", "issue_evaluated.v1")] == [
        60,
        60,
        20,
    ]
    with bus.begin(reads=True) as store:
        assert store.connection.scalar(select(func.count()).select_from(tables.callbacks)) == 60


@pytest.fixture
def live(broker, engine, tmp_path):
    with live_service("evaluation", broker.uri, tmp_path, linked(), handled(MONDAY + days(2))) as running:
        yield running


@pytest.mark.timeout(90)
def test_on_a_real_broker_a_caller_is_asked_and_the_answer_counts(live, engine):
    answer = {"order_no": "A", "reached": True, "contacted": True, "solved": "yes", "idempotency_key": "k1"}
    with live.caller(Role.CALLBACK_AGENT) as ask:
        due = patiently(lambda: ask("evaluation", "list_callbacks_due", {})["callbacks"])
        with pytest.raises(BadRequest) as incomplete:
            ask("evaluation", "record_callback", answer)
        first = ask("evaluation", "record_callback", answer | {"satisfaction": 4})
        again = ask("evaluation", "record_callback", answer | {"satisfaction": 4})
        with pytest.raises(Refused) as refused:
            ask("evaluation", "record_callback", answer | {"satisfaction": 4, "idempotency_key": "k2"})
        with pytest.raises(NotAllowed):
            ask("evaluation", "publish_period", {"period_id": "2026-03", "idempotency_key": "k3"})
    with live.caller(Role.EVALUATOR) as ask:
        rates = ask("evaluation", "get_rates", {"from_at": MONDAY.isoformat(), "to_at": "2100-01-01T00:00:00Z"})
        with pytest.raises(BadRequest):
            ask("evaluation", "get_ranking", {"period_id": "March"})

    assert [one["order_no"] for one in due] == ["A"]
    assert set(incomplete.value.fields) == {"satisfaction"}
    assert first == again
    assert first["state"] == "asked"
    assert refused.value.code == "no_callback_open"
    assert rates["overall"]["satisfaction_ratio"] == 1.0
    with reading(engine, EvaluationStore) as store:
        told = list(store.connection.scalars(select(tables.bus.outbox.c.routing_key).order_by("position")))
    assert told == ["callback_started.v1", "callback_completed.v1", "issue_evaluated.v1"]


def test_the_outcome_that_is_told_is_the_one_of_the_answers(bus):
    bus.hear(linked(), escalated(MONDAY + days(1)), handled(MONDAY + days(2), STREET))
    bus.move(LIMIT_OVER)
    answer(bus, said(Solved.PARTLY))
    with bus.begin(reads=True) as store:
        body = store.connection.scalars(
            select(tables.bus.outbox.c.body).where(tables.bus.outbox.c.routing_key == "issue_evaluated.v1")
        ).one()

    assert f'"outcome":"{Outcome.SOLVED.value}"'.encode() in body.replace(b'": "', b'":"')
    assert STREET.encode() in body
