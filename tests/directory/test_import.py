"""A clerk's book, from the first try to what others hear of it, on both databases."""

import csv
import json
from datetime import datetime

import pytest

from services.cli.main import main
from services.directory.domain.kinds import ALL
from services.directory.storage.repository import DirectoryStore
from services.directory.use_cases.shelf import MOST_NAMED
from services.intake.domain.catalogue_file import read_catalogue
from shared.bus.work import reading, transaction
from shared.clock import SHANGHAI
from shared.contracts.directory import (
    DeputiesChangedV1,
    DeputyPart,
    DesksChangedV1,
    HallPart,
    HallsChangedV1,
    OrganisationsChangedV1,
)
from shared.contracts.directory_words import Origin
from tests.directory.clerk import BOOK, COMMUNITY, with_three_mistakes
from tests.office import soffice, workbook
from tests.told import an_entry, tell


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    """As the clerk first had it, and mended."""
    soffice()
    folder = tmp_path_factory.mktemp("office")
    return [
        str(workbook(folder / f"{name}.xlsx", book)) for name, book in (("一", with_three_mistakes()), ("二", BOOK))
    ]


@pytest.fixture
def write(tmp_path):
    """Sheets as a folder of CSV files, one of each."""

    def written(**sheets):
        folder = tmp_path / "名录"
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        for name, rows in sheets.items():
            with (folder / f"{name}.csv").open("w", encoding="gb18030", newline="") as lines:
                csv.writer(lines).writerows(rows)
        return str(folder)

    return written


def run(capsys, *words):
    """The exit code, what a program reads, and what a person reads."""
    capsys.readouterr()
    code = main(["directory", "import", *words, "--json"])
    said = capsys.readouterr()
    return code, json.loads(said.out), said.err.splitlines()


def entries(bus, kind):
    with reading(bus.engine, DirectoryStore) as work:
        return {entry.id: entry.periods for entry in work.entries.all_of(ALL[kind])}


def halls(*rows):
    return [BOOK["议事厅"][0], *rows]


HALL = BOOK["议事厅"][1]


def test_a_clerk_mends_a_book_made_in_libreoffice_from_the_messages_alone(bus, capsys, books):
    code, first, said = run(capsys, books[0])

    assert (code, first["imported"], entries(bus, "hall"), bus.told()) == (1, False, {}, [])
    assert [(one["sheet"], one["row"], one["column"], one["value"]) for one in first["faults"]] == [
        ("议事厅", 3, "开放时间", "每天 8点到晚上"),
        ("议事代表", 7, "类别", "党员代表"),
        ("值班", 3, "岗位", "夜间值班"),
    ]
    assert [one["right"].partition("?")[0] for one in first["faults"][1:]] == ["党代表", "夜间值守"]
    assert said[-1] == "3 faults; nothing was imported. Mend them in the file, and import it again."

    code, second, _ = run(capsys, books[1], "--as", "刘文书", "--why", "换届")

    assert (code, second["imported"], second["counts"]["deputy"]["entered"]) == (0, True, 12)
    told = {type(one): one for one in bus.told(HallsChangedV1, DeputiesChangedV1, DesksChangedV1)}
    assert [len(told[kind].entries) for kind in (HallsChangedV1, DeputiesChangedV1, DesksChangedV1)] == [3, 12, 2]
    (committee,) = (one for one in bus.told(OrganisationsChangedV1)[0].entries if one.name.endswith("业委会"))
    assert (committee.kind, committee.standing) == ("owners_committee", "asked")
    assert committee.valid_to == datetime(2030, 7, 1, tzinfo=SHANGHAI)
    shifts = [period for periods in entries(bus, "shift").values() for period in periods]
    assert {(one.starts, one.ends) for one in shifts} == {("20:00", "08:00"), ("08:00", "20:00")}

    code, third, _ = run(capsys, books[1])
    assert (code, third["imported"], third["changes"]) == (0, False, [])


def test_the_journal_says_of_every_entry_who_and_why(bus, capsys, write):
    run(capsys, write(议事代表=BOOK["议事代表"]), "--as", "刘文书", "--why", "换届")

    with transaction(bus.engine, DirectoryStore) as work:
        lines = work.changes.list_of(None, None, "", "", "", 500)
    assert {(one.asked_by, one.why, one.state, one.action) for one in lines} == {("刘文书", "换届", "done", "enter")}
    assert sorted(one.kind for one in lines) == ["deputy"] * 12 + ["person"] * 12
    assert all(one.facts == {} for one in lines if one.kind == "person")


def test_a_dry_run_says_what_would_change_and_changes_nothing(bus, capsys, write):
    folder = write(议事厅=halls(HALL))

    assert main(["directory", "import", folder, "--dry-run"]) == 0

    said = capsys.readouterr()
    assert said.out.splitlines()[:2] == [
        "        entered  changed  ended  unchanged",
        "议事厅  1        0        0      0",
    ]
    assert "+ 议事厅 第三社区议事厅" in said.out
    assert "nothing was imported" in said.err
    assert (entries(bus, "hall"), bus.told()) == ({}, [])


def test_what_a_row_says_otherwise_is_a_change_and_an_end_is_an_end(bus, capsys, write):
    run(capsys, write(议事厅=halls(HALL)))
    moved = [*HALL[:3], "劲松三区315号楼", *HALL[4:]]
    code, changed, _ = run(capsys, write(议事厅=halls(moved)))
    assert (code, changed["counts"]["hall"]["changed"]) == (0, 1)

    ending = [[*BOOK["议事厅"][0], "有效至"], [*moved, "2099-06-30"]]
    code, ended, _ = run(capsys, write(议事厅=ending))
    assert (code, ended["counts"]["hall"]["ended"]) == (0, 1)
    (periods,) = entries(bus, "hall").values()
    assert periods[-1].valid_to == datetime(2099, 7, 1, tzinfo=SHANGHAI)
    assert run(capsys, write(议事厅=ending))[1]["changes"] == []


def test_a_column_that_the_file_does_not_have_changes_nothing(bus, capsys, write):
    run(capsys, write(议事厅=halls(HALL)))

    without_seats = [row[:-1] for row in halls(HALL)]
    assert run(capsys, write(议事厅=without_seats))[1]["changes"] == []

    (periods,) = entries(bus, "hall").values()
    assert periods[-1].capacity == 40


def test_english_and_chinese_names_of_columns_and_words_are_both_read(bus, capsys, write):
    head = ["name", "unit", "kind", "address", "opening_hours", "contact", "capacity"]
    assert run(capsys, write(halls=[head, [*HALL[:2], "community", *HALL[3:]]]))[0] == 0

    assert run(capsys, write(议事厅=halls(HALL)))[1]["changes"] == []


@pytest.mark.parametrize(
    ("place", "cell", "right"),
    [
        (1, "110105999001", "a code of the sheet 单位, or the unit's name"),
        (1, "110105017003 别的社区", "110105017003 第3社区居委会, or the other code"),
        (1, "第3社区", "the id of one: "),
        (2, "小区议事", "小区?"),
        (3, "", "地址 in every row"),
        (4, "周一至周五", "hours like 周一至周五 09:00-21:00"),
        (6, "二十", "a number like 120"),
        (6, "-1", "a whole number like 120"),
    ],
)
def test_a_faulty_cell_is_told_with_what_would_be_right(bus, capsys, write, place, cell, right):
    row = [*HALL[:place], cell, *HALL[place + 1 :]]
    code, found, _ = run(capsys, write(议事厅=halls(row)))

    (fault,) = found["faults"]
    assert (code, fault["sheet"], fault["row"], fault["value"]) == (1, "议事厅", 2, cell)
    assert fault["right"].startswith(right)


@pytest.mark.parametrize(
    ("sheets", "column", "right"),
    [
        ({"议室厅": halls(HALL)}, "", "one of 单位、场所"),
        ({"议事厅": [["甲", "乙"], ["丙", "丁"]]}, "", "a row with the names of the columns: 名称、单位"),
        ({"议事厅": [[*BOOK["议事厅"][0], "开房时间"], HALL]}, "开房时间", "开放时间?"),
        ({"议事厅": [BOOK["议事厅"][0][1:], HALL[1:]]}, "名称", "a column 「名称」"),
    ],
)
def test_sheets_and_columns_that_are_not_known_are_told(bus, capsys, write, sheets, column, right):
    code, found, _ = run(capsys, write(**sheets))

    assert code == 1
    assert [(one["column"], one["right"].startswith(right)) for one in found["faults"]] == [(column, True)]


def test_who_is_named_may_be_in_the_file_and_what_hangs_on_a_faulty_row_is_not_told_twice(bus, capsys, write):
    desks = [*BOOK["岗位"][:2], [*BOOK["岗位"][2][:2], "110105999", *BOOK["岗位"][2][3:]]]
    book = {name: BOOK[name] for name in ("机构", "场所", "工作人员", "值班")}

    code, found, _ = run(capsys, write(**book, 岗位=desks))

    assert (code, [(one["sheet"], one["column"]) for one in found["faults"]]) == (1, [("岗位", "单位")])


def test_a_leader_whose_own_row_hangs_on_a_faulty_one_is_not_told_as_missing(bus, capsys, write):
    organisations = [["名称", "类型", "单位"], ["物业科", "街道科室", COMMUNITY]]
    staff = [["姓名", "机构", "单位"], ["王强", "物业科", COMMUNITY]]
    desks = [["名称", "机构", "单位", "责任领导"], ["物业岗", "物业科", COMMUNITY, "王强"]]

    code, found, _ = run(capsys, write(机构=organisations, 工作人员=staff, 岗位=desks))

    assert (code, [(one["sheet"], one["column"]) for one in found["faults"]]) == (1, [("机构", "类型")])
    assert "科室" not in found["faults"][0]["right"]


def test_a_category_that_is_none_is_told_with_names_of_the_catalogue_beside_all_else_that_is_wrong(bus, capsys, write):
    desks = [["名称", "机构", "单位", "诉求类别"], ["物业岗", "没有的科", COMMUNITY, "甲乙丙丁"]]

    code, found, _ = run(capsys, write(岗位=desks))

    by_column = {one["column"]: one["right"] for one in found["faults"]}
    assert (code, set(by_column)) == (1, {"机构", "诉求类别"})
    offered = by_column["诉求类别"].rpartition("such as ")[2].split("、")
    assert len(offered) == MOST_NAMED
    assert set(offered) <= {one.name for one in read_catalogue().categories}


def test_a_place_lies_in_the_one_of_that_name_in_its_own_unit(bus, capsys, write):
    compounds = [["名称", "类型", "单位"], *(["三区", "小区", unit] for unit in (COMMUNITY, "110105017004"))]
    assert run(capsys, write(场所=compounds))[0] == 0

    code, _, _ = run(capsys, write(场所=[["名称", "类型", "单位", "属于"], ["七号楼", "楼栋", COMMUNITY, "三区"]]))

    places = entries(bus, "place")
    (building,) = (periods[-1] for periods in places.values() if periods[-1].name == "七号楼")
    assert (code, places[building.within][-1].units) == (0, [COMMUNITY])


def test_all_that_is_wrong_with_a_row_is_told_at_once(bus, capsys, write):
    contract = [["机构", "场所", "有效自"], ["没有的物业", "没有的小区", "昨天"]]

    code, found, _ = run(capsys, write(合同=contract))

    assert (code, [one["column"] for one in found["faults"]]) == (1, ["有效自", "机构", "场所"])


def test_what_does_not_fit_together_is_told(bus, capsys, write):
    organisations = [["名称", "类型", "单位"], ["绿化科", "部门", "110105018"], ["业委会", "业委会", COMMUNITY]]
    contracts = [["机构", "场所", "有效自"], ["业委会", "劲松三区", "2026-01-01"]]
    desks = [["名称", "机构", "单位"], ["绿化岗", "绿化科", COMMUNITY]]

    code, found, _ = run(capsys, write(场所=BOOK["场所"], 机构=organisations, 合同=contracts, 岗位=desks))

    assert code == 1
    assert [(one["sheet"], one["column"], one["wrong"]) for one in found["faults"]] == [
        ("合同", "机构", "is no property company"),
        ("岗位", "单位", "is not served by 绿化科"),
    ]


def test_an_entered_hall_takes_the_place_of_one_made_for_exercises(bus, capsys, write):
    hall = {"unit": COMMUNITY, "kind": "community", "address": "一号楼", "opening_hours": "全天", "contact": "010"}
    made = an_entry(HallPart, "X1", name="演练议事厅", origin=Origin.EXERCISE, **hall)
    other = an_entry(HallPart, "X2", name="演练议事厅", origin=Origin.EXERCISE, **hall | {"unit": "110105017004"})
    tell(bus.engine, made, other)

    code, found, _ = run(capsys, write(议事厅=halls(HALL)))

    assert (code, found["counts"]["hall"]["ended"]) == (0, 1)
    periods = entries(bus, "hall")
    assert (periods["X1"][-1].valid_to is None, periods["X2"][-1].valid_to) == (False, None)
    assert run(capsys, write(议事厅=halls(HALL)))[1]["changes"] == []


def test_a_unit_may_end_in_favour_of_others_that_the_same_file_enters(bus, capsys, write):
    units = [
        ["代码", "名称", "类型", "有效自", "有效至", "接续"],
        [COMMUNITY, "第3社区居委会", "居", "2000-01-02", "2026-12-31", "110105017098；劲松东社区"],
        ["110105017098", "劲松西社区", "社区", "2027-01-01", "", ""],
        ["110105017099", "劲松东社区", "社区", "2027-01-01", "", ""],
    ]
    code, found, _ = run(capsys, write(单位=units))

    assert (code, found["faults"]) == (0, [])
    ended = entries(bus, "unit")[COMMUNITY][-1]
    assert ended.replaced_by == ["110105017098", "110105017099"]
    assert entries(bus, "unit")["110105017099"][-1].parent == "110105017"


def test_a_report_lists_every_fault_for_a_spreadsheet(bus, capsys, write, tmp_path):
    report = tmp_path / "faults.csv"
    rows = [[*HALL[:2], "=1+1", *HALL[3:]], [*HALL[:6], "x"]]
    run(capsys, write(议事厅=halls(*rows)), "--report", str(report))

    with report.open(encoding="utf-8-sig") as lines:
        head, *found = list(csv.reader(lines))
    assert head == ["sheet", "row", "column", "value", "what is wrong", "what would be right"]
    assert [line[:4] for line in found] == [["议事厅", "2", "类型", "'=1+1"], ["议事厅", "3", "可容纳人数", "x"]]


def test_a_person_is_made_once_for_all_that_they_are(bus, capsys, write):
    deputies = [["姓名", "单位", "身份", "类别"], ["韩社工", COMMUNITY, "议事能手", "律师"]]
    run(capsys, write(机构=BOOK["机构"], 场所=BOOK["场所"], 工作人员=BOOK["工作人员"], 议事代表=deputies))

    assert [one[-1].name for one in entries(bus, "person").values()].count("韩社工") == 1
    (expert,) = (periods[-1] for periods in entries(bus, "deputy").values())
    assert (expert.role, expert.category, expert.person_name) == ("expert", "lawyer", "韩社工")
    assert isinstance(expert, DeputyPart)
