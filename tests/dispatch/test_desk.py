"""Desks are generated, and the same seed gives the same people."""

from hypothesis import given
from hypothesis import strategies as some

from services.dispatch.domain.desk import DeskDirectory
from tests.dispatch.builders import COMMUNITY, DESKS, DISTRICT, GRID, STREET

UNITS = some.sampled_from([GRID, COMMUNITY, STREET, DISTRICT])
CATEGORIES = some.sampled_from(sorted(DESKS.duties.duties))


@given(UNITS, CATEGORIES, some.integers())
def test_the_same_seed_gives_the_same_people(unit, category, seed):
    one, other = DeskDirectory(DESKS.duties, seed), DeskDirectory(DESKS.duties, seed)

    assert one.desk(unit, category) == other.desk(unit, category)


@given(UNITS, CATEGORIES)
def test_whoever_is_staffed_has_leader_department_person_and_co_units(unit, category):
    staffing = DESKS.staffing(unit, category)

    assert all((staffing.leader, staffing.department, staffing.person, staffing.co_units))
    assert staffing.department not in staffing.co_units


@given(UNITS, CATEGORIES)
def test_handing_over_goes_round_all_departments(unit, category):
    departments = [name for name, _ in DESKS.desk(unit, category).departments]
    met, department = [], departments[0]
    for _ in departments:
        met.append(department)
        department = DESKS.desk(unit, category).after(department)

    assert met == departments
    assert department == departments[0]


def test_a_unit_that_only_assists_is_among_the_co_units():
    assert GRID in DESKS.staffing(STREET, "heating", helper=GRID).co_units


def test_the_people_are_those_that_were_always_there():
    desk = DESKS.desk(GRID, "sanitation")

    assert (desk.unit_code, desk.leader) == (GRID, "孙国军（网格长）")
    assert desk.departments[0] == ("网格服务组", "杨振明")


def test_people_of_another_unit_are_others():
    assert DESKS.desk(GRID, "pets").leader != DESKS.desk("110105017003006", "pets").leader
