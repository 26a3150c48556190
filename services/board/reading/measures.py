"""What is counted: ranks, the supervision wall, and figures over time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.board.domain.words import Light, Stage
from services.board.reading.shapes import IssueRow, UnitName
from services.board.reading.whole import IncidentShown
from shared.units import Tier

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class RankEntry:
    """A unit's or organisation's place. `rank` is None below the least number of samples 样本不足.

    Ratios lie between 0 and 1, None where nobody was reached; intervals are Wilson's, (low, high).
    """

    code: str
    name: str
    rank: int | None
    asked: int
    samples: int
    response_ratio: float | None
    resolution_ratio: float | None
    satisfaction_ratio: float | None
    composite_ratio: float | None
    response_interval: Interval | None
    resolution_interval: Interval | None
    satisfaction_interval: Interval | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RankTable:
    """`group`: street, community (`within` one), department, enterprise; `dispatch_kind`: direct, relayed, overall."""

    group: str
    within: UnitName | None
    dispatch_kind: str
    entries: Sequence[RankEntry]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErratumShown:
    """A published period was wrong, and what is right, in public."""

    number: int
    reason: str
    correction: str
    issued_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranks:
    """The ranks of a published period, and which others were published, the latest first.

    `sha256` is that of the canonical result, which evaluation.get_period gives. Classes name streets by their codes.
    """

    period_id: str
    starts_at: datetime
    ends_at: datetime
    samples: int
    sha256: str
    policy_version: str
    published_at: datetime
    tables: Sequence[RankTable]
    classes: Mapping[str, Sequence[UnitName]]
    errata: Sequence[ErratumShown]
    periods: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WallRow:
    """What a unit and all inside it hold now, by light; the unit itself is in the first row of a wall."""

    unit: UnitName
    lights: Mapping[Light, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """The supervision wall 督办墙 of a unit: itself and the units right below it; what breaks today; open incidents.

    `tiers` counts by the tier that holds it.
    """

    unit: UnitName
    rows: Sequence[WallRow]
    tiers: Mapping[Tier, Mapping[Light, int]]
    breaking: Sequence[IssueRow]
    incidents: Sequence[IncidentShown]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigure:
    """What happened on a day (Shanghai's): so many orders came, issues began, were handled, closed by outcome, ..."""

    day: date
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadFigure:
    """So many orders were dispatched in this hour of this day of the week; Monday is 1."""

    weekday: int
    hour: int
    orders: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowFigure:
    """So many issues stand now at a stage, at a tier."""

    stage: Stage
    tier: Tier
    issues: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFigure:
    """What happened in a unit and all inside it over the whole stretch."""

    unit: UnitName
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Figures of a unit and all inside it, from a day until and with another; `units` are those right below it.

    Counts are named by what happened: orders, raised, listed, sessions, resolutions, tasks, done, handled, breached,
    escalated, returned, closed_solved, closed_unsolved and the other outcomes.
    """

    unit: UnitName
    since: date
    until: date
    days: Sequence[DayFigure]
    load: Sequence[LoadFigure]
    flow: Sequence[FlowFigure]
    units: Sequence[UnitFigure]
