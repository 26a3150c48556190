"""A service's copy of the directory: what it answers, what that costs, and what came after a unit that ended."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.contracts.directory import DeputyPart, DirectoryToldV1, HallKind, HallPart
from shared.directory.copy import DirectoryCopy, NotTold
from shared.directory.units import units_as_of
from shared.units import Tier, Unit
from tests.databases import engine_of
from tests.harness import statements_of
from tests.told import an_entry, changed, few_units, tell, unit_entry

engine = engine_of("councils")

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
DAY = timedelta(days=1)
STREET, OTHER_STREET = "110105001", "110105002"
ENDED, LEFT, RIGHT = f"{STREET}001", f"{STREET}002", f"{STREET}003"


def a_hall(id, unit, **changed):
    facts = {"name": "议事厅", "unit": unit, "kind": HallKind.COMMUNITY, "address": "东里1号", "contact": "联络员"}
    return an_entry(HallPart, id, **(facts | {"opening_hours": "全天"} | changed))


def a_deputy(id, unit, **changed):
    return an_entry(DeputyPart, id, person=f"P-{id}", person_name="王芳", unit=unit, category="lane_chief", **changed)


def units_where(ended_as):
    """The few units, but one of them ended yesterday, and these came after it."""
    return [
        replace(one, valid_to=NOW - DAY, replaced_by=list(ended_as)) if one.id == ENDED else one for one in few_units()
    ]


def test_several_kinds_in_several_units_are_read_in_one_statement(engine):
    tell(engine, a_hall("H1", LEFT), a_hall("H2", RIGHT), a_hall("H3", ENDED), a_deputy("D1", LEFT))

    with statements_of(engine) as seen, engine.connect() as connection:
        found = DirectoryCopy(connection).lasting_in((HallPart, DeputyPart), [LEFT, RIGHT], NOW)

    assert {(type(one), one.id) for one in found} == {(HallPart, "H1"), (HallPart, "H2"), (DeputyPart, "D1")}
    assert len([one for one in seen if one.startswith("SELECT")]) == 1


def test_of_no_entries_nothing_is_found(engine):
    tell(engine, a_hall("H1", LEFT))

    with engine.connect() as connection:
        copy = DirectoryCopy(connection)
        assert copy.find_all(HallPart, [], NOW) == copy.list_in(HallPart, [], NOW) == []


def test_what_has_ended_is_not_read_and_what_is_to_come_is(engine):
    tell(engine, a_hall("H1", LEFT, valid_to=NOW), a_hall("H2", LEFT, valid_to=NOW + DAY))
    tell(engine, a_hall("H3", LEFT, valid_from=NOW + DAY))

    with engine.connect() as connection:
        found = DirectoryCopy(connection).lasting_in((HallPart,), [LEFT], NOW)

    assert {one.id for one in found} == {"H2", "H3"}


def test_the_units_are_looked_at_once_in_a_transaction_however_often_they_are_asked_for(engine):
    tell(engine)
    with engine.connect() as connection:
        units_as_of(DirectoryCopy(connection), NOW)

    with statements_of(engine) as seen, engine.connect() as connection:
        copy = DirectoryCopy(connection)
        for _ in range(3):
            copy.must_be_told()
            units_as_of(copy, NOW)

    assert len([one for one in seen if one.startswith("SELECT")]) == 1


def test_what_a_transaction_learns_it_sees(engine):
    tell(engine)
    new = unit_entry(Unit(f"{STREET}099", "新社区居委会", Tier.COMMUNITY, "neighbourhood"))

    with engine.begin() as connection:
        copy = DirectoryCopy(connection)
        assert units_as_of(copy, NOW).find(new.id) is None
        copy.learn(changed(new))
        assert units_as_of(copy, NOW).get(new.id).name == "新社区居委会"


def test_a_copy_that_was_told_in_a_transaction_that_failed_is_not_whole(engine):
    with engine.begin() as connection:
        copy = DirectoryCopy(connection)
        copy.learn(DirectoryToldV1(unit_code="110105", entries=0, told_at=NOW))
        copy.must_be_told()
        connection.rollback()

    with engine.connect() as connection, pytest.raises(NotTold):
        DirectoryCopy(connection).must_be_told()


@pytest.mark.parametrize(
    ("successors", "heir"),
    [
        ([LEFT], LEFT),
        ([LEFT, RIGHT], STREET),
        ([LEFT, f"{OTHER_STREET}001"], "110105"),
        ([], STREET),
    ],
    ids=["one", "two of one street", "two of two streets", "none"],
)
def test_what_a_unit_held_goes_to_what_came_after_it(engine, successors, heir):
    tell(engine, units=units_where(successors))

    with engine.connect() as connection:
        units = units_as_of(DirectoryCopy(connection), NOW)

    assert units.heir_of(ENDED) == heir
    assert units.heir_of(LEFT) == LEFT


def test_what_happened_in_a_unit_that_ended_is_found_where_its_successor_lies(engine):
    tell(engine, units=units_where([f"{OTHER_STREET}001"]))

    with engine.connect() as connection:
        units = units_as_of(DirectoryCopy(connection), NOW)

    assert ENDED in units.ever_inside(OTHER_STREET)
    assert ENDED not in units.ever_inside(STREET)
    assert ENDED not in units.inside(OTHER_STREET)


def test_news_of_before_a_change_and_of_now_in_turn_cost_no_more_than_news_of_now(engine):
    tell(engine, units=units_where([LEFT]))
    instants = (NOW, NOW - 2 * DAY)
    with engine.connect() as connection:
        holding = [units_as_of(DirectoryCopy(connection), instant).find(ENDED) is not None for instant in instants]
    assert holding == [False, True]

    with statements_of(engine) as seen, engine.connect() as connection:
        copy = DirectoryCopy(connection)
        for instant in (*instants, *instants):
            units_as_of(copy, instant)

    assert len([one for one in seen if one.startswith("SELECT")]) == 1


def test_what_was_read_in_a_transaction_that_is_undone_is_remembered_by_nobody(engine):
    tell(engine)
    street = next(one for one in few_units() if one.id == STREET)
    wrong, right = (replace(street, name=f"第{name}版", revision=2) for name in "一二")
    with engine.connect() as connection:
        copy = DirectoryCopy(connection)
        copy.learn(changed(wrong))
        assert units_as_of(copy, NOW).get(STREET).name == "第一版"
        connection.rollback()
    with engine.begin() as connection:
        DirectoryCopy(connection).learn(changed(right))

    with engine.connect() as connection:
        assert units_as_of(DirectoryCopy(connection), NOW).get(STREET).name == "第二版"


def test_an_entry_is_looked_up_by_its_id_also_where_nobody_knows_yet_how_large_the_copy_gets(engine):
    explain = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN "}[engine.dialect.name]
    ids = [f"S{number}" for number in range(200)]
    given = {"sqlite": f"IN (SELECT value FROM json_each('{json.dumps(ids)}'))", "postgresql": f"= ANY (ARRAY{ids})"}
    asked = f"SELECT id FROM directory_periods WHERE kind = 'staff' AND id {given[engine.dialect.name]}"

    with engine.connect() as connection:
        plan = "\n".join(row[-1] for row in connection.exec_driver_sql(explain + asked))

    assert re.search("directory_periods_pkey|sqlite_autoindex_directory_periods_1 .*id=.", plan), plan
