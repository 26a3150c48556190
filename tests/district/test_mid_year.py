"""In the middle of a year a community moves to another street, another splits: what was before, what is after."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.auth import Role
from tests.district.at_work import DISTRICT, District
from tests.district.test_callbacks import handle, until_the_limit

HOUR = timedelta(hours=1)
OLD, NEW = "110105016", "110105018"
MOVING, SPLIT, EAST, WEST = OLD + "906", OLD + "907", OLD + "908", OLD + "909"

pytestmark = pytest.mark.timeout(600)


def enter(district: District, code: str, name: str, population: int) -> None:
    facts = {"name": f"{name}社区居委会", "kind": "neighbourhood", "parent": OLD, "population": population}
    district.enter("unit", code, **facts)


def facts(district: District, code: str, at: datetime | None = None) -> tuple[str, int]:
    """The parent and the population of a unit, now or then."""
    found = district.entry("unit", code, at)["facts"]
    return found["parent"], found["population"]


def holder(district: District, order: str) -> str:
    unit: str = district.case_of(order)["case"]["unit_code"]
    return unit


def answered(district: District) -> Counter[str]:
    """How many callers the rankings have asked, by street; of all periods, for a month may end while a test waits."""
    found: Counter[str] = Counter()
    for period in district.ask("evaluation", "list_periods", Role.EVALUATOR, DISTRICT)["periods"]:
        asked = {"period_id": period["period_id"]}
        rankings: Any = district.ask("evaluation", "get_ranking", Role.EVALUATOR, DISTRICT, **asked)["rankings"]
        overall = [one for one in rankings if (one["group"], one["dispatch_kind"]) == ("street", "overall")]
        found.update({entry["unit_code"]: entry["asked"] for one in overall for entry in one["entries"]})
    return found


def test_a_community_moves_to_another_street_and_each_order_counts_where_the_community_lay_then(district):
    enter(district, MOVING, "迁移新里", 3000)
    before = district.filed("迁移新里楼道堆物", MOVING, content="三号楼楼道堆满纸箱")
    district.pass_time(district.clock.now() + HOUR)
    moved_at = district.clock.now()
    district.change("unit", MOVING, parent=NEW, population=3200)
    after = district.filed("迁移新里井盖松动", MOVING, content="东门井盖夜里有响声")
    for order in (before, after):
        handle(district, order)
    until_the_limit(district, before, after)
    counted = answered(district)
    for order in (before, after):
        district.report(order, "解决", "满意")

    assert [facts(district, MOVING, at) for at in (moved_at - HOUR / 2, None)] == [(OLD, 3000), (NEW, 3200)]
    assert {district.order(order)["unit_code"] for order in (before, after)} == {MOVING}
    assert answered(district) - counted == Counter({OLD: 1, NEW: 1})


def test_a_community_splits_and_what_it_held_and_what_comes_go_to_what_came_after_it(district):
    enter(district, SPLIT, "分设新里", 5000)
    held = district.filed("分设新里路灯不亮", SPLIT, content="小区里路灯全灭")
    in_west = district.filed("单元门禁失灵", SPLIT, address="分设西里2号楼", content="分设西里2号楼门禁坏了半个月")
    district.pass_time(district.clock.now() + HOUR)
    split_at = district.clock.now()
    enter(district, EAST, "分设东里", 2600)
    enter(district, WEST, "分设西里", 2400)
    district.end("unit", SPLIT, replaced_by=[EAST, WEST])
    district.pass_time(district.clock.now() + HOUR)
    by_place = district.filed("健身器材损坏", SPLIT, address="分设西里社区2号楼前", content="健身器材断了一根")
    unplaced = district.filed("门禁失灵", SPLIT, address="大门口", content="大门的门禁坏了")

    assert facts(district, SPLIT, split_at - HOUR / 2) == (OLD, 5000)
    assert sum(facts(district, part)[1] for part in (EAST, WEST)) == 5000
    assert [holder(district, order) for order in (held, in_west, by_place, unplaced)] == [OLD, WEST, WEST, OLD]
    assert {district.order(order)["unit_code"] for order in (held, in_west)} == {SPLIT}
