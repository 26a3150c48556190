"""A book by call: checked, entered whole or not at all, by whose unit it is; and taken away as a workbook."""

import base64
import io
import re
import zipfile

import openpyxl
import pytest

from services.directory.domain.errors import BookHasFaults, ChangedSince, UnreadableBook
from services.gateway.words.book_faults import in_chinese
from shared.auth import Role
from shared.contracts.directory import HallsChangedV1
from shared.errors import NotAllowed
from tests.directory.builders import COMMUNITY, DISTRICT, OTHER, STREET, book_of, entering, hall, in_base64
from tests.directory.clerk import BOOK, with_three_mistakes
from tests.harness import Bus

CATEGORIES = {"property": "物业管理", "parking": "停车"}


def workbook(sheets) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(file)
    return file.getvalue()


def a_book(content: str | bytes, name="议事厅.csv"):
    return {"name": name, "content": in_base64(content), "categories": CATEGORIES}


def check(bus: Bus, book, unit=COMMUNITY, role=Role.CLERK):
    return bus.ask("check_book", book, role, unit)


def enter(bus: Bus, book, unit=COMMUNITY, **other):
    asked = book | {"plan_sha256": check(bus, book, unit)["plan_sha256"], "why": "换届", "idempotency_key": "k"}
    return bus.ask("import_book", asked | other, Role.CLERK, unit)


def test_a_book_with_mistakes_is_told_row_by_row_and_nothing_is_entered(bus):
    book = a_book(workbook(with_three_mistakes()), "名录.xlsx")
    faults = [(one["sheet"], one["row"], one["column"]) for one in check(bus, book)["faults"]]

    assert faults == [("议事厅", 3, "开放时间"), ("议事代表", 7, "类别"), ("值班", 3, "岗位")]
    with pytest.raises(BookHasFaults):
        enter(bus, book)
    assert bus.told(HallsChangedV1) == []


def test_the_mended_book_is_entered_whole_and_the_same_again_changes_nothing(bus):
    book = a_book(workbook(BOOK), "名录.xlsx")
    shown = check(bus, book)
    counts = enter(bus, book)["counts"]

    assert (shown["faults"], shown["counts"]) == ([], counts)
    assert counts["hall"] == {"entered": 3, "changed": 0, "ended": 0, "unchanged": 0}
    assert {one.name for told in bus.told(HallsChangedV1) for one in told.entries} == {
        row[0] for row in BOOK["议事厅"][1:]
    }
    assert check(bus, book)["changes"] == []


def test_what_changes_is_shown_from_what_to_what(bus):
    enter(bus, a_book(book_of(hall())))
    (change,) = check(bus, a_book(book_of(hall(address="劲松三区313号楼"))))["changes"]

    assert (change["fate"], change["name"]) == ("changed", "第三社区议事厅")
    assert change["facts"] == [{"title": "地址", "before": "劲松三区312号楼", "after": "劲松三区313号楼"}]


@pytest.mark.parametrize("unit", [OTHER, f"{COMMUNITY}001"], ids=["another street", "a grid inside"])
def test_nobody_enters_what_is_not_in_their_unit(bus, unit):
    book = a_book(book_of(hall()))
    (fault,) = check(bus, book, unit)["faults"]

    assert (fault["row"], fault["column"], fault["wrong"]) == (
        2,
        "单位",
        f"lies in {COMMUNITY}, which is not yours to change",
    )
    with pytest.raises(NotAllowed):
        enter(bus, book, unit)


def test_a_community_is_proposed_and_comes_by_no_book_but_the_districts(bus):
    book = a_book(f"代码,名称,类型,上级单位\n{STREET}099,新社区,社区,{STREET}", "单位.csv")

    assert [one["right"] for one in check(bus, book, STREET)["faults"]] == ["a proposal of its own"]
    assert enter(bus, book, DISTRICT)["counts"]["unit"]["entered"] == 1


def test_nobody_gives_themselves_a_post_by_a_book(bus):
    staff = [BOOK["工作人员"][0], ["沈主任", "社区居委会", COMMUNITY, "主任", "clerk-1", "负责人", ""]]
    book = a_book(workbook({"机构": BOOK["机构"], "场所": BOOK["场所"], "工作人员": staff}), "名录.xlsx")

    assert "is a post of your own" in [one["wrong"] for one in check(bus, book)["faults"]]


def test_who_was_shown_something_else_is_asked_to_check_again(bus):
    book = a_book(book_of(hall()))
    seen = check(bus, book)["plan_sha256"]
    enter(bus, a_book(book_of(hall(address="别处"))))

    with pytest.raises(ChangedSince):
        enter(bus, book, plan_sha256=seen, idempotency_key="k2")


def test_what_others_changed_elsewhere_meanwhile_does_no_harm(bus):
    book = a_book(book_of(hall()))
    seen = check(bus, book)["plan_sha256"]
    bus.ask("propose_entry", entering("hall", "H9", hall(name="别的议事厅")), Role.CLERK, COMMUNITY)

    assert enter(bus, book, plan_sha256=seen)["counts"]["hall"]["entered"] == 1


def test_phones_of_people_are_not_shown_with_what_changes(bus):
    people = {"人员": [["姓名", "单位", "手机"], ["赵代表", COMMUNITY, "13800000001"]]}
    enter(bus, a_book(workbook(people), "人员.xlsx"))
    people["人员"][1][2] = "13900000009"
    shown = check(bus, a_book(workbook(people), "人员.xlsx"))

    assert [one["facts"] for one in shown["changes"]] == [[{"title": "手机", "before": "", "after": ""}]]


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", b"<x>" + b" " * 40_000_000)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("名录.pdf", "x"),
        ("名录.xlsx", "no workbook"),
        ("名录.xlsx", bomb()),
        ("议事厅.csv", "名称,单位,地址,开放时间,联系方式,类型"),
        ("议事厅.csv", book_of(*(hall(name=f"议事厅{n}") for n in range(2001)))),
        ("/../议事厅", book_of(hall())),
        ("厅" * 190 + ".csv", book_of(hall())),
    ],
    ids=["no book", "no workbook", "a bomb", "no rows", "too many rows", "no kind", "a long name"],
)
def test_what_can_not_be_read_is_refused_with_what_would_be_right(bus, name, content):
    with pytest.raises(UnreadableBook) as refused:
        check(bus, a_book(content, name))

    assert refused.value.fields["content"]


def test_what_is_not_base64_is_refused(bus):
    with pytest.raises(UnreadableBook):
        check(bus, a_book("x") | {"content": "议事厅名录"})


def exported(bus: Bus, unit, **asked):
    told = bus.ask("export_book", {"categories": CATEGORIES} | asked, Role.CLERK, unit)
    return openpyxl.load_workbook(io.BytesIO(base64.b64decode(told["content"])))


def test_a_unit_takes_its_own_book_away_and_reads_it_back_unchanged(bus):
    enter(bus, a_book(workbook(BOOK), "名录.xlsx"))
    told = bus.ask("export_book", {"categories": CATEGORIES}, Role.CLERK, COMMUNITY)
    book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(told["content"])))
    again = {"name": told["name"], "content": told["content"], "categories": CATEGORIES}

    assert {"单位", "议事厅", "岗位", "值班"} <= set(book.sheetnames)
    assert not {"人员", "居民"} & set(book.sheetnames)
    assert check(bus, again)["changes"] == []
    assert "议事厅" not in exported(bus, OTHER).sheetnames


def test_a_template_has_every_sheet_and_no_rows(bus):
    book = exported(bus, COMMUNITY, is_template=True)

    assert len(book.sheetnames) == 13
    assert book["议事厅"].max_row == 2


def broken_books():
    """Mistakes of many kinds, as clerks make them."""
    halls, deputies, shifts = ([list(row) for row in BOOK[name]] for name in ("议事厅", "议事代表", "值班"))
    halls[1][1:3] = ["没有的社区", "会议室"]
    halls[2][4], halls[3][4] = "周五至周一 09:00-08:00", "周八 09:00-10:00"
    halls.append(["", COMMUNITY, "社区", "", "全天", "", "很多"])
    deputies[0:1] = []
    deputies[0].append("备用")
    deputies[1][4], deputies[2][4], deputies[3][5] = "去年", "2029-01-01", "2026-13-01"
    shifts[1][2:4] = ["周一到底", "8点半"]
    yield {**BOOK, "议事厅": halls, "议事代表": deputies, "值班": shifts, "随便": [["甲", "乙"], ["1", "2"]]}
    yield {"议事厅": [["名称", "单位"], ["甲", COMMUNITY]], "岗位": [["甲"], ["1"]]}
    yield {
        "单位": [["代码", "名称", "类型", "人口"], ["12", "甲", "社区", "多"], [f"{STREET}098", "乙", "街道", "1"]],
        "机构": [["名称", "类型", "单位"], ["甲", "小店", COMMUNITY]],
        "合同": [["机构", "场所"], ["没有的", "没有的"]],
        "工作人员": [["姓名", "机构", "单位", "登录名", "角色"], ["甲", "甲", COMMUNITY, "LI Na", "书记"]],
        "职责清单": [["诉求类别", "层级", "主协办", "机构", "次序"], ["停车", "社区", "主办", "没有的", "一"]],
    }


def test_every_fault_of_broken_books_can_be_told_in_chinese(bus):
    faults = [fault for book in broken_books() for fault in check(bus, a_book(workbook(book), "名录.xlsx"))["faults"]]
    told = [in_chinese(fault[name]) for fault in faults for name in ("wrong", "right")]

    assert len(faults) > 20
    assert [words for words in told if re.search("[a-z]{3}", words)] == []


@pytest.mark.parametrize(("kind", "count"), [("shift", 3), ("contract", 1)])
def test_what_names_no_unit_is_listed_where_it_belongs(bus, kind, count):
    enter(bus, a_book(workbook(BOOK), "名录.xlsx"))

    def listed(unit):
        return bus.ask("list_entries", {"kind": kind, "unit_code": unit}, Role.CLERK, unit)["entries"]

    assert [len(listed(unit)) for unit in (COMMUNITY, STREET, OTHER)] == [count, count, 0]
