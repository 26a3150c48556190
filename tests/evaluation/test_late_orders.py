"""An order that is late on arrival is asked about once its unit had time for it, and charged to nobody."""

from datetime import timedelta

import pytest

from services.evaluation.service import EvaluationService
from shared.auth import Role
from shared.contracts.evaluation import CallbackStartedV1
from shared.contracts.vocabulary import SlaClass
from tests.evaluation.builders import DISTRICT, LIMIT_OVER, MONDAY, days, hours, linked
from tests.harness import Bus

NOW = LIMIT_OVER + days(2)


@pytest.fixture
def bus(engine):
    return Bus(engine, EvaluationService, NOW)


def asked_at(bus, order_no="A"):
    return [one.started_at for one in bus.told(CallbackStartedV1) if one.order_no == order_no]


@pytest.mark.parametrize(
    ("sla_class", "limit", "after"),
    [(SlaClass.GENERAL, days(7), days(1)), (SlaClass.EMERGENCY, hours(2), hours(1))],
    ids=["a day", "an hour in an emergency"],
)
def test_its_caller_is_asked_after_the_time_for_a_first_contact_and_not_before(bus, sla_class, limit, after):
    due_at = NOW - hours(3)
    instants = {"dispatched_at": due_at - limit, "due_at": due_at, "received_at": NOW, "linked_at": NOW}
    bus.hear(linked(sla_class=sla_class, **instants))
    bus.move(NOW + after - timedelta(seconds=1))
    assert asked_at(bus) == []

    bus.move(NOW + after)

    assert asked_at(bus) == [NOW + after]


def test_others_are_asked_when_their_limit_is_over_also_those_that_were_moved_after_it(bus):
    bus.hear(linked("A", received_at=MONDAY), linked("B", received_at=MONDAY, linked_at=NOW))
    bus.move(NOW + hours(1))

    assert (len(asked_at(bus, "A")), len(asked_at(bus, "B"))) == (1, 1)


@pytest.mark.parametrize(("received_at", "counted"), [(NOW, 0), (MONDAY, 1)], ids=["late", "in time"])
def test_what_its_caller_says_is_no_sample_of_anybodys(bus, received_at, counted):
    bus.hear(linked(received_at=received_at, linked_at=received_at))
    bus.move(NOW + days(2))
    said = {"reached": True, "contacted": True, "solved": "no", "satisfaction": 1, "order_no": "A"}
    bus.ask("record_callback", said | {"idempotency_key": "k"}, Role.CALLBACK_AGENT, DISTRICT)

    with bus.begin(reads=True) as work:
        (callback,) = work.callbacks.of(order_no="A")
        assert callback.is_late is not bool(counted)
        assert len(list(work.callbacks.samples_of(callback.period_id))) == counted
