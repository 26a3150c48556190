"""The three rates 三率: response, resolution and satisfaction of the callers who were reached, and their composite.

Counted in whole numbers and divided at the end, so that the same answers give the same figures in any order.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from math import sqrt
from operator import attrgetter
from statistics import NormalDist
from typing import NamedTuple

from shared.contracts.vocabulary import Asker, DispatchKind, Solved
from shared.policy.evaluations import Weights

DIGITS = 4
WHOLE = 1
Share = Fraction | int


class Charged(NamedTuple):
    """An organisation that bears an answer, with whom it is ranked, and its share."""

    organisation_id: str
    name: str
    group: str
    share: Fraction


class Sample(NamedTuple):
    """What one completed callback says, and for whom it counts: a street, a community of it, organisations."""

    order_no: str
    rank_unit: str
    community: str
    charged: Sequence[Charged]
    dispatch_kind: DispatchKind
    asked_by: Asker
    reached: bool
    contacted: bool | None
    solved: Solved | None
    satisfaction: int | None


@dataclass
class Tally:
    """How many callers were asked, how many were reached, and what these said, each by the share borne of it."""

    asked: int = 0
    samples: int = 0
    weight: Share = 0
    contacted: Share = 0
    solved: Share = 0
    satisfied: Share = 0

    def add(self, sample: Sample, *, satisfied_from: int, share: Share = WHOLE) -> None:
        """Nobody reached is asked, but no sample."""
        self.asked += 1
        if not sample.reached:
            return
        self.samples += 1
        self.weight += share
        self.contacted += share * (sample.contacted is True)
        self.solved += share * (sample.solved is Solved.YES)
        self.satisfied += share * ((sample.satisfaction or 0) >= satisfied_from)

    def composite(self, weights: Weights) -> Fraction | None:
        """The weighted share, exactly; None without samples."""
        if not self.samples:
            return None
        points = (
            weights.response * self.contacted + weights.resolution * self.solved + weights.satisfaction * self.satisfied
        )
        return Fraction(points) / (100 * self.weight)


@dataclass(frozen=True)
class Rates:
    """Ratios between 0 and 1; None where nobody was reached."""

    asked: int
    samples: int
    response_ratio: float | None
    resolution_ratio: float | None
    satisfaction_ratio: float | None
    composite_ratio: float | None


def rates_of(tally: Tally, weights: Weights) -> Rates:
    return Rates(
        tally.asked,
        tally.samples,
        _ratio(tally.contacted, tally.weight),
        _ratio(tally.solved, tally.weight),
        _ratio(tally.satisfied, tally.weight),
        rounded(tally.composite(weights)),
    )


def latest_of_each_order(samples: Iterable[Sample]) -> Iterator[Sample]:
    """Of samples sorted by order and then by time, the last of each order: that is what counts in a period.

    Where the hotline asked, its word counts, whatever we heard after it.
    """
    for _, of_order in groupby(samples, key=attrgetter("order_no")):
        heard = list(of_order)
        yield next((one for one in reversed(heard) if one.asked_by is Asker.HOTLINE), heard[-1])


def wilson(part: Share, whole: Share, *, confidence: float) -> tuple[float, float]:
    """The Wilson score interval of a share: where the true one lies, with this confidence."""
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, spread = float(part / whole), z * z / float(whole)
    middle = share + spread / 2
    margin = z * sqrt((share * (1 - share) + spread / 4) / whole)
    low, high = (middle - margin) / (1 + spread), (middle + margin) / (1 + spread)
    return round(max(0.0, low), DIGITS), round(min(1.0, high), DIGITS)


def rounded(share: Fraction | None) -> float | None:
    return None if share is None else float(round(share, DIGITS))


def _ratio(part: Share, whole: Share) -> float | None:
    return rounded(Fraction(part) / whole) if whole else None
