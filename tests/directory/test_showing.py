"""What people see of an entry, and what does not fit together in all that is there, on both databases."""

import json
from datetime import timedelta

import pytest

from services.cli.main import main
from shared.contracts.directory import (
    ContractPart,
    DeputyPart,
    DeskPart,
    HallPart,
    OrganisationPart,
    PlaceEntryPart,
    StaffPart,
)
from shared.units import Tier
from tests.directory.builders import MONDAY
from tests.directory.clerk import COMMUNITY
from tests.directory.test_export import entered, write
from tests.told import an_entry, few_duties, tell

__all__ = ["entered", "write"]


def said(capsys, *words):
    capsys.readouterr()
    code = main(["directory", *words])
    return code, capsys.readouterr().out


@pytest.mark.parametrize("words", [COMMUNITY, f"{COMMUNITY}000"])
def test_a_unit_is_shown_with_all_that_belongs_to_it(entered, capsys, words):
    code, shown = said(capsys, "show", words)

    assert code == 0
    assert shown.startswith(f"单位 第3社区居委会 ({COMMUNITY}), entered\n  from 2000-01-01\n")
    assert "  上级单位: 110105017 劲松街道" in shown
    assert "  议事厅 (3)\n" in shown
    assert "周一至周五 09:00-21:00；周六、周日 09:00-17:30; 010-60000001" in shown
    assert "  议事代表 (12): 居民代表 3、" in shown


def test_a_unit_is_found_by_its_name_and_a_desk_by_its_id(entered, capsys):
    assert "单位 劲松街道 (110105017)" in said(capsys, "show", "劲松街道")[1]

    desks = json.loads(said(capsys, "show", COMMUNITY, "--json")[1])["belongs"]["desk"]
    shown = [said(capsys, "show", desk)[1] for desk in desks]
    assert any("韩社工, 周一、周三、周五、周日 20:00-08:00" in one for one in shown)


def test_who_works_in_a_unit_is_shown_with_post_and_login(entered, capsys):
    shown = said(capsys, "show", COMMUNITY)[1]

    assert "工作人员 (3)" in shown
    assert ": 社工, yang, handler、clerk\n" in shown


def test_nobodys_phone_is_shown(entered, capsys):
    person = json.loads(said(capsys, "show", "110105017003", "--json")[1])["belongs"]["deputy"][0]
    deputy = json.loads(said(capsys, "show", person, "--json")[1])["entry"]["facts"]["person"]

    code, shown = said(capsys, "show", deputy)
    assert (code, "手机" in shown, "代表" in shown) == (0, False, True)


def test_what_is_not_there_is_told(entered, capsys):
    assert main(["directory", "show", "劲松街"]) == 1

    assert "劲松街道" in capsys.readouterr().err


def test_what_was_before_is_shown_as_of_its_day(entered, capsys):
    committee = next(
        id
        for id in json.loads(said(capsys, "show", COMMUNITY, "--json")[1])["belongs"]["organisation"]
        if "业委会" in said(capsys, "show", id)[1].splitlines()[0]
    )
    code, shown = said(capsys, "show", committee, "--at", "2025-01-01")

    assert (code, "does not hold on 2025-01-01" in shown) == (0, True)
    assert "from 2025-07-01 until 2030-06-30" in shown


def test_an_organisation_that_moved_is_shown_as_of_an_earlier_day_with_who_worked_for_it_then(bus, capsys):
    company, post = (
        {"name": "安居物业", "kind": "enterprise"},
        {"person": "P1", "person_name": "王芳", "organisation": "O1"},
    )
    tell(
        bus.engine,
        an_entry(OrganisationPart, "O1", **company, unit=COMMUNITY, valid_to=MONDAY),
        an_entry(OrganisationPart, "O1", **company, unit="110105017", valid_from=MONDAY),
        an_entry(StaffPart, "S1", **post, unit=COMMUNITY, valid_to=MONDAY),
    )

    def staff(*words):
        return json.loads(said(capsys, "show", "O1", "--json", *words)[1])["belongs"]["staff"]

    assert (staff("--at", f"{MONDAY - timedelta(days=1):%Y-%m-%d}"), staff()) == (["S1"], [])


def test_a_sound_directory_has_nothing_wrong(entered, capsys):
    assert said(capsys, "check") == (0, "No faults, no remarks.\n")


def test_duties_of_tiers_that_have_no_organisation_yet_are_one_remark_for_each_tier(bus, capsys):
    tell(bus.engine, *few_duties())

    code, printed = said(capsys, "check")

    assert code == 0
    assert printed.count("no organisation of one is entered yet") == len(Tier)
    assert printed.endswith(f"No faults, {len(Tier)} remarks.\n")


HALL = {"unit": COMMUNITY, "kind": "community", "address": "一号楼", "contact": "010"}


def test_what_does_not_fit_is_found_in_what_is_there(bus, capsys):
    company = {"name": "安居物业", "kind": "enterprise", "unit": COMMUNITY}
    term = {"person": "P1", "person_name": "王芳", "unit": COMMUNITY, "category": "党代表"}
    tell(
        bus.engine,
        an_entry(HallPart, "H1", name="议事厅", opening_hours="看情况", **HALL),
        an_entry(OrganisationPart, "O1", **company),
        an_entry(OrganisationPart, "O2", **company | {"name": "旧物业"}, valid_to=MONDAY),
        an_entry(PlaceEntryPart, "C1", name="劲松三区", kind="compound", units=[COMMUNITY]),
        an_entry(ContractPart, "K1", organisation="O1", place="C1"),
        an_entry(ContractPart, "K2", organisation="O1", place="C1"),
        an_entry(DeskPart, "D1", name="窗口", organisation="O2", unit="110105018"),
        an_entry(DeputyPart, "V1", **term),
    )

    code, shown = said(capsys, "check", "--json")

    found = json.loads(shown)
    assert code == 1
    assert {(one["sheet"], one["column"], one["value"]) for one in found["faults"]} == {
        ("议事厅", "开放时间", "H1"),
        ("合同", "机构", "K1"),
        ("合同", "机构", "K2"),
        ("岗位", "机构", "D1"),
        ("议事代表", "人员编号", "V1"),
        ("议事代表", "类别", "V1"),
    }
    assert [(one["sheet"], one["value"]) for one in found["remarks"]] == [("合同", "K2")]


def test_a_file_is_checked_before_it_is_imported(bus, capsys, write):
    folder = write(机构=[["名称", "类型", "单位"], ["业委会", "业委", COMMUNITY]])

    code, shown = said(capsys, "check", folder)
    assert (code, shown.splitlines()[-1]) == (1, "1 faults, no remarks.")
    assert "wrong: 机构 row 2, 类型: '业委' is no 类型 that is known; 业委会?" in shown
