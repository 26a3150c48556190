"""What lies inside a unit is the same in SQL, on both databases, as it is in Python."""

import pytest
from sqlalchemy import Column, MetaData, String, Table, select

from shared import units
from shared.storage import is_within
from shared.storage.engine import engine_for

STREET = "110105017"
INSIDE = ["110105017001", "110105017001001", "110105017999", "110105017999999"]
NEIGHBOURS = ["110105016", "110105016999", "110105016999999", "110105018", "110105018001", "110106", "110106017"]
CODES = ["110105", STREET, *INSIDE, *NEIGHBOURS]

metadata = MetaData()
halls = Table("halls", metadata, Column("unit_code", String(15), primary_key=True))


@pytest.fixture
def found_within(database):
    engine = engine_for("public")
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(halls.insert(), [{"unit_code": code} for code in CODES])

    def found(unit_code: str) -> list[str]:
        with engine.connect() as connection:
            inside = select(halls.c.unit_code).where(is_within(halls.c.unit_code, unit_code))
            return sorted(connection.scalars(inside))

    return found


def test_a_unit_has_itself_and_what_is_inside_it_and_no_neighbour(found_within):
    assert found_within(STREET) == [STREET, *INSIDE]


def test_sql_and_python_agree_on_every_unit(found_within):
    for unit in CODES:
        assert found_within(unit) == sorted(code for code in CODES if units.is_within(code, unit))


def test_no_unit_named_means_all_of_them(found_within):
    assert found_within("") == sorted(CODES)
