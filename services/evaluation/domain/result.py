"""The result of a period: its rates, rankings and classes as one canonical piece of JSON.

The same samples, requests, policy and period before give the same bytes, in whatever order they are read.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from services.evaluation.domain.ranking import OF_UNITS, OVERALL, STREET, Entry, classes_of, is_street, places_of, rank
from services.evaluation.domain.rates import Sample, Tally, latest_of_each_order, rates_of
from shared.policy import Policy

Tallies = dict[tuple[str, str, str], dict[str, Tally]]
"""By group, the street within which it is ranked (or none), and dispatch kind (or overall), everybody's tally."""


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
    totals, tallies, names = tally_up(samples, policy)
    rankings = {key: rank(tallies[key], weights=policy.weights, policy=policy.ranking) for key in sorted(tallies)}
    by_street = {unit: number for unit, number in requests.items() if is_street(unit)}
    streets = rankings.get((STREET, "", OVERALL), [])
    return {
        "period_id": period_id,
        "starts_at": starts_at.astimezone(UTC).isoformat(),
        "ends_at": ends_at.astimezone(UTC).isoformat(),
        "policy_version": policy.version,
        "rates": {kind: asdict(rates_of(totals[kind], policy.weights)) for kind in totals},
        "rankings": [
            {
                "group": group,
                "within": within,
                "dispatch_kind": kind,
                "entries": [_flat(entry, group, names) for entry in entries],
            }
            for (group, within, kind), entries in rankings.items()
        ],
        "classes": asdict(classes_of(streets, by_street, _composites(before), policy=policy.ranking)),
        "requests": by_street,
    }


def tally_up(samples: Iterable[Sample], policy: Policy) -> tuple[dict[str, Tally], Tallies, dict[str, str]]:
    """The tallies of all together, and of each in its group; and the names of organisations."""
    names: dict[str, str] = {}
    totals = {OVERALL: Tally()} | {kind: Tally() for kind in policy.ranking.dispatch_kinds}
    tallies: Tallies = {}
    for sample in latest_of_each_order(samples):
        names |= {one.organisation_id: one.name for one in sample.charged}
        places = [one for one in places_of(sample) if one[0] in policy.ranking.groups]
        for kind in {OVERALL, sample.dispatch_kind.value} & totals.keys():
            totals[kind].add(sample, satisfied_from=policy.callback.satisfied_from)
            for group, within, code, share in places:
                tally = tallies.setdefault((group, within, kind), {}).setdefault(code, Tally())
                tally.add(sample, satisfied_from=policy.callback.satisfied_from, share=share)
    return totals, tallies, names


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


def _flat(entry: Entry, group: str, names: Mapping[str, str]) -> dict[str, Any]:
    """Units are named by their codes, organisations by their ids and names."""
    flat = asdict(entry)
    rates: dict[str, Any] = flat.pop("rates")
    code: str = flat.pop("code")
    who = {"unit_code": code} if group in OF_UNITS else {"organisation_id": code, "name": names[code]}
    return rates | flat | who
