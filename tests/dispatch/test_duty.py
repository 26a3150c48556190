"""The duty list: who may lead, and what a bad file is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.dispatch.domain.duty import Lead
from services.dispatch.storage.duty_file import SHIPPED, desk_directory, read_duties
from shared.settings import settings
from shared.toml_file import BadTomlFile
from shared.units import Tier, ancestors_of, tier_of
from tests.dispatch.builders import COMMUNITY, DISTRICT, GRID, STREET

DUTIES = read_duties()
UNITS = some.sampled_from([GRID, COMMUNITY, STREET, DISTRICT])
CATEGORIES = some.one_of(some.sampled_from(sorted(DUTIES.duties)), some.text(max_size=12))


@given(UNITS, CATEGORIES)
def test_a_unit_never_leads_outside_its_duty_list(unit, category):
    lead = DUTIES.lead_unit(unit, category)

    assert DUTIES.duty_for(category).part_of(tier_of(lead)) is Lead.LEADS


@given(UNITS, CATEGORIES)
def test_the_lead_is_the_nearest_unit_that_may(unit, category):
    lead = DUTIES.lead_unit(unit, category)
    chain = (unit, *ancestors_of(unit))

    assert lead in chain
    assert all(
        DUTIES.duty_for(category).part_of(tier_of(lower)) is Lead.ASSISTS for lower in chain[: chain.index(lead)]
    )


@given(some.sampled_from([GRID, COMMUNITY]), some.text(max_size=12).filter(lambda code: code not in DUTIES.duties))
def test_a_community_never_leads_a_matter_that_is_in_no_list(unit, category):
    assert tier_of(DUTIES.lead_unit(unit, category)) >= Tier.STREET


@given(some.sampled_from(Tier), CATEGORIES)
def test_every_tier_has_departments_to_hand_over_to(tier, category):
    departments = DUTIES.departments_for(tier, category)

    assert len(departments) >= 3
    assert len(set(departments)) == len(departments)


def test_a_competent_department_comes_before_those_of_the_tier_at_large():
    assert DUTIES.departments_for(Tier.STREET, "market")[0] == "市场监督管理所"


def test_a_setting_puts_another_duty_list_in_the_place_of_ours(tmp_path, monkeypatch):
    path = tmp_path / "mine.toml"
    path.write_text(SHIPPED.read_text(encoding="utf-8").replace("网格长", "格长"), encoding="utf-8")
    monkeypatch.setenv("GONGSHANG_DUTIES_FILE", str(path))
    settings.cache_clear()
    desk_directory.cache_clear()
    try:
        assert desk_directory().duties.tiers[Tier.GRID].leader_title == "格长"
    finally:
        settings.cache_clear()
        desk_directory.cache_clear()


@pytest.mark.parametrize(
    ("replaced", "by", "told"),
    [
        ('lead_tier = "grid"', 'lead_tier = "galaxy"', "lead_tier"),
        ('code = "parking"', 'code = "noise"', "Listed twice: noise"),
        ('fallback = "other"', 'fallback = "pets"', "led by a street or higher"),
        ('leader_title = "网格长"', "", "tiers.grid.leader_title"),
        ("fallback =", "fallbak =", "fallbak: is unknown"),
        ("[tiers.grid]", "[tiers.grid", "line"),
    ],
)
def test_a_bad_file_is_told_where_it_is_wrong(tmp_path, replaced, by, told):
    path = tmp_path / "mine.toml"
    path.write_text(SHIPPED.read_text(encoding="utf-8").replace(replaced, by), encoding="utf-8")

    with pytest.raises(BadTomlFile, match=r"mine\.toml") as refused:
        read_duties(path)

    assert told in str(refused.value)
