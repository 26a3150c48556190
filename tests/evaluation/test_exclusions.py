"""What the hotline leaves out of the rates counts in no figure; a period that was frozen before stays as it is."""

import pytest

from services.evaluation.service import EvaluationService
from shared.auth import Role
from shared.contracts.orders import OrderRequestDecidedV1
from shared.contracts.requests import Want
from tests.evaluation.builders import LIMIT_OVER, MONDAY, days, linked
from tests.harness import Bus
from tests.told import few_duties, tell

SAID = {"reached": True, "contacted": True, "solved": "no", "satisfaction": 1}


def decided(at, *, granted=True, wants=Want.EXCLUSION):
    return OrderRequestDecidedV1(
        request_id="A/Q1",
        order_no="A",
        issue_id="I-A",
        wants=wants,
        granted=granted,
        is_default=False,
        answer="情况属实",
        decided_by="hotline",
        decided_at=at,
    )


@pytest.fixture
def bus(engine):
    tell(engine, *few_duties())
    bus = Bus(engine, EvaluationService, MONDAY)
    bus.hear(linked())
    bus.move(LIMIT_OVER)
    bus.ask("record_callback", {"order_no": "A", "idempotency_key": "c"} | SAID, Role.CALLBACK_AGENT)
    return bus


def samples(bus):
    rates = bus.ask("get_rates", {"period_id": "2026-03"}, Role.EVALUATOR)
    return rates["overall"]["samples"]


@pytest.mark.parametrize(
    ("event", "counted"),
    [
        (decided(LIMIT_OVER), 0),
        (decided(LIMIT_OVER, granted=False), 1),
        (decided(LIMIT_OVER, wants=Want.CALLBACK), 1),
    ],
    ids=["granted", "refused", "something else"],
)
def test_what_is_left_out_counts_in_no_rate(bus, event, counted):
    assert samples(bus) == 1

    bus.hear(event)

    assert samples(bus) == counted


def test_a_period_that_was_frozen_before_is_verified_as_it_was(bus):
    bus.move(MONDAY + days(40))
    bus.move(MONDAY + days(41))
    bus.hear(decided(MONDAY + days(41)))

    verified = bus.ask("verify_period", {"period_id": "2026-03"}, Role.EVALUATOR)

    assert verified["is_same"]
