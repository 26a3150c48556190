"""Periods: which one counts now, freezing it when it is over, publishing it, and mending it in public."""

from datetime import datetime
from typing import Any

from services.evaluation.domain.period import Period
from services.evaluation.domain.result import canonical
from services.evaluation.schemas import IssueErratum, PeriodReply, PublishPeriod
from services.evaluation.use_cases.computing import compute
from services.evaluation.use_cases.lookup import period_reply
from shared.auth import Caller
from shared.contracts.evaluation import ErratumIssuedV1, PeriodFrozenV1, PeriodPublishedV1

FREEZE = "freeze_period"


def counting_period(work: Any, now: datetime, *, policies: Any) -> Period:
    """The period in which something counts that is recorded now: the first that is open. Begins it if need be."""
    start_day = policies.at(now).period.start_day
    period = Period.around(now, start_day)
    while True:
        known: Period | None = work.periods.find_counted(period.id)
        if known is None:
            if work.periods.begin(period):
                work.timers.set(FREEZE, period.id, period.ends_at)
        elif known.is_open:
            return known
        else:
            period = Period.around(known.ends_at, start_day)


def freeze_period(work: Any, period_id: str, *, policies: Any, now: datetime) -> None:
    """The period is over: its result is fixed, after that of the one before. A second time changes nothing."""
    period: Period | None = work.periods.find_to_change(period_id)
    if period is None or not period.is_open:
        return
    before: Period | None = work.periods.before(period)
    if before is not None:
        freeze_period(work, before.id, policies=policies, now=now)
    result = compute(work, period, policies=policies)
    period.freeze(canonical(result), result["rates"]["overall"]["samples"], at=now)
    event = PeriodFrozenV1(period_id=period.id, samples=period.samples, sha256=period.sha256, frozen_at=now)
    work.outbox.add(event, at=now)


def publish_period(work: Any, request: PublishPeriod, *, now: datetime) -> PeriodReply:
    """Make a frozen period public (Art. 34)."""
    period = work.periods.get_to_change(request.period_id)
    if period.publish(at=now):
        event = PeriodPublishedV1(period_id=period.id, sha256=period.sha256, published_at=now)
        work.outbox.add(event, at=now)
    return period_reply(period, work.periods.errata_of(period.id))


def issue_erratum(work: Any, request: IssueErratum, *, by: Caller, now: datetime) -> PeriodReply:
    """Mend a published period in public; the result itself stays as it is."""
    period = work.periods.get_to_change(request.period_id)
    erratum = period.mend(request.reason, request.correction, by=by.subject, at=now)
    work.periods.add_erratum(erratum)
    event = ErratumIssuedV1(
        period_id=period.id, erratum_no=erratum.number, reason=erratum.reason, sha256=erratum.sha256, issued_at=now
    )
    work.outbox.add(event, at=now)
    return period_reply(period, work.periods.errata_of(period.id))
