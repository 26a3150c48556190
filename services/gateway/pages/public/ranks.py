"""Ranks of a published period, each with its interval and what it rests on."""

from collections.abc import Iterator

from flask import Blueprint, Response, render_template

from services.board.reading.measures import RankEntry, Ranks, RankTable
from services.gateway.at_hand import board
from services.gateway.filters import said
from services.gateway.pages.addressed import asked
from services.gateway.pages.downloads import as_csv
from services.gateway.words.catalogue import zh
from services.gateway.words.names import NAMES, name_of
from shared.errors import NotFound

page = Blueprint("ranks", __name__)
COLUMNS = (
    zh("分组"),
    zh("派单类型"),
    zh("名次"),
    zh("单位编码"),
    zh("单位"),
    zh("综合得分"),
    zh("响应率"),
    zh("解决率"),
    zh("满意率"),
    zh("样本"),
)


@page.get("/ranks")
def show() -> str:
    ranks = _ranks()
    return render_template("public/ranks.html", ranks=ranks, tables=_in_order(ranks) if ranks else ())


@page.get("/ranks.csv")
def table() -> Response:
    ranks = _ranks()
    return as_csv("ranks", COLUMNS, [] if ranks is None else _lines(ranks))


def _ranks() -> Ranks | None:
    """Those that are asked for, else the last ones; None before the first. Raises NotFound for an unknown period."""
    period = asked("period")
    try:
        return board().ranks(period)
    except NotFound:
        if period:
            raise
        return None


def _in_order(ranks: Ranks) -> list[RankTable]:
    """Streets first, and of each group the overall ranking."""
    groups, kinds = list(NAMES["rank_group"]), list(NAMES["dispatch_kind"])
    return sorted(ranks.tables, key=lambda one: (_place(one.group, groups), _place(one.dispatch_kind, kinds)))


def _place(code: str, known: list[str]) -> int:
    return known.index(code) if code in known else len(known)


def _lines(ranks: Ranks) -> Iterator[tuple[str | int | float | None, ...]]:
    for one in _in_order(ranks):
        for entry in one.entries:
            yield (*_group(one), *_entry(entry))


def _group(one: RankTable) -> tuple[str, str]:
    return said(name_of("rank_group", one.group)), said(name_of("dispatch_kind", one.dispatch_kind))


def _entry(one: RankEntry) -> tuple[str | int | float | None, ...]:
    rates = (one.composite_ratio, one.response_ratio, one.resolution_ratio, one.satisfaction_ratio)
    return (one.rank, one.code, one.name, *rates, one.samples)
