"""What a new directory begins with, on both databases."""

import threading
from datetime import datetime

import pytest
from sqlalchemy import Engine, text

from services.cli.main import main
from services.cli.suite.filling import fill_directory
from services.directory.service import DirectoryService
from services.directory.storage.repository import DirectoryStore
from services.directory.storage.shipped_files import read_shipped
from services.directory.use_cases.shipping import ship
from shared.bus.work import transaction
from shared.clock import SHANGHAI
from shared.contracts.directory import (
    DirectoryToldV1,
    DutiesChangedV1,
    DutyPart,
    UnitPart,
    UnitsChangedV1,
)
from shared.contracts.directory_words import Lead, Origin
from shared.directory.copy import DirectoryCopy
from shared.directory.kinds import BY_NAME
from shared.units import UnitDirectory
from shared.units.files import read_neighbours, read_units
from tests.directory.builders import DISTRICT, MONDAY, STREET
from tests.harness import Bus
from tests.told import tell

ONE_UNIT = f"kind = 'unit' AND id = ANY (ARRAY['{STREET}'])"
UNITS_FILE = """code,name,kind,population,valid_from,valid_to,replaced_by
110105,朝阳区,,,,,
110105017,劲松街道,,,,,
110105017001,第一社区,,,,2026-06-30,110105017002
110105017002,第二社区,,,2026-07-01,,
"""


@pytest.fixture
def empty_bus(migrated: Engine) -> Bus:
    return Bus(migrated, DirectoryService, MONDAY)


def test_a_new_directory_has_our_units_the_neighbours_and_the_duty_list_and_tells_them(empty_bus):
    put_in = fill_directory()

    told = [one for event in empty_bus.told(UnitsChangedV1) for one in event.entries]
    ours, neighbours = read_units(), read_neighbours()
    assert {one.id for one in told} == {unit.code for unit in (*ours, *neighbours)}
    assert {one.id for one in told if one.kind == "elsewhere"} == {unit.code for unit in neighbours}
    lines = [one for event in empty_bus.told(DutiesChangedV1) for one in event.entries]
    assert put_in == len(told) + len(lines)
    assert {one.origin for one in (*told, *lines)} == {Origin.SHIPPED}
    assert empty_bus.told()[-1] == DirectoryToldV1.wire_type


def test_who_leads_and_who_assists_is_one_list_with_an_order(empty_bus):
    fill_directory()

    lines = [one for event in empty_bus.told(DutiesChangedV1) for one in event.entries if one.category == "heating"]
    told = {(one.tier, one.organisation): (one.lead, one.rank) for one in lines}
    assert told["street", "城市管理办公室"] == (Lead.LEADS, 1)
    assert told["street", "市民诉求处置中心"] == (Lead.LEADS, 3)
    assert told["community", "社区居委会"] == (Lead.ASSISTS, 2)


def test_what_is_there_is_left_alone(empty_bus):
    fill_directory()
    said = len(empty_bus.told())

    assert fill_directory() == 0
    assert len(empty_bus.told()) == said


def test_where_somebody_entered_units_nothing_is_put_in(bus):
    assert fill_directory() == 0
    assert bus.told() == []


def test_of_two_at_once_one_puts_it_in(empty_bus):
    counts: list[int] = []
    both = [threading.Thread(target=lambda: counts.append(fill_directory())) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert sorted(counts)[0] == 0 < sorted(counts)[1]
    assert empty_bus.told().count(DirectoryToldV1.wire_type) == 1


def test_a_unit_of_the_file_holds_from_its_first_day_to_the_end_of_its_last(empty_bus, tmp_path):
    (tmp_path / "units.csv").write_text(UNITS_FILE, encoding="utf-8")
    with transaction(empty_bus.engine, DirectoryStore) as work:
        ship(work, read_shipped(tmp_path / "units.csv"), empty_bus.moments.now())
        (first,) = work.entries.periods_of(BY_NAME["unit"], ["110105017001"])
        (second,) = work.entries.periods_of(BY_NAME["unit"], ["110105017002"])

    assert first.valid_to == second.valid_from == datetime(2026, 7, 1, tzinfo=SHANGHAI)
    assert first.replaced_by == ["110105017002"]


def test_units_are_found_as_the_units_file_has_them(empty_bus):
    fill_directory()

    with transaction(empty_bus.engine, DirectoryStore) as work:
        known = work.units(MONDAY)
        assert known.district == DISTRICT
        assert known.get("110105400").name == "首都机场街道"
        assert [unit.code for unit in known.children_of(STREET)] == [
            unit.code for unit in UnitDirectory.load().children_of(STREET)
        ]
        assert work.directory.find(DutyPart, "noise/grid/网格巡查组", MONDAY).rank == 1


def test_the_journal_has_one_line_for_all_of_it(empty_bus):
    fill_directory()

    with empty_bus.engine.connect() as connection:
        rows = connection.execute(text("SELECT kind, unit_code, state, why FROM changes")).all()
    assert [tuple(row) for row in rows] == [
        ("shipped", DISTRICT, "done", "the directory was empty: what ships was put in")
    ]


def test_migrating_fills_a_directory_that_is_new(database, capsys):
    assert main(["migrate", "directory"]) == 0

    assert fill_directory() == 0


def test_a_copy_that_is_whole_is_looked_up_by_index_and_not_read_through(migrated):
    tell(migrated)

    if migrated.dialect.name == "postgresql":
        with migrated.connect() as connection:
            plan = connection.execute(text(f"EXPLAIN SELECT 1 FROM directory_periods WHERE {ONE_UNIT}")).scalars().all()
        assert any("directory_periods_pkey" in line for line in plan), plan
    with migrated.connect() as connection:
        assert DirectoryCopy(connection).find(UnitPart, STREET, MONDAY) is not None
