"""Ranking tables as pages show and hand them out, whoever told them: streets first, of each group the overall one."""

from collections.abc import Iterable, Iterator

from services.board.reading.measures import RankEntry, RankTable
from services.gateway.filters import said
from services.gateway.words.catalogue import zh
from services.gateway.words.names import NAMES, name_of

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


def in_order(tables: Iterable[RankTable]) -> list[RankTable]:
    groups, kinds = list(NAMES["rank_group"]), list(NAMES["dispatch_kind"])
    return sorted(tables, key=lambda one: (_place(one.group, groups), _place(one.dispatch_kind, kinds)))


def lines_of(one: RankTable) -> Iterator[tuple[str | int | float | None, ...]]:
    """A row for each entry, by COLUMNS."""
    group = said(name_of("rank_group", one.group)), said(name_of("dispatch_kind", one.dispatch_kind))
    for entry in one.entries:
        yield (*group, *_entry(entry))


def _place(code: str, known: list[str]) -> int:
    return known.index(code) if code in known else len(known)


def _entry(one: RankEntry) -> tuple[str | int | float | None, ...]:
    rates = (one.composite_ratio, one.response_ratio, one.resolution_ratio, one.satisfaction_ratio)
    return (one.rank, one.code, one.name, *rates, one.samples)
