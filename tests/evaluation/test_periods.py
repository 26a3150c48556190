"""Periods are frozen when they are over, published, verified and mended; on both databases."""

import json

import pytest
from sqlalchemy import update

from services.evaluation.domain.errors import PeriodNotFrozen, PeriodNotOver, PeriodNotPublished, UnknownPeriod
from services.evaluation.schemas.requests import (
    FreezePeriod,
    GetRanking,
    GetRates,
    GetSurvey,
    IssueErratum,
    ListCallbacksDue,
    ListPeriods,
    PublishPeriod,
    VerifyPeriod,
)
from services.evaluation.service import EvaluationService
from services.evaluation.storage import tables
from services.evaluation.use_cases import callbacks, periods, queries
from shared.auth import Caller, Role
from shared.bus.rpc.my_work import ListMyWork
from shared.bus.timers.timers import Due
from shared.contracts.evaluation import ErratumIssuedV1, PeriodFrozenV1, PeriodPublishedV1
from shared.contracts.vocabulary import DispatchKind, Solved
from shared.errors import BadRequest, NotAllowed
from tests.evaluation.builders import (
    AGENT,
    COMMUNITY,
    EVALUATOR,
    LIMIT_OVER,
    MONDAY,
    PUBLIC,
    STREET,
    days,
    escalated,
    hours,
    linked,
    said,
)
from tests.evaluation.fakes import a_work
from tests.fakes import a_moment
from tests.harness import Bus

LATE_MARCH, APRIL = MONDAY + days(20), MONDAY + days(31)


@pytest.fixture
def bus(engine):
    return Bus(engine, EvaluationService, MONDAY)


def do(bus, use_case, what, now, by=EVALUATOR):
    with bus.begin() as work:
        return use_case(work, what, a_moment(now, asked_by=by))


def look(bus, query, request, by=EVALUATOR):
    with bus.begin(reads=True) as work:
        return query(work, request, a_moment(APRIL, asked_by=by))


@pytest.fixture
def month(bus):
    """The bus after twelve orders were asked about in March."""
    kinds = (DispatchKind.DIRECT, DispatchKind.RELAYED)
    bus.hear(*(linked(f"O-{number:02}", f"I-{number:02}", dispatch_kind=kinds[number % 2]) for number in range(12)))
    bus.move(LIMIT_OVER)
    with bus.begin() as work:
        for number in range(12):
            callbacks.record_callback(work, said(order_no=f"O-{number:02}"), a_moment(LIMIT_OVER, asked_by=AGENT))
    return bus


@pytest.fixture
def published(month):
    month.move(APRIL)
    publish(month)
    return month


def freeze(bus, period_id, now):
    do(bus, periods.freeze_by_itself, Due("freeze_period", period_id, now), now)


def publish(bus):
    return do(bus, periods.publish_period, PublishPeriod(period_id="2026-03", idempotency_key="k"), APRIL)


def mend(bus):
    request = IssueErratum(period_id="2026-03", reason="错", correction="对", idempotency_key="k")
    return do(bus, periods.issue_erratum, request, APRIL)


def rates(bus, by=EVALUATOR, **asked):
    return look(bus, queries.get_rates, GetRates(**asked), by)


def verify(bus):
    return look(bus, queries.verify_period, VerifyPeriod(period_id="2026-03"))


def sha256_of(bus, period_id):
    with bus.begin(reads=True) as work:
        return work.periods.get(period_id).sha256


def test_what_is_published_are_the_rankings_that_may_be_asked_for(month):
    month.move(APRIL)
    publish(month)

    (published,) = month.told(PeriodPublishedV1)
    asked = look(month, queries.get_ranking, GetRanking(period_id="2026-03"))
    shown = [(one.group, one.within, one.dispatch_kind) for one in published.rankings]
    assert shown == [(one.group, one.within, one.dispatch_kind) for one in asked.rankings]
    entries = [entry for one in published.rankings for entry in one.entries]
    wanted = [entry for one in asked.rankings for entry in one.entries]
    assert [one.code for one in entries] == [one.unit_code or one.organisation_id for one in wanted]
    assert [one.resolution_interval for one in entries] == [one.resolution_interval for one in wanted]
    assert published.samples == 12


def test_a_period_is_frozen_when_it_is_over(month):
    month.move(LATE_MARCH)
    assert month.told(PeriodFrozenV1) == []

    month.move(APRIL)

    (frozen,) = month.told(PeriodFrozenV1)
    assert (frozen.period_id, frozen.samples) == ("2026-03", 12)
    assert frozen.sha256 == sha256_of(month, "2026-03")


def test_freezing_twice_changes_nothing(month):
    for _ in range(2):
        freeze(month, "2026-03", APRIL)
    freeze(month, "1999-01", APRIL)

    assert len(month.told(PeriodFrozenV1)) == 1


def test_a_frozen_period_computed_again_gives_the_same_bytes(published):
    assert verify(published).is_same


def test_a_changed_answer_is_found_out(published):
    changed = update(tables.callbacks).where(tables.callbacks.c.id == "O-00/C1").values(solved=Solved.NO)
    with published.begin() as work:
        work.connection.execute(changed)

    assert not verify(published).is_same


def test_what_is_recorded_after_the_freeze_counts_in_the_next_period(month):
    month.hear(linked("late", "I-late"))
    month.move(LIMIT_OVER)
    freeze(month, "2026-03", LATE_MARCH)
    do(month, callbacks.record_callback, said(order_no="late"), LATE_MARCH, AGENT)

    with month.begin(reads=True) as work:
        assert work.callbacks.get("late/C1").period_id == "2026-04"
    assert verify(month).is_same
    month.move(APRIL + days(31))
    assert [event.period_id for event in month.told(PeriodFrozenV1)] == ["2026-03", "2026-04"]


def test_an_order_that_is_heard_of_late_counts_in_the_period_in_which_it_was_linked(month):
    month.clock.instant = APRIL
    month.hear(linked("B", "I-B", linked_at=LATE_MARCH))

    with month.begin(reads=True) as work:
        assert work.surveys.get("B").period_id == "2026-03"


def test_the_period_before_is_frozen_first(month):
    month.clock.instant = APRIL
    month.hear(linked("B", "I-B", linked_at=APRIL))
    freeze(month, "2026-04", APRIL + days(31))

    assert [event.period_id for event in month.told(PeriodFrozenV1)] == ["2026-03", "2026-04"]


def test_a_period_is_published_once_and_only_when_it_is_over(month):
    with pytest.raises(PeriodNotFrozen):
        publish(month)
    with pytest.raises(PeriodNotFrozen):
        verify(month)
    month.move(APRIL)
    publish(month)
    told = month.told(PeriodPublishedV1)
    reply = publish(month)

    assert len(told) == 1
    assert month.told(PeriodPublishedV1) == told
    assert json.loads(reply.result)["rates"]["overall"]["resolution_ratio"] == 1.0


def test_an_erratum_is_told_and_the_result_stays(published):
    before = sha256_of(published, "2026-03")
    reply = mend(published)

    (told,) = published.told(ErratumIssuedV1)
    assert (told.erratum_no, told.sha256) == (1, reply.errata[0].sha256)
    assert reply.sha256 == before


def test_what_is_not_published_can_not_be_mended(month):
    with pytest.raises(PeriodNotPublished):
        mend(month)


def test_rates_of_a_period_or_of_a_stretch_of_time(month):
    of_period = rates(month, period_id="2026-03")
    of_stretch = rates(month, from_at=MONDAY, to_at=APRIL)

    assert of_period.state == "open"
    assert (of_period.overall, of_period.direct) == (of_stretch.overall, of_stretch.direct)
    assert (of_period.overall.samples, of_period.direct.samples, of_period.relayed.samples) == (12, 6, 6)
    assert rates(month, from_at=MONDAY, to_at=MONDAY + hours(1)).overall.composite_ratio is None


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"period_id": "2026-03", "from_at": MONDAY},
        {"from_at": MONDAY},
        {"from_at": APRIL, "to_at": MONDAY},
    ],
)
def test_rates_of_nothing_in_particular_are_refused(asked):
    with pytest.raises(BadRequest):
        queries.get_rates(a_work(), GetRates(**asked), a_moment(APRIL, asked_by=EVALUATOR))


def test_the_public_sees_what_is_published(month):
    for asked in ({"period_id": "2026-03"}, {"from_at": MONDAY, "to_at": APRIL}):
        with pytest.raises(PeriodNotPublished):
            rates(month, by=PUBLIC, **asked)
    assert look(month, queries.list_periods, ListPeriods(), PUBLIC).periods == []

    month.move(APRIL)
    publish(month)

    assert rates(month, by=PUBLIC, period_id="2026-03").overall.samples == 12
    listed = look(month, queries.list_periods, ListPeriods(), PUBLIC).periods
    assert [one.period_id for one in listed] == ["2026-03"]


def test_the_ranking_shows_the_streets_by_dispatch_kind(published):
    reply = look(published, queries.get_ranking, GetRanking(period_id="2026-03"), PUBLIC)
    places = {(one.group, one.dispatch_kind): one.entries[0] for one in reply.rankings}

    assert places["street", "overall"].rank == 1
    assert places["street", "direct"].rank is None
    assert reply.requests == {STREET: 12}
    assert reply.classes.governance == [STREET]


def test_an_unknown_period_is_said_to_be_unknown(bus):
    with pytest.raises(UnknownPeriod):
        rates(bus, period_id="2026-03")


def test_a_survey_shows_every_answer(month):
    reply = look(month, queries.get_survey, GetSurvey(order_no="O-00"))

    assert (reply.unit_code, [one.solved for one in reply.callbacks]) == (COMMUNITY, [Solved.YES])


def test_a_survey_is_seen_by_the_unit_that_holds_the_issue_now(bus):
    bus.hear(linked(), escalated(MONDAY))
    below, holder = (Caller("agent-2", frozenset({Role.CALLBACK_AGENT}), unit) for unit in (COMMUNITY, STREET))

    assert look(bus, queries.get_survey, GetSurvey(order_no="A"), holder).unit_code == STREET
    with pytest.raises(NotAllowed):
        look(bus, queries.get_survey, GetSurvey(order_no="A"), below)


def test_whom_to_ask_is_listed_page_by_page_and_in_ones_own_unit(bus):
    bus.hear(*(linked(name, f"I-{name}") for name in ("A", "B", "C")))
    bus.move(LIMIT_OVER)

    first = look(bus, queries.list_callbacks_due, ListCallbacksDue(most=2), AGENT)
    second = look(bus, queries.list_callbacks_due, ListCallbacksDue(most=2, after=first.next_after), AGENT)

    assert [[one.order_no for one in page.callbacks] for page in (first, second)] == [["A", "B"], ["C"]]
    assert second.next_after == ""
    assert look(bus, queries.list_callbacks_due, ListCallbacksDue(most=3), AGENT).next_after == "C"
    elsewhere = Caller("agent-2", frozenset({Role.CALLBACK_AGENT}), "110105018")
    assert look(bus, queries.list_callbacks_due, ListCallbacksDue(), elsewhere).callbacks == []
    with pytest.raises(NotAllowed):
        look(bus, queries.list_callbacks_due, ListCallbacksDue(unit_code=STREET), elsewhere)


def by_hand(bus, now, by=EVALUATOR):
    return do(bus, periods.freeze_period, FreezePeriod(period_id="2026-03", idempotency_key="k"), now, by)


def test_an_evaluator_freezes_a_period_that_has_ended_and_it_stays_as_it_is(month):
    frozen = by_hand(month, APRIL)
    month.move(APRIL + days(3))

    assert (frozen.state, frozen.samples) == ("frozen", 12)
    assert by_hand(month, APRIL + days(3)) == frozen
    assert len(month.told(PeriodFrozenV1)) == 1


def test_a_period_that_still_runs_is_frozen_by_nobody(month):
    with pytest.raises(PeriodNotOver):
        by_hand(month, LATE_MARCH)


def test_where_the_policy_leaves_days_to_look_it_waits_for_the_evaluator_and_then_freezes_by_itself(month):
    with month.begin(reads=True) as work:
        period = work.periods.get("2026-03")
        waits = queries.list_my_work(work, ListMyWork(), a_moment(APRIL, asked_by=EVALUATOR)).waits

    assert period.freezes_at(3) == period.ends_at + days(3)
    assert [(one.about, one.calls) for one in waits] == [("2026-03", ["evaluation.freeze_period"])]
