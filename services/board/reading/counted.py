"""What is counted: the front page, the supervision wall, ranks, and figures over time. Counts come from sums kept."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from sqlalchemy import func as fn
from sqlalchemy import select

from services.board.domain.errors import UnknownPeriod
from services.board.domain.words import Light, Stage
from services.board.reading import lists
from services.board.reading.looking import Look, first_of_each
from services.board.reading.measures import (
    DayFigure,
    ErratumShown,
    Figures,
    FlowFigure,
    Interval,
    LoadFigure,
    RankEntry,
    Ranks,
    RankTable,
    UnitFigure,
    Wall,
    WallRow,
)
from services.board.reading.shapes import Front, IssueFilter, IssueRow, SessionFilter, Tile
from services.board.reading.whole import IncidentShown
from shared.clock import SHANGHAI
from shared.storage.many import is_any
from shared.units import Tier

K = TypeVar("K")
STREETS = ("street", "", "overall")
FEW = 6
MOST_ON_THE_WALL = 50
Held = dict[str, Counter[tuple[Stage, Light]]]
"""By unit, how many open issues it holds at which stage and under which light."""


def front(look: Look) -> Front:
    """The notice board."""
    held = _held(look, None)
    stages: Counter[Stage] = Counter()
    for counted in held.values():
        for (stage, _), number in counted.items():
            stages[stage] += number
    period = _latest_period(look)
    today = look.now.astimezone(SHANGHAI).date()
    monday = _midnight(today - timedelta(days=today.weekday()))
    return Front(
        open=stages.total(),
        deliberating=stages[Stage.DELIBERATE],
        sessions_this_week=_count(look, "sessions", "starts_at", monday, monday + timedelta(days=7)),
        resolutions_this_month=_count(look, "resolutions", "adopted_at", _midnight(today.replace(day=1)), look.now),
        now=lists.issues(look, IssueFilter(stage=Stage.DELIBERATE), "", FEW).rows,
        sessions=lists.sessions(look, SessionFilter(from_at=look.now), "", FEW).rows,
        resolutions=lists.resolutions(look, most=FEW),
        tiles=_tiles(look, held, period),
        period_id=period,
    )


def wall(look: Look, unit: str) -> Wall:
    """Of a unit, or of the whole district."""
    top = unit or look.units.district
    units = look.inside(top)
    held = _held(look, units)
    below = [one.code for one in look.units.children_of(top)] if top else []
    rows = [_wall_row(look, code, _inside(look, held, code)) for code in (top, *below)]
    return Wall(
        unit=look.name(top),
        rows=rows,
        tiers=_by_tier(look, held),
        breaking=_breaking(look, units),
        incidents=incidents(look, units),
    )


def incidents(look: Look, units: list[str] | None, *, issue_id: str = "") -> list[IncidentShown]:
    """Those that are open in these units, or anywhere; or all of an issue."""
    table, issues = look.shelf.incidents, look.shelf.issues
    of = table.c
    query = select(*of, issues.c.title).join(issues, issues.c.issue_id == of.issue_id, isouter=True)
    if issue_id:
        query = query.where(of.issue_id == issue_id)
    else:
        query = query.where(of.settled_at.is_(None))
        query = query if units is None else query.where(is_any(of.unit_code, units))
    found = look.rows(query.order_by(of.opened_at, of.incident_id).limit(MOST_ON_THE_WALL))
    return [
        IncidentShown(
            incident_id=one.incident_id,
            issue_id=one.issue_id,
            title=one.title or "",
            unit=look.name(one.unit_code),
            kind=one.kind,
            about=one.about,
            opened_at=one.opened_at,
            settled_at=one.settled_at,
        )
        for one in found
    ]


def ranks(look: Look, period_id: str, within: str) -> Ranks:
    """Raises UnknownPeriod for one that is not published. `within` a street: its communities too."""
    of = look.shelf.periods.c
    published = list(look.connection.scalars(select(of.period_id).where(of.published_at.is_not(None))))
    wanted = period_id or max(published, default="")
    if wanted not in published:
        raise UnknownPeriod(f"no period {period_id!r} is published", {"period_id": ["Not published, or unknown."]})
    period = look.rows(select(look.shelf.periods).where(of.period_id == wanted))[0]
    return Ranks(
        period_id=wanted,
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        samples=period.samples,
        sha256=period.sha256,
        policy_version=period.policy_version,
        published_at=period.published_at,
        tables=_tables(look, wanted, within),
        classes={name: [look.name(code) for code in codes] for name, codes in period.classes.items()},
        errata=[_erratum(one) for one in period.errata],
        periods=sorted(published, reverse=True),
    )


def figures(look: Look, unit: str, since: date, until: date) -> Figures:
    """From a day until and with another."""
    top = unit or look.units.district
    units, of = look.inside(top), look.shelf.figures.c
    query = select(of.unit_code, of.day, of.hour, of.what, fn.sum(of.number).label("number"))
    query = query.where(of.day >= since, of.day <= until).group_by(of.unit_code, of.day, of.hour, of.what)
    found = look.rows(query if units is None else query.where(is_any(of.unit_code, units)))
    held = _held(look, units)
    return Figures(
        unit=look.name(top),
        since=since,
        until=until,
        days=[DayFigure(day=day, counts=counts) for day, counts in sorted(_summed(found, lambda one: one.day).items())],
        load=_load(found),
        flow=_flow(look, held),
        units=_of_units(look, top, found),
    )


def _held(look: Look, units: Iterable[str] | None) -> Held:
    of = look.shelf.tallies.c
    query = select(of.unit_code, of.stage, of.light, of.number)
    held: Held = defaultdict(Counter)
    for code, stage, light, number in look.rows(query if units is None else query.where(is_any(of.unit_code, units))):
        held[look.units.heir_of(code)][stage, light] += number
    return held


def _inside(look: Look, held: Held, unit: str) -> Counter[Light]:
    counted: Counter[Light] = Counter()
    for code in look.units.inside(unit):
        for (_, light), number in held.get(code, Counter()).items():
            counted[light] += number
    return counted


def _by_tier(look: Look, held: Held) -> Mapping[Tier, Mapping[Light, int]]:
    tiers: dict[Tier, Counter[Light]] = {tier: Counter() for tier in Tier}
    for code, counted in held.items():
        tier = look.name(code).tier
        if tier is not None:
            for (_, light), number in counted.items():
                tiers[tier][light] += number
    return tiers


def _wall_row(look: Look, code: str, lights: Counter[Light]) -> WallRow:
    return WallRow(unit=look.name(code), lights={light: lights[light] for light in Light})


def _breaking(look: Look, units: list[str] | None) -> list[IssueRow]:
    """What runs out before midnight, the first first."""
    of = look.shelf.issues.c
    midnight = _midnight(look.now.astimezone(SHANGHAI).date() + timedelta(days=1))
    query = lists.select_listed(look).where(of.is_raised, of.is_open, of.due_at >= look.now, of.due_at < midnight)
    order = (of.due_at, of.issue_id)
    if units is None:
        return lists.issue_rows(look, look.rows(query.order_by(*order).limit(MOST_ON_THE_WALL)))
    return lists.issue_rows(look, look.rows(first_of_each(look, query, of.unit_code, units, order, MOST_ON_THE_WALL)))


def _count(look: Look, name: str, column: str, since: datetime, until: datetime) -> int:
    """So many that are public."""
    table, issues = getattr(look.shelf, name), look.shelf.issues
    at = table.c[column]
    query = select(fn.count()).select_from(table).join(issues, issues.c.issue_id == table.c.issue_id)
    return int(look.connection.scalar(query.where(at >= since, at < until, issues.c.is_shown)) or 0)


def _latest_period(look: Look) -> str:
    of = look.shelf.periods.c
    return look.connection.scalar(select(fn.max(of.period_id)).where(of.published_at.is_not(None))) or ""


def _tiles(look: Look, held: Held, period_id: str) -> list[Tile]:
    of = look.shelf.rankings.c
    ranking = look.connection.scalar(select(of.entries).where(of.id == "|".join((period_id, *STREETS)))) or []
    rates = {entry["code"]: entry for entry in ranking}
    tiles = []
    for street in look.units.of_tier(Tier.STREET):
        lights, rate = _inside(look, held, street.code), rates.get(street.code, {})
        ratio = rate.get("resolution_ratio") if rate.get("rank") is not None else None
        tiles.append(
            Tile(
                unit=look.name(street.code),
                open=lights.total(),
                late=lights[Light.LATE],
                samples=rate.get("samples", 0),
                resolution_ratio=ratio,
            )
        )
    return tiles


def _tables(look: Look, period_id: str, within: str) -> list[RankTable]:
    of = look.shelf.rankings.c
    query = select(look.shelf.rankings).where(of.period_id == period_id, of.within.in_({"", within}))
    return [
        RankTable(
            group=one.group,
            within=look.name(one.within) if one.within else None,
            dispatch_kind=one.dispatch_kind,
            entries=[_entry(look, entry) for entry in one.entries],
        )
        for one in look.rows(query.order_by(of.id))
    ]


def _entry(look: Look, entry: Mapping[str, Any]) -> RankEntry:
    """A unit by its name, an organisation by its own."""
    name = entry["name"] or look.name(entry["code"]).name
    intervals = {key: _interval(value) for key, value in entry.items() if key.endswith("_interval")}
    return RankEntry(**{**entry, "name": name, **intervals})


def _interval(ends: Sequence[float] | None) -> Interval | None:
    return None if ends is None else (ends[0], ends[1])


def _erratum(one: Mapping[str, Any]) -> ErratumShown:
    said = {name: value for name, value in one.items() if name != "issued_at"}
    return ErratumShown(**said, issued_at=datetime.fromisoformat(one["issued_at"]))


def _summed(found: Iterable[Any], key: Callable[[Any], K]) -> dict[K, Counter[str]]:
    summed: dict[K, Counter[str]] = defaultdict(Counter)
    for one in found:
        summed[key(one)][one.what] += int(one.number)
    return summed


def _load(found: Iterable[Any]) -> list[LoadFigure]:
    by_hour: Counter[tuple[int, int]] = Counter()
    for one in found:
        if one.what == "orders":
            by_hour[one.day.isoweekday(), one.hour] += int(one.number)
    return [LoadFigure(weekday=day, hour=hour, orders=number) for (day, hour), number in sorted(by_hour.items())]


def _flow(look: Look, held: Held) -> list[FlowFigure]:
    flow: Counter[tuple[Stage, Tier]] = Counter()
    for code, counted in held.items():
        tier = look.name(code).tier
        if tier is not None:
            for (stage, _), number in counted.items():
                flow[stage, tier] += number
    return [FlowFigure(stage=stage, tier=tier, issues=flow[stage, tier]) for stage in Stage for tier in Tier]


def _of_units(look: Look, top: str, found: Iterable[Any]) -> list[UnitFigure]:
    """Right below the unit, each with all inside it."""
    below = {inside: one.code for one in look.units.children_of(top) for inside in look.units.ever_inside(one.code)}
    summed = _summed((one for one in found if one.unit_code in below), lambda one: below[one.unit_code])
    return [UnitFigure(unit=look.name(code), counts=counts) for code, counts in sorted(summed.items())]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
