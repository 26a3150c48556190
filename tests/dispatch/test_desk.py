"""Who gets a matter: the nearest unit that may lead, its organisations in order, a desk where somebody sits."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.dispatch.domain.errors import NobodyCompetent
from shared.contracts.directory_words import Standing
from shared.units import tier_of
from tests.dispatch.builders import COMMUNITY, DISTRICT, DUTIES, GRID, MONDAY, STREET, USUAL, days, offices
from tests.told import desk_of, few_desks, few_units, office, shift_of

UNITS = some.sampled_from([GRID, COMMUNITY, STREET, DISTRICT])
CATEGORIES = some.one_of(some.sampled_from(DUTIES.categories), some.text(max_size=12))
COMMAND = office(DISTRICT, "区城市管理指挥中心")


def with_desk(*organisations, **values):
    """Each with a desk of its own."""
    return [*organisations, *(desk_of(one, **values) for one in organisations)]


@given(UNITS, CATEGORIES)
def test_a_unit_never_leads_outside_its_duty_list(unit, category):
    post = USUAL.lead_post(unit, category)

    assert DUTIES.may_lead(tier_of(post.unit_code), category)
    assert post.unit_code == USUAL.lead_units(unit, category)[0]


@given(UNITS, CATEGORIES)
def test_whoever_is_given_a_matter_has_leader_department_person_and_somebody_who_assists(unit, category):
    post = USUAL.lead_post(unit, category)
    assisting = USUAL.assisting(post.unit_code, post.department, category, helper=unit)

    assert all((post.leader, post.department, post.person, post.desk_id, assisting))
    assert post.department not in [one.name for one in assisting]


@given(UNITS, CATEGORIES)
def test_objections_go_round_all_departments_of_a_unit(unit, category):
    lead = USUAL.lead_units(unit, category)[0]
    departments = [post.department for post in USUAL.posts(lead, category)]
    met, department = [], departments[0]
    for _ in departments:
        met.append(department)
        department = USUAL.next_post(lead, category, department).department

    assert met == departments
    assert department == departments[0]


@given(some.sets(some.sampled_from([one.id for one in few_desks()])), UNITS, some.sampled_from(DUTIES.categories))
def test_whatever_is_missing_from_the_directory_nobody_is_named_who_is_not_in_it(missing, unit, category):
    left = [one for one in few_desks() if one.id not in missing]
    try:
        post = offices(entries=left).lead_post(unit, category)
    except NobodyCompetent:
        assert missing
        return

    assert {post.organisation_id, post.desk_id} <= {one.id for one in left}


def test_without_a_competent_organisation_the_unit_above_gets_it():
    without_grids = [one for one in few_desks() if not one.id.startswith(GRID)]
    post = offices(entries=without_grids).lead_post(GRID, "sanitation")

    assert (post.unit_code, post.department) == (COMMUNITY, "社区服务站")


def test_without_anything_below_the_districts_desk_for_all_else_gets_it():
    post = offices(entries=with_desk(COMMAND)).lead_post(GRID, "lost_dogs")

    assert (post.unit_code, post.department) == (DISTRICT, "区城市管理指挥中心")


def test_without_any_desk_it_is_said_what_to_enter():
    with pytest.raises(NobodyCompetent, match=f"in {GRID}: enter in the directory .* a desk of it with a leader"):
        offices(entries=[]).lead_post(GRID, "sanitation")


def test_an_organisation_whose_desk_nobody_leads_is_passed_over():
    empty, second = office(STREET, "市民诉求处置中心"), office(STREET, "城市管理办公室")
    entries = [empty, desk_of(empty, leader="", leader_name=""), *with_desk(second)]

    assert offices(entries=entries).lead_post(STREET, "heating").department == "城市管理办公室"


def test_who_can_only_be_asked_is_given_nothing():
    asked = replace(office(STREET, "市民诉求处置中心"), standing=Standing.ASKED)
    entries = with_desk(asked, office(STREET, "城市管理办公室"))

    assert offices(entries=entries).lead_post(STREET, "heating").department == "城市管理办公室"


def test_a_desk_for_the_category_comes_before_one_that_takes_all():
    centre = office(STREET, "市民诉求处置中心")
    desks = [
        desk_of(centre, "D1", name="综合岗"),
        desk_of(centre, "D2", name="供热岗", categories=["heating"]),
        desk_of(centre, "D3", name="道路岗", categories=["road"]),
    ]
    asked = offices(entries=[centre, *desks])

    assert asked.lead_post(STREET, "heating").desk == "供热岗"
    assert asked.lead_post(STREET, "noise").desk == "综合岗"


def test_a_desk_at_which_somebody_has_the_shift_comes_before_one_that_is_empty_now():
    centre = office(STREET, "市民诉求处置中心")
    day, night = desk_of(centre, "D1", name="综合岗"), desk_of(centre, "D2", name="夜间值守")
    shifts = [
        shift_of(day, "day", starts="09:00", ends="18:00"),
        shift_of(night, "night", starts="18:00", ends="09:00"),
    ]
    entries = [centre, day, night, *shifts]

    assert offices(entries=entries).lead_post(STREET, "heating").desk == "综合岗"
    assert offices(MONDAY + days(0.6), entries).lead_post(STREET, "heating").desk == "夜间值守"


def test_the_department_of_the_unit_comes_before_one_that_serves_it_from_above():
    near, far = office(STREET, "城市管理办公室"), office(DISTRICT, "城市管理办公室")

    assert offices(entries=with_desk(near, far)).lead_post(STREET, "heating").organisation_id == near.id
    assert offices(entries=with_desk(far)).lead_post(STREET, "heating").organisation_id == far.id


def test_an_organisation_that_serves_other_units_is_not_competent_here():
    elsewhere = office(DISTRICT, "城市管理办公室", serves=["110105018"])
    asked = offices(entries=with_desk(elsewhere, COMMAND))

    assert asked.lead_post(STREET, "heating").department == "区城市管理指挥中心"
    assert asked.lead_post("110105018", "heating").department == "城市管理办公室"


def test_an_organisation_is_also_found_by_another_name_of_its():
    long_name = office(STREET, "八里庄街道城市管理办公室", aliases=["城市管理办公室"])

    assert offices(entries=with_desk(long_name)).lead_post(STREET, "heating").department == "八里庄街道城市管理办公室"


def test_where_only_one_department_is_the_unit_above_is_next_after_it():
    entries = with_desk(office(STREET, "市民诉求处置中心"), COMMAND)
    following = offices(entries=entries).next_post(STREET, "heating", "市民诉求处置中心")

    assert (following.unit_code, following.department) == (DISTRICT, "区城市管理指挥中心")


def test_who_is_alone_in_the_whole_district_gets_it_again():
    following = offices(entries=with_desk(COMMAND)).next_post(DISTRICT, "heating", "区城市管理指挥中心")

    assert following.department == "区城市管理指挥中心"


def test_the_lower_unit_assists_the_one_that_leads():
    assert USUAL.assisting(STREET, "市民诉求处置中心", "heating", helper=GRID) == (
        ("城市管理办公室", f"{STREET}/城市管理办公室"),
        (GRID, ""),
    )


def test_a_community_that_came_to_another_street_climbs_to_that_one():
    moved = [replace(one, parent="110105018") if one.id == COMMUNITY else one for one in few_units()]
    asked = offices(entries=[*moved, *few_desks()])

    assert asked.lead_post(GRID, "heating").unit_code == "110105018"


def test_a_unit_that_has_ended_is_given_nothing_and_its_successor_is():
    successor = "110105017004"
    ended = [
        replace(one, valid_to=MONDAY, replaced_by=[successor]) if one.id == COMMUNITY else one for one in few_units()
    ]
    before, after = (offices(at, [*ended, *few_desks()]) for at in (MONDAY - days(1), MONDAY))

    assert before.lead_post(COMMUNITY, "elevator").unit_code == COMMUNITY
    assert after.lead_post(COMMUNITY, "elevator").unit_code == successor


def test_who_is_on_duty_is_named_with_the_id_of_the_directory():
    centre = office(STREET, "市民诉求处置中心")
    desk = desk_of(centre)
    post = offices(entries=[centre, desk, shift_of(desk, "值班员")]).lead_post(STREET, "heating")

    assert (post.person, post.person_id, post.leader) == ("值班员", f"{desk.id}/值班员", "市民诉求处置中心主任")
