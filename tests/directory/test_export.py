"""A book as it is written: read back it changes nothing, and nobody finds in it what is not for them."""

import csv
import json

import openpyxl
import pytest

from services.cli.main import main
from services.directory.schemas.sheets import BY_KIND, SHEETS
from shared.contracts.directory import HallPart
from shared.contracts.directory_words import Origin
from tests.directory.clerk import BOOK, COMMUNITY
from tests.directory.test_import import run, write
from tests.office import XLSX, convert, soffice
from tests.told import an_entry, tell

__all__ = ["write"]


@pytest.fixture
def entered(bus, capsys, write):
    assert run(capsys, write(**BOOK))[0] == 0
    return bus


def export(*words):
    assert main(["directory", "export", *map(str, words)]) == 0


@pytest.mark.parametrize("name", ["名录.xlsx", "名录册"])
def test_a_book_that_was_written_changes_nothing_when_it_is_read_back(entered, capsys, tmp_path, name):
    export(tmp_path / name)

    code, found, _ = run(capsys, str(tmp_path / name))
    assert (code, found["faults"], found["changes"]) == (0, [], [])
    assert found["counts"]["hall"]["unchanged"] == 3


def test_people_and_phones_are_written_only_when_they_are_asked_for(entered, capsys, tmp_path):
    def cells(file):
        book = openpyxl.load_workbook(file)
        return book.sheetnames, {str(cell.value) for sheet in book for row in sheet for cell in row}

    export(tmp_path / "一.xlsx")
    export(tmp_path / "二.xlsx", "--with-people")

    sheets, shown = cells(tmp_path / "一.xlsx")
    assert ("人员" in sheets, "13800000001" in shown, "赵代表" in shown) == (False, False, True)
    sheets, shown = cells(tmp_path / "二.xlsx")
    assert ("人员" in sheets, "13800000001" in shown) == (True, True)
    assert run(capsys, str(tmp_path / "二.xlsx"))[1]["changes"] == []


def test_what_was_made_for_exercises_stands_in_a_book_of_its_own(entered, tmp_path):
    hall = {"unit": "110105017004", "kind": "community", "address": "一号楼", "opening_hours": "全天", "contact": "010"}
    tell(entered.engine, an_entry(HallPart, "X1", name="演练议事厅", origin=Origin.EXERCISE, **hall))

    export(tmp_path / "实.csv", "--kind", "议事厅")
    export(tmp_path / "演.csv", "--kind", "hall", "--exercise")

    names = []
    for file in ("实.csv", "演.csv"):
        with (tmp_path / file).open(encoding="utf-8-sig") as lines:
            names.append([row["名称"] for row in csv.DictReader(lines)])
    assert names == [["312号楼院议事厅", "云上议事厅", "第三社区议事厅"], ["演练议事厅"]]


def test_as_of_a_day_what_held_then_is_written(entered, tmp_path):
    export(tmp_path / "早.csv", "--kind", "机构", "--at", "2025-06-30")

    with (tmp_path / "早.csv").open(encoding="utf-8-sig") as lines:
        assert [row["名称"] for row in csv.DictReader(lines)] == ["安居物业", "社区居委会"]


def test_a_template_has_every_sheet_and_column_and_nothing_to_import(bus, capsys, tmp_path):
    export(tmp_path / "模板.xlsx", "--empty")

    book = openpyxl.load_workbook(tmp_path / "模板.xlsx")
    assert [sheet.title for sheet in book] == [sheet.title for sheet in SHEETS]
    assert {cell.value for cell in book["议事厅"][2]} == {column.title for column in BY_KIND["hall"].columns}
    assert main(["directory", "import", str(tmp_path / "模板.xlsx")]) == 1
    assert "has no rows below its headers" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["名录.csv"], "A CSV file has one kind"),
        (["名录.ods"], "must end in .xlsx or .csv"),
        (["名录.xlsx", "--kind", "城堡"], "is no kind; there are 单位、场所"),
        (["名录.xlsx", "--at", "昨天"], "right is a day like 2026-03-01"),
    ],
)
def test_what_can_not_be_written_is_told(entered, capsys, tmp_path, words, says):
    assert main(["directory", "export", str(tmp_path / words[0]), *words[1:], "--json"]) == 2
    assert says in json.loads(capsys.readouterr().out)["error"]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # what stands in a book is tried on both above
def test_libreoffice_opens_the_book_with_days_as_days_and_codes_whole(entered, tmp_path):
    soffice()
    export(tmp_path / "名录.xlsx")

    assert openpyxl.load_workbook(tmp_path / "名录.xlsx")["议事代表"].freeze_panes == "B3"
    read = convert(tmp_path / "名录.xlsx", "ods")
    book = openpyxl.load_workbook(convert(read, XLSX))
    deputies = book["议事代表"]
    head = [cell.value for cell in deputies[2]]
    first = dict(zip(head, deputies[3], strict=True))
    assert first["有效自"].is_date
    assert first["单位"].value.startswith(f"{COMMUNITY} ")
    assert deputies["A1"].value.startswith("朝阳区议事代表名录  截至 ")
