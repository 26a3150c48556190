"""The result of a period: its rates, rankings and classes as one canonical piece of JSON.

The same samples, requests, policy and period before give the same bytes, in whatever order they are read.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from services.evaluation.domain.ranking import OVERALL, STREET, Entry, classes_of, group_of, rank
from services.evaluation.domain.rates import Sample, Tally, latest_of_each_order, rates_of
from shared.policy import Policy

Tallies = dict[tuple[str, str], dict[str, Tally]]
"""By group and dispatch kind (or overall), each unit's tally."""


def result_of(
    period_id: str,
    starts_at: datetime,
    ends_at: datetime,
    *,
    samples: Iterable[Sample],
    requests: Mapping[str, int],
    before: Mapping[str, Any] | None,
    policy: Policy,
) -> dict[str, Any]:
    """`samples` are sorted by order and time, `requests` count orders by rank unit, `before` is the last result."""
    totals, tallies = tally_up(samples, policy)
    rankings = {key: rank(tallies[key], weights=policy.weights, policy=policy.ranking) for key in sorted(tallies)}
    by_street = {unit: number for unit, number in requests.items() if group_of(unit) == STREET}
    streets = rankings.get((STREET, OVERALL), [])
    return {
        "period_id": period_id,
        "starts_at": starts_at.astimezone(UTC).isoformat(),
        "ends_at": ends_at.astimezone(UTC).isoformat(),
        "policy_version": policy.version,
        "rates": {kind: asdict(rates_of(totals[kind], policy.weights)) for kind in totals},
        "rankings": [
            {"group": group, "dispatch_kind": kind, "entries": [_flat(entry) for entry in entries]}
            for (group, kind), entries in rankings.items()
        ],
        "classes": asdict(classes_of(streets, by_street, _composites(before), policy=policy.ranking)),
        "requests": by_street,
    }


def tally_up(samples: Iterable[Sample], policy: Policy) -> tuple[dict[str, Tally], Tallies]:
    """The tallies of all together and of each unit in its group."""
    totals = {OVERALL: Tally()} | {kind: Tally() for kind in policy.ranking.dispatch_kinds}
    tallies: Tallies = {}
    for sample in latest_of_each_order(samples):
        group, unit = group_of(sample.rank_unit), sample.rank_unit
        for kind in (OVERALL, sample.dispatch_kind.value):
            if kind in totals:
                totals[kind].add(sample, satisfied_from=policy.callback.satisfied_from)
            if kind in totals and group in policy.ranking.groups:
                tally = tallies.setdefault((group, kind), {}).setdefault(unit, Tally())
                tally.add(sample, satisfied_from=policy.callback.satisfied_from)
    return totals, tallies


def canonical(value: object) -> bytes:
    """The one way to write it: keys sorted, no spaces, UTF-8, no NaN."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def _composites(before: Mapping[str, Any] | None) -> dict[str, float]:
    """The streets that were ranked in the period before, with their composites."""
    rankings = before["rankings"] if before else []
    streets = [one for one in rankings if (one["group"], one["dispatch_kind"]) == (STREET, OVERALL)]
    return {
        entry["unit_code"]: entry["composite_ratio"]
        for one in streets
        for entry in one["entries"]
        if entry["rank"] is not None
    }


def _flat(entry: Entry) -> dict[str, Any]:
    flat = asdict(entry)
    rates: dict[str, Any] = flat.pop("rates")
    return rates | flat
