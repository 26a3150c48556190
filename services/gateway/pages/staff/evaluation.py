"""Evaluation 评价: rates over time, the streets, when orders come, where issues stand; and one period with its ranks.

Rates and ranks are evaluation's, also before they are published; what is counted is the board's, of the reader's unit.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, render_template

from services.board.reading.measures import Figures, RankEntry, RankTable
from services.board.reading.shapes import Stage, UnitName
from services.gateway.accounts.signing import colleague, staff_page
from services.gateway.at_hand import Reply, ask, board, now, with_instants
from services.gateway.drawing.charts import HOURS, LineChart, line_chart, shares
from services.gateway.filters import said
from services.gateway.pages.addressed import asked, asked_unit
from services.gateway.pages.downloads import as_csv
from services.gateway.pages.public.front import SCALE
from services.gateway.pages.rankings import COLUMNS, in_order, lines_of
from services.gateway.pages.staff.doing import offered
from services.gateway.pages.workbooks import SheetOf, as_xlsx
from services.gateway.person import Person
from services.gateway.places import unit_name
from services.gateway.reader import times
from services.gateway.words.catalogue import zh
from services.gateway.words.names import name_of
from shared.auth import Role
from shared.clock import SHANGHAI
from shared.units import Tier

page = Blueprint("evaluation", __name__)

READERS = (Role.EVALUATOR, Role.LEADER, Role.SUPERVISOR)
VERIFIERS = (Role.EVALUATOR, Role.SUPERVISOR)
MOST_PERIODS = 24
IN_CHART = 12
LOOKED_BACK = timedelta(days=90)
INSTANTS = ("starts_at", "ends_at", "frozen_at", "published_at")
RATES = ("response", "resolution", "satisfaction")
RATE_COLUMNS = (zh("月份"), zh("状态"), zh("响应率"), zh("解决率"), zh("满意率"), zh("综合得分"), zh("样本"))
MEASURED = ("response_ratio", "resolution_ratio", "satisfaction_ratio", "composite_ratio", "samples")
"""What stands below the last of RATE_COLUMNS."""
LOAD_COLUMNS = (zh("星期"), zh("几点"), zh("诉求"))
FLOW_COLUMNS = (zh("阶段"), zh("层级"), zh("议题"))
STREET_COLUMNS = (zh("单位编码"), zh("单位"), zh("解决率"), zh("样本"), zh("在办议题"), zh("超期"))
REQUEST_COLUMNS = (zh("单位编码"), zh("单位"), zh("诉求"))
ERRATUM_COLUMNS = (zh("第几号"), zh("哪里错了"), zh("正确的是什么"), zh("什么时候"))


@dataclass(frozen=True)
class Flow:
    """Where issues stand: of each stage how many at each tier, with their share of the largest in thousandths."""

    stage: Stage
    counts: list[tuple[int, int]]


@page.get("/evaluation")
@staff_page(*READERS)
def show() -> str:
    person = colleague()
    periods = _periods(person)
    figures = _figures(person)
    front = board().front(now())
    return render_template(
        "staff/evaluation.html",
        periods=periods,
        chart=_chart(periods),
        figures=figures,
        load=_load(figures),
        flow=[(one.stage, one.counts) for one in _flow(figures)],
        tiers=list(Tier),
        tiles=front.tiles,
        tiles_of=front.period_id,
        scale=SCALE,
        state_of=_state_of,
    )


@page.get("/evaluation/rates.csv")
@staff_page(*READERS)
def rates_table() -> Response:
    return as_csv("rates", RATE_COLUMNS, (_rates_line(one) for one in _periods(colleague())))


@page.get("/evaluation/load.csv")
@staff_page(*READERS)
def load_table() -> Response:
    lines = ((one.weekday, one.hour, one.orders) for one in _figures(colleague()).load)
    return as_csv("load", LOAD_COLUMNS, lines)


@page.get("/evaluation/flow.csv")
@staff_page(*READERS)
def flow_table() -> Response:
    flow = _figures(colleague()).flow
    lines = ((said(name_of("stage", one.stage)), said(name_of("tier", one.tier)), one.issues) for one in flow)
    return as_csv("flow", FLOW_COLUMNS, lines)


@page.get("/evaluation/streets.csv")
@staff_page(*READERS)
def streets_table() -> Response:
    tiles = board().front(now()).tiles
    lines = ((one.unit.code, one.unit.name, one.resolution_ratio, one.samples, one.open, one.late) for one in tiles)
    return as_csv("streets", STREET_COLUMNS, lines)


@page.get("/evaluation/<period_id>", endpoint="one")
@staff_page(*READERS)
def show_period(period_id: str) -> str:
    person, street = colleague(), asked_unit()
    period = _period(period_id, person)
    ranking = ask("evaluation", "get_ranking", {"period_id": period_id}, by=person)
    tables = _tables(ranking)
    state = _state_of(period)
    may_verify = person.is_any_of(*VERIFIERS) and bool(period["sha256"])
    asks_to_verify = may_verify and asked("verify") == "yes"
    return render_template(
        "staff/period.html",
        period=period,
        state=state,
        rates=ask("evaluation", "get_rates", {"period_id": period_id}, by=person),
        tables=in_order(one for one in tables if _is_shown(one, street)),
        streets=sorted({one.within.code: one.within for one in tables if one.within}.items()),
        street=street,
        classes=_classes(ranking),
        acts=offered("period", period_id, person, state),
        may_verify=may_verify,
        verified=ask("evaluation", "verify_period", {"period_id": period_id}, by=person) if asks_to_verify else None,
        rate_names=RATES,
    )


@page.get("/evaluation/<period_id>.xlsx")
@staff_page(*READERS)
def workbook(period_id: str) -> Response:
    """The rates, every ranking, requests by street and errata, of a period that has been frozen or still runs."""
    person = colleague()
    period = _period(period_id, person)
    ranking = ask("evaluation", "get_ranking", {"period_id": period_id}, by=person)
    rates = ask("evaluation", "get_rates", {"period_id": period_id}, by=person)
    kinds = ("overall", "direct", "relayed")
    tables = in_order(_tables(ranking))
    sheets = [
        SheetOf(zh("三率"), (zh("派单类型"), *RATE_COLUMNS[2:]), [_kind_line(kind, rates[kind]) for kind in kinds]),
        *_ranking_sheets(tables),
        SheetOf(zh("诉求量"), REQUEST_COLUMNS, ((one, unit_name(one), n) for one, n in ranking["requests"].items())),
        SheetOf(zh("更正"), ERRATUM_COLUMNS, (_erratum_line(one) for one in period["errata"])),
    ]
    return as_xlsx(f"evaluation-{period_id}", sheets)


def _periods(person: Person) -> list[Reply]:
    """The latest first."""
    told = ask("evaluation", "list_periods", {"most": MOST_PERIODS}, by=person)["periods"]
    return [with_instants(one, *INSTANTS) for one in told]


def _period(period_id: str, person: Person) -> Reply:
    told = with_instants(ask("evaluation", "get_period", {"period_id": period_id}, by=person), *INSTANTS)
    return told | {"errata": [with_instants(one, "issued_at") for one in told["errata"]]}


def _state_of(period: Mapping[str, Any]) -> str:
    """As evaluation tells it, and `over` where it has ended and waits to be frozen."""
    return "over" if period["state"] == "open" and period["ends_at"] <= now() else str(period["state"])


def _chart(periods: list[Reply]) -> LineChart | None:
    """Of those that were frozen, from the first to the last. A line needs two of them."""
    some = [one for one in reversed(periods) if one["rates"]][-IN_CHART:]
    if len(some) < 2:
        return None
    series = {name: [one["rates"][f"{name}_ratio"] for one in some] for name in RATES}
    return line_chart([one["period_id"][2:] for one in some], series)


def _figures(person: Person) -> Figures:
    today = now().astimezone(SHANGHAI).date()
    return board().figures(person.unit, today - LOOKED_BACK, today)


def _load(figures: Figures) -> list[list[int]]:
    """By weekday, then by hour; none at all where nothing came."""
    load = [[0] * HOURS for _ in range(7)]
    for one in figures.load:
        load[one.weekday - 1][one.hour] = one.orders
    return load if figures.load else []


def _flow(figures: Figures) -> list[Flow]:
    found = {(one.stage, one.tier): one.issues for one in figures.flow}
    by_stage = {stage: [found.get((stage, tier), 0) for tier in Tier] for stage in Stage}
    largest = shares([count for counts in by_stage.values() for count in counts])
    parts = iter(largest)
    return [Flow(stage, [(count, next(parts)) for count in counts]) for stage, counts in by_stage.items()]


def _tables(ranking: Reply) -> list[RankTable]:
    return [
        RankTable(
            group=one["group"],
            within=UnitName(one["within"], unit_name(one["within"]), Tier.STREET) if one["within"] else None,
            dispatch_kind=one["dispatch_kind"],
            entries=[_entry(entry) for entry in one["entries"]],
        )
        for one in ranking["rankings"]
    ]


def _entry(told: Mapping[str, Any]) -> RankEntry:
    unit, organisation = told["unit_code"], told["organisation_id"]
    known = {name: value for name, value in told.items() if name not in ("unit_code", "organisation_id", "name")}
    return RankEntry(code=unit or organisation, name=told["name"] or unit_name(unit), **known)


def _is_shown(one: RankTable, street: str) -> bool:
    """Communities are ranked within their street: shown when it is asked for."""
    return one.within is None if not street else one.within is not None and one.within.code == street


def _classes(ranking: Reply) -> dict[str, list[str]]:
    return {name: [unit_name(code) for code in codes] for name, codes in ranking["classes"].items() if codes}


def _ranking_sheets(tables: list[RankTable]) -> Iterator[SheetOf]:
    """A sheet for each group; communities stand with their street."""
    for group in dict.fromkeys(one.group for one in tables):
        some = [one for one in tables if one.group == group]
        is_within = any(one.within for one in some)
        columns = (*COLUMNS, zh("所在街道乡")) if is_within else COLUMNS
        rows = [(*line, *([one.within.name] if one.within else [])) for one in some for line in lines_of(one)]
        yield SheetOf(name_of("rank_group", group), columns, rows)


def _rates_line(one: Mapping[str, Any]) -> tuple[str | int | float | None, ...]:
    state = said(name_of("period_state", _state_of(one)))
    rates = one["rates"] or {}
    return (one["period_id"], state, *(rates.get(name) for name in MEASURED))


def _kind_line(kind: str, rates: Mapping[str, Any]) -> tuple[str | int | float | None, ...]:
    return (said(name_of("dispatch_kind", kind)), *(rates[name] for name in MEASURED))


def _erratum_line(one: Mapping[str, Any]) -> tuple[str | int, ...]:
    issued_at: datetime = one["issued_at"]
    return one["erratum_no"], one["reason"], one["correction"], times().when(issued_at)
