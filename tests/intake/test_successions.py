"""A community is split: each open issue goes to the part that its orders name, by address or by words."""

from dataclasses import replace

import pytest

from services.intake.service import IntakeService
from services.intake.use_cases import successions
from shared.contracts.directory import UnitPart
from shared.contracts.directory_words import UnitKind
from shared.contracts.hotline import PlacePart
from shared.contracts.intake import IssuePlacedV1
from tests.harness import Bus
from tests.intake.builders import NOW, an_order
from tests.told import an_entry, changed, few_units, tell

STREET, SPLIT = "110105017", "110105017003"
EAST, WEST = "110105017801", "110105017802"
PARTS = [
    an_entry(UnitPart, code, name=f"{name}社区居委会", kind=UnitKind.NEIGHBOURHOOD, parent=STREET)
    for code, name in ((EAST, "分设东里"), (WEST, "分设西里"))
]
SAID = {
    "by its address": ({"address": "分设西里社区2号楼前"}, WEST),
    "by its words": ({"address": "大门口", "content": "分设西里社区的路灯全灭了"}, WEST),
    "by nothing": ({"address": "大门口", "content": "路灯全灭了"}, STREET),
    "by its address, whatever its words name": (
        {"address": "分设东里社区门口", "content": "分设西里社区门口也一样"},
        EAST,
    ),
}


@pytest.fixture
def bus(engine):
    tell(engine, units=[*few_units(), *PARTS])
    return Bus(engine, IntakeService, NOW)


def file(bus, order_no, *, address="", content="坏了三天", title="小区里的路灯全都不亮"):
    place = PlacePart(address=address, unit_codes=[SPLIT])
    bus.hear(an_order(order_no, title=title, content=content, place=place, category="lighting"))


def split(bus):
    ended = next(one for one in few_units() if one.id == SPLIT)
    bus.hear(changed(replace(ended, revision=2, valid_to=NOW, replaced_by=[EAST, WEST])))
    bus.move(NOW)


@pytest.mark.parametrize(("said", "part"), SAID.values(), ids=SAID)
def test_the_part_that_its_order_names_has_it_and_the_unit_above_what_nobody_can_place(bus, said, part):
    file(bus, "A1", **said)
    split(bus)
    (placed,) = bus.told(IssuePlacedV1)

    assert (placed.issue_id, placed.from_unit, placed.to_unit) == ("I-A1", SPLIT, part)
    with bus.begin(reads=True) as work:
        assert work.issues.get("I-A1").unit_code == part
        assert work.complaints.get("A1").unit_code == SPLIT


def test_where_its_orders_name_different_parts_the_unit_above_has_it(bus):
    for number, part in enumerate(("分设东里社区", "分设西里社区", "")):
        file(bus, f"A{number}", address=f"{part}大门口")
    with bus.begin(reads=True) as work:
        assert len(work.complaints.linked_to("I-A0")) == 3
    split(bus)

    assert [one.to_unit for one in bus.told(IssuePlacedV1)] == [STREET]


def test_more_than_fit_at_once_are_all_placed_and_each_once(bus, monkeypatch):
    monkeypatch.setattr(successions, "MOST_AT_ONCE", 2)
    for number in range(5):
        title = f"{'甲乙丙丁戊'[number] * 8}"
        file(bus, f"A{number}", address="分设东里社区门口", title=title, content=title * 2)
    split(bus)

    assert sorted(one.issue_id for one in bus.told(IssuePlacedV1)) == [f"I-A{number}" for number in range(5)]


def test_where_one_unit_comes_after_another_intake_says_nothing(bus):
    file(bus, "A1", address="分设西里社区2号楼前")
    ended = next(one for one in few_units() if one.id == SPLIT)
    bus.hear(changed(replace(ended, revision=2, valid_to=NOW, replaced_by=[EAST])))
    bus.move(NOW)

    assert bus.told(IssuePlacedV1) == []
