"""Who is ranked with whom, by dispatch kind 直派、转派 and overall; and the classes.

Streets are ranked together, communities with those of their street; departments and enterprises as organisations, by
the shares they bear.

Which street a unit lies in is settled when something comes to it, and kept: a unit may lie elsewhere later on.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from services.evaluation.domain.rates import WHOLE, Rates, Sample, Share, Tally, rates_of, wilson
from shared.directory.dated import DatedUnits
from shared.policy.evaluations import Ranking as RankingPolicy
from shared.policy.evaluations import Weights
from shared.units import Tier, tier_of

STREET, COMMUNITY, DEPARTMENT, ENTERPRISE = "street", "community", "department", "enterprise"
OF_UNITS = frozenset({STREET, COMMUNITY})
OVERALL = "overall"


@dataclass(frozen=True)
class Entry:
    """The place of a unit or organisation; `rank` is None below the least number of samples. Intervals: (low, high)."""

    code: str
    rank: int | None
    rates: Rates
    response_interval: tuple[float, float] | None
    resolution_interval: tuple[float, float] | None
    satisfaction_interval: tuple[float, float] | None


@dataclass(frozen=True)
class Classes:
    """先进、进步、整改、治理: the best, the most improved, the last, and those with most requests."""

    advanced: list[str]
    progress: list[str]
    rectify: list[str]
    governance: list[str]


def rank_unit_of(unit_code: str, units: DatedUnits) -> str:
    """The unit that stands for another in the ranks: the street answers for all that lies inside it then."""
    return units.at_least(unit_code, Tier.STREET)


def is_street(rank_unit: str) -> bool:
    """Whether it is ranked with the streets. What was dispatched to the district itself counts for organisations."""
    return tier_of(rank_unit) is not Tier.DISTRICT


def places_of(sample: Sample) -> Iterator[tuple[str, str, str, Share]]:
    """For whom an answer counts: in which group, within which street, who, and by which share."""
    if is_street(sample.rank_unit):
        yield STREET, "", sample.rank_unit, WHOLE
    if sample.community:
        yield COMMUNITY, sample.rank_unit, sample.community, WHOLE
    for one in sample.charged:
        yield one.group, "", one.organisation_id, one.share


def rank(tallies: Mapping[str, Tally], *, weights: Weights, policy: RankingPolicy) -> list[Entry]:
    """The best composite first; equal ones share their rank. Units with too few samples follow without one."""
    scores = {unit: tally.composite(weights) or Fraction(0) for unit, tally in tallies.items()}
    is_ranked = {unit: tally.samples >= policy.min_samples for unit, tally in tallies.items()}
    entries = []
    for unit in sorted(tallies, key=lambda unit: (not is_ranked[unit], -scores[unit], unit)):
        better = sum(1 for other, score in scores.items() if is_ranked[other] and score > scores[unit])
        entries.append(_entry(unit, better + 1 if is_ranked[unit] else None, tallies[unit], weights, policy))
    return entries


def classes_of(
    entries: Sequence[Entry], requests: Mapping[str, int], before: Mapping[str, float], *, policy: RankingPolicy
) -> Classes:
    """`before` are the composites of the period before, for whoever was ranked then.

    Gains are the differences of the published figures, so that everybody can follow them. A class that would end among
    equals ends before them: nobody is the best, or the last, by the order of codes.
    """
    ranked = [entry for entry in entries if entry.rank is not None]
    ranks = {entry.code: entry.rank for entry in entries if entry.rank is not None}
    gains = {
        entry.code: _published(entry.rates.composite_ratio) - _published(before[entry.code])
        for entry in ranked
        if entry.code in before
    }
    return Classes(
        advanced=_highest({unit: -rank for unit, rank in ranks.items()}, _share(len(ranked), policy.advanced_ratio)),
        progress=_highest(
            {unit: gain for unit, gain in gains.items() if gain > 0}, _share(len(ranked), policy.progress_ratio)
        ),
        rectify=_highest(ranks, _share(len(ranked), policy.rectify_ratio))[::-1],
        governance=_highest({unit: count for unit, count in requests.items() if count}, policy.governance_count),
    )


def _highest(figures: Mapping[str, int | Fraction], most: int) -> list[str]:
    """The highest, at most so many; if the next one equals the last of them, those equals are left out."""
    ordered = sorted(figures, key=lambda unit: (-figures[unit], unit))
    taken, rest = ordered[:most], ordered[most:]
    return [unit for unit in taken if not rest or figures[unit] != figures[rest[0]]]


def _share(units: int, ratio: float) -> int:
    """How many of so many units a class takes: at least one where there is a best and a last."""
    return min(max(1, int(units * ratio)), units // 2) if ratio else 0


def _entry(unit: str, place: int | None, tally: Tally, weights: Weights, policy: RankingPolicy) -> Entry:
    intervals: list[tuple[float, float] | None] = [None, None, None]
    if tally.samples:
        parts = (tally.contacted, tally.solved, tally.satisfied)
        intervals = [wilson(part, tally.weight, confidence=policy.confidence_ratio) for part in parts]
    return Entry(unit, place, rates_of(tally, weights), *intervals)


def _published(ratio: float | None) -> Fraction:
    """A ratio as it is written, exactly: 0.7 - 0.4 is 0.3."""
    return Fraction(str(ratio or 0))
