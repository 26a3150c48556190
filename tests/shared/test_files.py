"""A file of any office as one table: encodings, signs between cells, headers, workbooks as they are really written."""

import csv
import io
import json

import openpyxl
import pytest

from shared.files.encoding import decode
from shared.files.faults import BadFile, Fault, write_report
from shared.files.tables import read_table
from tests.workbooks import DATES, HIDDEN, STRICT, in_row, number, text, workbook

NEEDED = ("工单编号", "内容")
CSV = "工单编号,内容,来电人\nA1,路灯不亮,张\nA2,电梯停运,李\n"


def file_of(folder, content, name="orders.csv"):
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def rows_of(file, needed=NEEDED, others=("来电人",)):
    return [dict(row.cells) for row in read_table(file, needed, others).rows]


def wrong_with(file, needed=NEEDED, **how):
    with pytest.raises(BadFile) as refused:
        read_table(file, needed, **how)
    return str(refused.value)


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("gbk", "GB18030"),
        ("gb18030", "GB18030"),
        ("utf-16", "UTF-16"),
    ],
)
def test_the_same_text_comes_out_of_every_encoding_and_the_encoding_is_named(codec, name):
    assert decode(CSV.encode(codec)) == (CSV, name)


def test_utf16_of_the_other_order_is_read_by_its_mark():
    assert decode(b"\xfe\xff" + CSV.encode("utf-16-be")) == (CSV, "UTF-16")


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (CSV.encode()[:40] + CSV.encode()[41:], "is UTF-8, but line 2 is damaged"),
        (CSV.encode("gbk") + b"\n\xff\xff", "neither UTF-8 nor GB18030 in line 5"),
        (CSV.encode("utf-16-le"), "UTF-16 without a byte order mark"),
        (b"\xef\xbb\xbf" + CSV.encode("gbk"), "marked as UTF-8, but is not in line 1"),
    ],
)
def test_bytes_that_are_text_in_no_encoding_are_refused_with_their_line(raw, says):
    with pytest.raises(BadFile, match=says):
        decode(raw)


@pytest.mark.parametrize(("sign", "name"), [(",", "comma"), (";", "semicolon"), ("\t", "tab")])
def test_the_sign_between_cells_is_the_one_that_makes_the_header(tmp_path, sign, name):
    table = read_table(file_of(tmp_path, CSV.replace(",", sign)), NEEDED)
    assert (table.read_as, len(table.rows)) == (f"UTF-8, {name}", 2)


def test_a_unicode_text_of_excel_is_read(tmp_path):
    file = file_of(tmp_path, CSV.replace(",", "\t").encode("utf-16"), "orders.txt")
    assert read_table(file, NEEDED).read_as == "UTF-16, tab"


def test_titles_above_the_header_and_blanks_in_its_names_are_no_harm_and_rows_keep_their_numbers(tmp_path):
    file = file_of(tmp_path, '三月工单,,\n\n"工单\n编号", 内　容 ,来电人\nA1,路灯不亮,张\n,,\nA2,电梯停运,李\n')
    table = read_table(file, NEEDED)
    assert [(row.number, row.cells["工单编号"]) for row in table.rows] == [(4, "A1"), (6, "A2")]
    assert table.faults == []


def test_two_columns_of_one_name_are_refused_where_one_of_them_is_asked_for(tmp_path):
    file = file_of(tmp_path, "工单编号,内容,内容,备注,备注\nA1,一,二,,\n")
    assert "two columns of the name 内容" in wrong_with(file)
    assert [row.cells for row in read_table(file, ["工单编号"]).rows] == [{"工单编号": "A1"}]


def test_a_row_that_is_longer_than_the_header_is_a_fault_and_not_cut_off(tmp_path):
    file = file_of(tmp_path, "工单编号,内容\nA1,灯坏了,没人修\nA2,停水,,\n")
    table = read_table(file, NEEDED)
    assert [row.cells["工单编号"] for row in table.rows] == ["A2"]
    assert [(fault.row, fault.value) for fault in table.faults] == [(2, "没人修")]


def test_a_quote_that_never_ends_is_a_fault_with_the_lines_it_swallowed(tmp_path):
    table = read_table(file_of(tmp_path, '工单编号,内容\nA1,一\nA2,"二\nA3,三\n'), NEEDED)
    assert [row.cells["工单编号"] for row in table.rows] == ["A1"]
    assert [(fault.row, fault.value) for fault in table.faults] == [(3, "lines 3 to 4")]


def test_what_follows_a_row_with_broken_quotes_is_read(tmp_path):
    table = read_table(file_of(tmp_path, '工单编号,内容\nA1,"一"二\nA2,三\n'), NEEDED)
    assert ([row.number for row in table.rows], [fault.row for fault in table.faults]) == ([3], [2])


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"PK\x03\x04", "must end in .xlsx"),
        ("a.csv", "编号,内容\n1,2\n", "has no column 工单编号; it has: 编号, 内容"),
        ("a.doc", "", "must end in"),
        ("a.jsonl", "[1]\n", "line 1 is no JSON object"),
        ("a.jsonl", '{"编号": 1}\n', "has no column 工单编号 or 内容"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600), "old XLS or one with a password"),
        ("a.xlsx", "<html>", "is no XLSX file"),
        ("a.xlsx", workbook(in_row(1, text("A", "工单编号")), sheets_at="other"), "no sheets in it"),
        ("a.xlsx", workbook("")[:-40], "is no XLSX file"),
        ("a.xlsx", workbook(""), "is empty"),
        (
            "a.xlsx",
            workbook(in_row(1, text("A", "甲")), styles="<styleSheet><nope"),
            "is no XLSX file that can be read",
        ),
        ("a.xlsx", workbook(in_row(1, '<c r="A1" t="s"><v>7</v></c>')), "is no XLSX file that can be read"),
        ("a.xlsx", workbook(in_row(1048576, text("XFD", "x"))), "1048576 rows and 16384 columns"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_words(tmp_path, name, content, says):
    assert says in wrong_with(file_of(tmp_path, content, name))


def test_a_broken_line_of_jsonl_is_a_fault_of_that_line_and_a_byte_order_mark_is_none(tmp_path):
    lines = [
        '{"工单编号": "A1", "内容": "一"}',
        "{nonsense",
        '{"工单编号": "A2", "工单编号": "A3"}',
        '{"工单编号": "A4", "内容": NaN}',
    ]
    table = read_table(file_of(tmp_path, ("\n".join(lines)).encode("utf-8-sig"), "a.jsonl"), NEEDED)
    assert [(row.number, row.cells["工单编号"]) for row in table.rows] == [(1, "A1"), (4, "A4")]
    assert [fault.row for fault in table.faults] == [2, 3]
    assert "has 工单编号 twice" in table.faults[1].wrong


def test_a_workbook_is_read_by_its_cells_whatever_its_dimension_record_says(tmp_path):
    head, row = in_row(1, text("A", "工单编号"), text("B", "内容")), in_row(2, text("A", "A1"), text("B", "一"))
    file = file_of(tmp_path, workbook(head + row, dimension="A1"), "a.xlsx")
    assert rows_of(file) == [{"工单编号": "A1", "内容": "一"}]


@pytest.mark.parametrize("number_format", DATES)
def test_a_date_cell_is_a_date_in_every_format_that_shows_one_also_in_strict_workbooks(tmp_path, number_format):
    head, row = (
        in_row(1, text("A", "工单编号"), text("B", "内容")),
        in_row(2, text("A", "A1"), number("B", 46083.5, style=1)),
    )
    for how in ({}, {"family": STRICT}):
        file = file_of(tmp_path, workbook(head + row, number_format=number_format, **how), "a.xlsx")
        assert str(rows_of(file)[0]["内容"]).startswith("2026-03-02")


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ('<c r="A2"><f>20+20</f></c>', "#CALC!"),
        ('<c r="A2" s="0"><f>20+20</f><v/></c>', "#CALC!"),
        ('<c r="A2" t="n"><f t="shared" si="0">B1</f><v></v></c>', "#CALC!"),
        ('<c r="A2" t="str"><f>IF(B1=1,B1,"")</f><v></v></c>', ""),
        ('<c r="A2"><f>20+20</f><v>40</v></c>', 40.0),
    ],
)
def test_a_formula_that_was_never_computed_is_not_read_as_an_empty_cell(tmp_path, cell, read):
    head = in_row(1, text("A", "工单编号"), text("B", "内容"))
    row = in_row(2, cell, text("B", "一"))
    assert rows_of(file_of(tmp_path, workbook(head + row), "a.xlsx")) == [{"工单编号": read, "内容": "一"}]


@pytest.mark.parametrize("merged", [["A1:C1", "A3:A5", "B4:B5"], ["A1:C1", "A3:A5", "B4:B5", "E3:E9", "A8:B12"]])
def test_what_is_merged_over_several_rows_stands_in_each_of_them(tmp_path, merged):
    book = openpyxl.Workbook()
    for row in (["工单汇总"], ["工单编号", "内容"], ["A1", "一"], [None, "二"], [], ["A2", "三"]):
        book.active.append(row)
    for area in merged:
        book.active.merge_cells(area)
    book.save(tmp_path / "a.xlsx")

    read = [(row["工单编号"], row["内容"]) for row in rows_of(tmp_path / "a.xlsx")]
    assert read == [("A1", "一"), ("A1", "二"), ("A1", "二"), ("A2", "三")]


@pytest.mark.parametrize("shown", ["#N/A", "#REF!", "#SPILL!", "#DIV/0!"])
def test_an_error_in_a_cell_is_read_as_excel_shows_it(tmp_path, shown):
    head = in_row(1, text("A", "工单编号"), text("B", "内容"))
    row = in_row(2, f'<c r="A2" s="0" t="e"><f>VLOOKUP()</f><v>{shown}</v></c>', text("B", "一"))
    assert rows_of(file_of(tmp_path, workbook(head + row), "a.xlsx")) == [{"工单编号": shown, "内容": "一"}]


def test_a_hidden_sheet_is_passed_over_and_two_sheets_with_the_columns_must_be_told_apart(tmp_path):
    head = in_row(1, text("A", "工单编号"), text("B", "内容"))
    one, two = (head + in_row(2, text("A", code), text("B", "一")) for code in ("A1", "B1"))
    hidden = file_of(tmp_path, workbook(one, two, states=[HIDDEN, ""]), "hidden.xlsx")
    assert rows_of(hidden)[0]["工单编号"] == "B1"
    both = file_of(tmp_path, workbook(one, two), "both.xlsx")
    assert "has the columns in 表1 and in 表2" in wrong_with(both)
    assert read_table(both, NEEDED, sheet="表2").read_as == "XLSX, sheet 表2"
    assert "has no visible sheet 表3; it has: 表1, 表2" in wrong_with(both, sheet="表3")


def test_styles_that_other_readers_stumble_on_are_no_harm(tmp_path):
    fills = '<fills><fill><patternFill patternType="odd"/></fill></fills>'
    odd = f'{fills}<cellXfs><xf><alignment textRotation="999"/></xf></cellXfs>'
    head, row = (
        in_row(1, text("A", "工单编号"), text("B", "内容")),
        in_row(2, text("A", "A1"), number("B", 1, style=44)),
    )
    file = file_of(tmp_path, workbook(head + row, styles=f"<styleSheet>{odd}</styleSheet>"), "a.xlsx")
    assert rows_of(file) == [{"工单编号": "A1", "内容": 1.0}]


def test_the_report_opens_in_excel_and_runs_no_formula(tmp_path):
    report = tmp_path / "faults.csv"
    write_report(
        report, [Fault(3, "来电时间", "=1+1", "is no time", "a time"), Fault(4, "内容", "a\0b\ud800", "x", "y")]
    )
    raw = report.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(raw.decode("utf-8-sig")))
    assert head == ["row", "column", "value", "what is wrong", "what would be right"]
    assert [row[:3] for row in rows] == [["3", "来电时间", "'=1+1"], ["4", "内容", "a\\0b\\ud800"]]


def test_a_fault_is_one_line_for_people():
    assert str(Fault(3, "内容", "x", "is wrong", "y is right")) == "row 3, 内容: 'x' is wrong; y is right"
    assert json.dumps(str(Fault(3, "", "x", "is wrong", "y"))).startswith('"row 3: ')
