"""A period's result from what is stored: the same stored answers give the same bytes, now and years later."""

import json
from typing import Any

from services.evaluation.domain.period import Period
from services.evaluation.domain.result import result_of


def compute(work: Any, period: Period, *, policies: Any) -> dict[str, Any]:
    """The result of a period from what is stored, under the policy that held when it began."""
    before = work.periods.before(period)
    return result_of(
        period.id,
        period.starts_at,
        period.ends_at,
        samples=work.callbacks.samples_of(period.id),
        requests=work.surveys.requests_of(period.id),
        before=json.loads(before.result) if before is not None and before.result else None,
        policy=policies.at(period.starts_at),
    )
