"""People, desks and halls for exercises: from a seed, marked as such, and never mixed with what was entered."""

import json
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import text

from services.cli.main import main
from services.cli.suite.filling import in_bulk
from services.directory.domain.drawing import Drawing
from services.directory.storage.duty_file import read_duties
from services.directory.storage.exercise_file import exercise_plan
from services.directory.storage.repository import DirectoryStore
from services.directory.use_cases.generating import Wanted, generate
from shared.auth import Role
from shared.bus.work import transaction
from shared.contracts.directory import (
    DeputyPart,
    DeskPart,
    DesksChangedV1,
    HallPart,
    HallsChangedV1,
    OrganisationPart,
    ShiftPart,
    StaffPart,
)
from shared.contracts.directory_words import DeputyRole, HallKind, Origin
from shared.contracts.vocabulary import DeputyCategory
from shared.directory.dated import DatedUnits
from shared.units import Tier, UnitDirectory
from tests.directory.builders import COMMUNITY, DISTRICT, MONDAY, STREET, entering, hall
from tests.directory.test_entries import enter_hall
from tests.harness import Bus
from tests.told import few_units

GRID = f"{COMMUNITY}001"


def make(bus: Bus, seed: int = 7, *, full: bool = False) -> Counter[str]:
    wanted = Wanted(exercise_plan(), read_duties(), seed, full, "somebody")
    with transaction(bus.engine, DirectoryStore) as work:
        return generate(work, wanted, bus.moments.now())


def holding(bus: Bus, part: Any, *units: str) -> list[Any]:
    with bus.begin(reads=True) as work:
        return work.directory.list_in(part, units, MONDAY)


def test_every_unit_has_a_hall_and_whom_its_council_needs(bus):
    make(bus)

    for unit, kind in ((GRID, "grid"), (COMMUNITY, "community"), (STREET, "street"), (DISTRICT, "district")):
        assert kind in {one.kind for one in holding(bus, HallPart, unit)}
    roles = Counter(one.role for one in holding(bus, DeputyPart, STREET))
    assert roles == {DeputyRole.DEPUTY: 60, DeputyRole.EXPERT: 10}
    deputies = holding(bus, DeputyPart, COMMUNITY)
    assert len(deputies) == 12
    assert sum(DeputyCategory(one.category).is_resident for one in deputies) >= 4
    assert {one.origin for one in deputies} == {Origin.EXERCISE}


def test_every_organisation_of_the_duty_list_has_a_desk_with_a_leader_and_somebody_there(bus):
    make(bus)

    organisations = {one.name: one for one in holding(bus, OrganisationPart, COMMUNITY)}
    assert {"社区居委会", "社区停车自治管理组", "网格巡查组"} <= set(organisations)
    desks = {one.organisation: one for one in holding(bus, DeskPart, COMMUNITY)}
    assert set(desks) == {one.id for one in organisations.values()}
    staff = {one.person: one for one in holding(bus, StaffPart, COMMUNITY)}
    with bus.begin(reads=True) as work:
        shifts = work.directory.list_about(ShiftPart, [one.id for one in desks.values()], MONDAY)
    assert {one.desk for one in shifts} == {one.id for one in desks.values()}
    assert {one.person for one in shifts} | {one.leader for one in desks.values()} == set(staff)
    assert staff[desks[organisations["社区居委会"].id].leader].post == "社区党委书记"


def test_on_nights_and_days_off_a_street_has_its_leader_on_call(bus):
    make(bus)

    desk = f"{STREET}/城市管理办公室/desk"
    with bus.begin(reads=True) as work:
        day, always = work.directory.list_about(ShiftPart, [desk], MONDAY)
    assert (day.days, day.starts, day.ends) == (["working_day"], "08:00", "20:00")
    assert (always.days, always.person) == ([], f"{STREET}/leader")


def test_whoever_sits_in_a_unit_has_a_login_with_roles(bus):
    make(bus)

    with bus.begin(reads=True) as work:
        logins = [f"leader@{COMMUNITY}", f"handler@{COMMUNITY}", f"supervisor@{DISTRICT}", f"system@{STREET}"]
        found = {one.login: one.roles for one in work.directory.list_about(StaffPart, logins, MONDAY)}
    assert found == {
        f"leader@{COMMUNITY}": ["leader", "chair"],
        f"handler@{COMMUNITY}": ["handler", "clerk"],
        f"supervisor@{DISTRICT}": ["supervisor"],
    }


def test_names_that_others_are_told_are_those_of_the_people(bus):
    make(bus)

    told = [one for event in bus.told(DesksChangedV1) for one in event.entries]
    (desk,) = [one for one in told if one.id == f"{STREET}/安全生产办公室/desk"]
    (leader,) = [one for one in holding(bus, StaffPart, STREET) if one.person == desk.leader]
    assert desk.leader_name == leader.person_name != ""


def test_the_same_again_changes_nothing_and_tells_nothing(bus):
    make(bus)
    said = len(bus.told())

    assert make(bus).total() == 0
    assert len(bus.told()) == said


def test_another_seed_replaces_people_and_keeps_places(bus):
    make(bus)
    before = {one.id: one.person_name for one in holding(bus, DeputyPart, STREET)}
    make(bus, seed=8)

    after = {one.id: one.person_name for one in holding(bus, DeputyPart, STREET)}
    assert after.keys() == before.keys()
    assert after != before


def test_the_full_form_has_more_and_the_small_one_after_it_ends_them(bus):
    make(bus)
    small = len(holding(bus, HallPart, COMMUNITY))
    make(bus, full=True)
    assert len(holding(bus, HallPart, COMMUNITY)) > small
    assert len(holding(bus, DeputyPart, COMMUNITY)) > 12

    make(bus)
    assert len(holding(bus, HallPart, COMMUNITY)) == small
    ended = [one for one in bus.told(HallsChangedV1)[-1].entries if one.valid_to == MONDAY]
    assert ended


def test_where_a_hall_was_entered_none_is_made(bus):
    enter_hall(bus)
    make(bus)

    assert [one.id for one in holding(bus, HallPart, COMMUNITY)] == ["H1"]


def test_where_a_deputy_was_entered_only_experts_are_made(bus):
    bus.ask("propose_entry", entering("person", "P1", {"name": "王芳", "unit": STREET}), Role.CLERK, STREET)
    deputy = {"person": "P1", "unit": STREET, "category": "party_delegate"}
    bus.ask("propose_entry", entering("deputy", "D1", deputy), Role.CLERK, STREET)
    make(bus)

    deputies = holding(bus, DeputyPart, STREET)
    assert [one.id for one in deputies if one.role is DeputyRole.DEPUTY] == ["D1"]
    assert len(deputies) == 1 + 10


def test_where_an_organisation_was_entered_neither_it_nor_its_desk_is_made(bus):
    facts = {"name": "社区居委会", "kind": "committee", "unit": COMMUNITY}
    bus.ask("propose_entry", entering("organisation", "O1", facts), Role.CLERK, COMMUNITY)
    make(bus)

    made = {one.id for one in holding(bus, OrganisationPart, COMMUNITY)}
    assert "O1" in made
    assert f"{COMMUNITY}/社区居委会" not in made
    assert f"{COMMUNITY}/社区居委会" not in {one.organisation for one in holding(bus, DeskPart, COMMUNITY)}
    assert f"{COMMUNITY}/社区居委会" not in {one.organisation for one in holding(bus, StaffPart, COMMUNITY)}


def test_what_somebody_entered_under_the_id_of_a_made_one_stays_as_it_is(bus):
    make(bus)
    made = f"{COMMUNITY}/community-1"
    changed = entering("hall", made, hall(name="百姓议事厅"))
    bus.ask("change_entry", changed, Role.CLERK, COMMUNITY)
    make(bus, seed=8)

    assert [one.name for one in holding(bus, HallPart, COMMUNITY)] == ["百姓议事厅"]


def test_all_of_it_is_one_line_in_the_journal(bus):
    make(bus, seed=3)

    with bus.engine.connect() as connection:
        rows = connection.execute(text("SELECT why, asked_by FROM changes")).all()
    assert [tuple(row) for row in rows] == [("generated with seed 3", "somebody")]


def test_the_command_says_what_it_made(bus, capsys):
    assert main(["directory", "generate", "--seed", "5", "--json"]) == 0

    said = json.loads(capsys.readouterr().out)
    streets = sum(len(one.id) == 9 for one in few_units())
    assert said["changed"]["hall"] == sum(len(one.id) >= 9 for one in few_units()) + 4
    assert streets == 43


def test_work_in_bulk_may_leave_the_database_alone_for_a_while(bus):
    with in_bulk() as work:
        if bus.engine.dialect.name == "postgresql":
            assert work.connection.scalar(text("SHOW idle_in_transaction_session_timeout")) == "0"
        assert work.units(MONDAY).district == DISTRICT


def drawn(units: DatedUnits, seed: int) -> list[Any]:
    return list(Drawing(exercise_plan(), units, seed, full=True).councils())


@pytest.fixture(scope="module")
def shipped() -> DatedUnits:
    return DatedUnits(UnitDirectory.load(), {}, {})


def test_the_full_form_is_as_large_as_the_programme_says(shipped):
    drafts = drawn(shipped, 1)

    halls = Counter(one.facts.kind for one in drafts if one.kind == "hall")
    assert halls == {
        HallKind.COMMUNITY: 570,
        HallKind.COMPOUND: 1_439,
        HallKind.ENTRANCE: 2_285,
        HallKind.ONLINE: 1_388,
        HallKind.GRID: len(shipped.of_tier(Tier.GRID)),
        HallKind.STREET: 43,
        HallKind.DISTRICT: 4,
    }
    deputies = [one.facts for one in drafts if one.kind == "deputy" and one.facts.role is DeputyRole.DEPUTY]
    assert len(deputies) == 83_975
    assert len({one.category for one in deputies}) == 13


def test_the_same_seed_draws_the_same_for_a_unit_whatever_others_there_are(shipped):
    few = DatedUnits([unit for unit in shipped if unit.code.startswith(STREET) or unit.code == DISTRICT], {}, {})
    small = Drawing(exercise_plan(), shipped, 1, full=False).councils()

    among_all = {(one.kind, one.id): one.facts for one in small}
    alone = Drawing(exercise_plan(), few, 1, full=False).councils()
    assert all(among_all[one.kind, one.id] == one.facts for one in alone)
