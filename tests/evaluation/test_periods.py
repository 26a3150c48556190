"""Periods are frozen when they are over, published, verified and mended; with fakes."""

import json

import pytest

from services.evaluation import schemas, use_cases
from services.evaluation.domain.errors import PeriodNotFrozen, PeriodNotPublished, UnknownPeriod
from shared.auth import Caller, Role
from shared.contracts.evaluation import ErratumIssuedV1, PeriodFrozenV1, PeriodPublishedV1
from shared.contracts.vocabulary import DispatchKind, Solved
from shared.errors import BadRequest, NotAllowed
from tests.evaluation.builders import (
    AGENT,
    COMMUNITY,
    EVALUATOR,
    LIMIT_OVER,
    MONDAY,
    POLICIES,
    PUBLIC,
    STREET,
    days,
    hours,
    linked,
    rules,
    said,
)
from tests.evaluation.fakes import a_work, fire_due

LATE_MARCH, APRIL = MONDAY + days(20), MONDAY + days(31)


def a_month(answers=12, solved=Solved.YES):
    """A work in which so many orders were asked about in March."""
    work = a_work()
    for number in range(answers):
        kind = DispatchKind.RELAYED if number % 2 else DispatchKind.DIRECT
        use_cases.follow_link(work, linked(f"O-{number:02}", f"I-{number:02}", dispatch_kind=kind), **rules())
    fire_due(work, LIMIT_OVER)
    for number in range(answers):
        answer = said(solved, f"O-{number:02}")
        use_cases.record_callback(work, answer, by=AGENT, **rules(LIMIT_OVER))
    return work


def a_published_month():
    work = a_month()
    fire_due(work, APRIL)
    publish(work)
    return work


def publish(work):
    request = schemas.PublishPeriod(period_id="2026-03", idempotency_key="k")
    return use_cases.publish_period(work, request, now=APRIL)


def mend(work):
    request = schemas.IssueErratum(period_id="2026-03", reason="错", correction="对", idempotency_key="k")
    return use_cases.issue_erratum(work, request, by=EVALUATOR, now=APRIL)


def rates(work, by=EVALUATOR, **asked):
    return use_cases.get_rates(work, schemas.GetRates(**asked), by=by, policies=POLICIES)


def verify(work):
    return use_cases.verify_period(work, schemas.VerifyPeriod(period_id="2026-03"), policies=POLICIES)


def test_a_period_is_frozen_when_it_is_over():
    work = a_month()
    fire_due(work, LATE_MARCH)
    assert work.outbox.of(PeriodFrozenV1) == []

    fire_due(work, APRIL)

    (frozen,) = work.outbox.of(PeriodFrozenV1)
    assert (frozen.period_id, frozen.samples) == ("2026-03", 12)
    assert frozen.sha256 == work.periods.get("2026-03").sha256


def test_freezing_twice_changes_nothing():
    work = a_month()
    for _ in range(2):
        use_cases.freeze_period(work, "2026-03", **rules(APRIL))
    use_cases.freeze_period(work, "1999-01", **rules(APRIL))

    assert len(work.outbox.of(PeriodFrozenV1)) == 1


def test_a_frozen_period_computed_again_gives_the_same_bytes():
    work = a_published_month()

    assert verify(work).is_same


def test_a_changed_answer_is_found_out():
    work = a_published_month()
    work.callbacks.kept[0].solved = Solved.NO

    assert not verify(work).is_same


def test_what_is_recorded_after_the_freeze_counts_in_the_next_period():
    work = a_month()
    use_cases.follow_link(work, linked("late", "I-late"), **rules())
    fire_due(work, LIMIT_OVER)
    use_cases.freeze_period(work, "2026-03", **rules(LATE_MARCH))
    use_cases.record_callback(work, said(order_no="late"), by=AGENT, **rules(LATE_MARCH))

    assert work.callbacks.of_order("late")[0].period_id == "2026-04"
    assert ("freeze_period", "2026-04") in work.timers.due
    assert verify(work).is_same


def test_the_period_before_is_frozen_first():
    work = a_month()
    use_cases.follow_link(work, linked("B", "I-B"), **rules(APRIL))
    use_cases.freeze_period(work, "2026-04", **rules(APRIL + days(31)))

    assert [event.period_id for event in work.outbox.of(PeriodFrozenV1)] == ["2026-03", "2026-04"]


def test_a_period_is_published_once_and_only_when_it_is_over():
    work = a_month()
    with pytest.raises(PeriodNotFrozen):
        publish(work)
    with pytest.raises(PeriodNotFrozen):
        verify(work)
    fire_due(work, APRIL)
    publish(work)
    reply = publish(work)

    assert len(work.outbox.of(PeriodPublishedV1)) == 1
    assert json.loads(reply.result)["rates"]["overall"]["resolution_ratio"] == 1.0


def test_an_erratum_is_told_and_the_result_stays():
    work = a_published_month()
    before = work.periods.get("2026-03").sha256
    reply = mend(work)

    (told,) = work.outbox.of(ErratumIssuedV1)
    assert (told.erratum_no, told.sha256) == (1, reply.errata[0].sha256)
    assert reply.sha256 == before


def test_what_is_not_published_can_not_be_mended():
    work = a_month()
    with pytest.raises(PeriodNotPublished):
        mend(work)


def test_rates_of_a_period_or_of_a_stretch_of_time():
    work = a_month()
    of_period = rates(work, period_id="2026-03")
    of_stretch = rates(work, from_at=MONDAY, to_at=APRIL)

    assert of_period.state == "open"
    assert (of_period.overall, of_period.direct) == (of_stretch.overall, of_stretch.direct)
    assert (of_period.overall.samples, of_period.direct.samples, of_period.relayed.samples) == (12, 6, 6)
    assert rates(work, from_at=MONDAY, to_at=MONDAY + hours(1)).overall.composite_ratio is None


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
        rates(a_month(), **asked)


def test_the_public_sees_what_is_published():
    work = a_month()
    for asked in ({"period_id": "2026-03"}, {"from_at": MONDAY, "to_at": APRIL}):
        with pytest.raises(PeriodNotPublished):
            rates(work, by=PUBLIC, **asked)
    assert use_cases.list_periods(work, schemas.ListPeriods(), by=PUBLIC).periods == []

    fire_due(work, APRIL)
    publish(work)

    assert rates(work, by=PUBLIC, period_id="2026-03").overall.samples == 12
    assert [one.period_id for one in use_cases.list_periods(work, schemas.ListPeriods(), by=PUBLIC).periods] == [
        "2026-03"
    ]


def test_the_ranking_shows_the_streets_by_dispatch_kind():
    work = a_published_month()
    reply = use_cases.get_ranking(work, schemas.GetRanking(period_id="2026-03"), by=PUBLIC, policies=POLICIES)
    places = {(one.group, one.dispatch_kind): one.entries[0] for one in reply.rankings}

    assert places["street", "overall"].rank == 1
    assert places["street", "direct"].rank is None
    assert reply.requests == {STREET: 12}
    assert reply.classes.governance == [STREET]


def test_an_unknown_period_is_said_to_be_unknown():
    with pytest.raises(UnknownPeriod):
        rates(a_work(), period_id="2026-03")


def test_a_survey_shows_every_answer():
    reply = use_cases.get_survey(a_month(), schemas.GetSurvey(order_no="O-00"), by=EVALUATOR)

    assert (reply.unit_code, [one.solved for one in reply.callbacks]) == (COMMUNITY, [Solved.YES])


def test_whom_to_ask_is_listed_page_by_page_and_in_ones_own_unit():
    work = a_work()
    for name in ("A", "B", "C"):
        use_cases.follow_link(work, linked(name, f"I-{name}"), **rules())
    fire_due(work, LIMIT_OVER)

    first = use_cases.list_callbacks_due(work, schemas.ListCallbacksDue(most=2), by=AGENT)
    second = use_cases.list_callbacks_due(work, schemas.ListCallbacksDue(most=2, after=first.next_after), by=AGENT)

    assert [[one.order_no for one in page.callbacks] for page in (first, second)] == [["A", "B"], ["C"]]
    assert second.next_after == ""
    elsewhere = Caller("agent-2", Role.CALLBACK_AGENT, "110105018")
    assert use_cases.list_callbacks_due(work, schemas.ListCallbacksDue(), by=elsewhere).callbacks == []
    with pytest.raises(NotAllowed):
        use_cases.list_callbacks_due(work, schemas.ListCallbacksDue(unit_code=STREET), by=elsewhere)
