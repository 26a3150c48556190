"""Periods: which one counts now, freezing it when it is over, publishing it, and mending it in public."""

import json
from datetime import datetime
from typing import Any

from services.evaluation.domain.period import Period
from services.evaluation.domain.result import canonical, result_of
from services.evaluation.schemas.replies import PeriodReply, period_reply
from services.evaluation.schemas.requests import FreezePeriod, IssueErratum, PublishPeriod
from services.evaluation.storage.repository import EvaluationStore
from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.contracts.evaluation import (
    ClassesPart,
    ErratumIssuedV1,
    PeriodFrozenV1,
    PeriodPublishedV1,
    RankingPart,
    RankPart,
)

FREEZE = "freeze_period"


def period_of(work: EvaluationStore, instant: datetime, at: Moment) -> Period:
    """The period in which something counts that happened then and is heard now: its own, unless that is over."""
    known = work.periods.find_and_share_lock(Period.around(instant, at.policy.period.start_day).id)
    return known if known is not None and known.is_open else counting_period(work, at)


def counting_period(work: EvaluationStore, at: Moment) -> Period:
    """The period in which something counts that is recorded now: the first that is open. Begins it if need be."""
    start_day = at.policy.period.start_day
    period = Period.around(at.now, start_day)
    while (known := work.periods.find_and_share_lock(period.id)) is not None:
        if known.is_open:
            return known
        period = Period.around(known.ends_at, start_day)
    work.periods.add(period)
    work.timers.set(FREEZE, period.id, period.freezes_at(at.policy.period.freezes_after_days))
    return period


def freeze_by_itself(work: EvaluationStore, due: Due, at: Moment) -> None:
    """Nobody did in time: its result is fixed, after that of the one before. A second time changes nothing."""
    _freeze(work, due.ref, at)


def freeze_period(work: EvaluationStore, request: FreezePeriod, at: Moment) -> PeriodReply:
    """The same by the district, once the period has ended. Raises UnknownPeriod, PeriodNotOver."""
    at.caller.must_act_in(work.units(at.now).district)
    period = work.periods.lock(request.period_id)
    period.must_have_ended(at=at.now)
    _freeze(work, period.id, at)
    return period_reply(work, period)


def publish_period(work: EvaluationStore, request: PublishPeriod, at: Moment) -> PeriodReply:
    """Make a frozen period public (Art. 34), by the district. Raises UnknownPeriod, PeriodNotFrozen."""
    at.caller.must_act_in(work.units(at.now).district)
    period = work.periods.lock(request.period_id)
    if period.publish(at=at.now):
        work.outbox.add(_published(period, at), at=at.now)
    return period_reply(work, period)


def issue_erratum(work: EvaluationStore, request: IssueErratum, at: Moment) -> PeriodReply:
    """Mend a published period in public; the result stays as it is. Raises UnknownPeriod, PeriodNotPublished."""
    at.caller.must_act_in(work.units(at.now).district)
    period = work.periods.lock(request.period_id)
    erratum = period.mend(request.reason, request.correction, by=at.caller.subject, at=at.now)
    work.errata.add(erratum)
    event = ErratumIssuedV1(
        period_id=period.id,
        erratum_no=erratum.number,
        reason=erratum.reason,
        correction=erratum.correction,
        sha256=erratum.sha256,
        issued_at=at.now,
    )
    work.outbox.add(event, at=at.now)
    return period_reply(work, period)


def compute(work: EvaluationStore, period: Period, at: Moment) -> dict[str, Any]:
    """The result under the policy that held when the period began: what is stored gives the same bytes for ever."""
    before = work.periods.find_before(period)
    return result_of(
        period.id,
        period.starts_at,
        period.ends_at,
        samples=work.callbacks.samples_of(period.id),
        requests=work.surveys.requests_of(period.id),
        before=json.loads(before.result) if before is not None and before.result else None,
        policy=at.policy_then(period.starts_at),
    )


def _published(period: Period, at: Moment) -> PeriodPublishedV1:
    assert period.result is not None, "what is published was frozen"
    result = json.loads(period.result)
    return PeriodPublishedV1(
        period_id=period.id,
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        samples=period.samples,
        policy_version=result["policy_version"],
        rankings=[_ranking_part(one) for one in result["rankings"]],
        classes=ClassesPart(**result["classes"]),
        sha256=period.sha256,
        published_at=at.now,
    )


def _ranking_part(ranking: dict[str, Any]) -> RankingPart:
    group, within, kind = (ranking[name] for name in ("group", "within", "dispatch_kind"))
    entries = [_rank_part(dict(one)) for one in ranking["entries"]]
    return RankingPart(group=group, within=within, dispatch_kind=kind, entries=entries)


def _rank_part(entry: dict[str, Any]) -> RankPart:
    """Units go by their codes, organisations by their ids."""
    code = entry.pop("unit_code", "") or entry.pop("organisation_id")
    return RankPart(code=code, **entry)


def _freeze(work: EvaluationStore, period_id: str, at: Moment) -> None:
    period = work.periods.find_and_lock(period_id)
    if period is None or not period.is_open:
        return
    before = work.periods.find_before(period)
    if before is not None:
        _freeze(work, before.id, at)
    result = compute(work, period, at)
    work.timers.cancel(FREEZE, period.id)
    period.freeze(canonical(result), result["rates"]["overall"]["samples"], at=at.now)
    event = PeriodFrozenV1(period_id=period.id, samples=period.samples, sha256=period.sha256, frozen_at=at.now)
    work.outbox.add(event, at=at.now)
