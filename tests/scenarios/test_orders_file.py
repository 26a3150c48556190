"""Orders from a file, whatever its shape."""

import json

import click
import openpyxl
import pytest

from services.cli.demo.arrivals import read_offsets
from services.cli.demo.orders_file import read_orders
from tests.orders_files import made_orders, shapes_of

HEAD = "order_no,filed_at,title,content,unit_code\n"


def content_of(message):
    return json.loads(message.body)["data"]


def test_a_csv_with_our_own_column_names_needs_no_mapping(tmp_path):
    file = tmp_path / "orders.csv"
    file.write_text(HEAD + "A1,2026-03-02 09:00,噪音,太吵,110105017003\n", encoding="utf-8-sig")
    (message,) = read_orders(file).messages
    assert message.order_no == "A1"
    assert content_of(message)["filed_at"] == "2026-03-02T09:00:00+08:00"
    assert content_of(message)["place"]["unit_codes"] == ["110105017003"]


def test_the_same_row_makes_the_same_message_and_another_row_another(tmp_path):
    file = tmp_path / "orders.csv"
    row = "A1,2026-03-02 09:00,噪音,太吵,\n"
    file.write_text(HEAD + row + row + row.replace("太吵", "很吵"), encoding="utf-8")
    first, second, third = (message.message_id for message in read_orders(file).messages)
    assert first == second != third


def test_a_mapping_names_foreign_columns_and_fixed_values(tmp_path):
    mapping, file = tmp_path / "mapping.toml", tmp_path / "orders.xlsx"
    mapping.write_text(
        '[columns]\norder_no = "工单编号"\nfiled_at = "来电时间"\ntitle = "标题"\ncontent = "问题描述"\n'
        '[values]\nrequest_kind = "help"\n',
        encoding="utf-8",
    )
    book = openpyxl.Workbook()
    book.active.append(["工单编号", "来电时间", "标题", "问题描述"])
    book.active.append([20260302001, "2026-03-02T09:00:00+08:00", "停水", "三号楼停水"])
    book.save(file)
    (message,) = read_orders(file, mapping).messages
    assert message.order_no == "20260302001"
    assert content_of(message)["request_kind"] == "help"


def test_rows_without_a_number_or_a_time_are_told_by_their_row(tmp_path):
    file = tmp_path / "orders.jsonl"
    rows = [
        {"order_no": "A1", "filed_at": "2026-03-02", "title": "t", "content": "c"},
        {"order_no": "", "filed_at": "2026-03-02", "title": "t", "content": "c"},
        {"order_no": "A3", "filed_at": "yesterday", "title": "t", "content": "c"},
    ]
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    orders = read_orders(file)
    assert len(orders.messages) == 1
    assert [(fault.row, fault.column, fault.value) for fault in orders.faults] == [
        (2, "order_no", ""),
        (3, "filed_at", "yesterday"),
    ]
    assert "there is no order_no" in orders.faults[0].wrong


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("orders.csv", "number,text\n1,2\n", "no column order_no"),
        ("orders.doc", "", "must end in"),
        ("orders.txt", "", "is empty"),
        ("orders.jsonl", "{nonsense", "line 1 is no JSON"),
        ("orders.xlsx", "no workbook", "is no XLSX file"),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(tmp_path, name, text, says):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    with pytest.raises(click.UsageError, match=says):
        read_orders(file)


def test_a_mapping_of_a_field_that_we_do_not_know_is_refused(tmp_path):
    mapping = tmp_path / "mapping.toml"
    mapping.write_text('[columns]\nnumber = "工单编号"\n', encoding="utf-8")
    with pytest.raises(click.BadParameter, match="number"):
        read_orders(tmp_path / "orders.csv", mapping)


def test_arrivals_keep_their_gaps_within_the_seconds_they_are_given(tmp_path):
    file = tmp_path / "arrivals.csv"
    file.write_text("created_at\n07/20/2020 10:00:00 AM\n07/20/2020 10:01:00 AM\n07/20/2020 10:10:00 AM\n")
    assert read_offsets(file, 3, 10.0) == [0.0, 1.0, 10.0]
    assert len(read_offsets(file, 7, 10.0)) == 7
    assert max(read_offsets(file, 7, 10.0)) <= 10.0


def test_the_same_orders_are_the_same_messages_whatever_file_they_stand_in(tmp_path):
    shapes = shapes_of(made_orders(20), tmp_path)
    bodies = {file.name: [message.body for message in read_orders(file).messages] for file in shapes}
    assert len(bodies["orders.jsonl"]) == 20
    assert bodies["orders.csv"] == bodies["orders.xlsx"] == bodies["orders.jsonl"]


def test_everything_that_is_wrong_in_a_row_is_told_with_the_name_of_the_column_in_the_file(tmp_path):
    mapping, file = tmp_path / "mapping.toml", tmp_path / "orders.csv"
    mapping.write_text('[columns]\norder_no = "工单编号"\nfiled_at = "来电时间"\n', encoding="utf-8")
    file.write_text("工单编号,来电时间,title,content\n#N/A,03/02/2026,t,c\nA2,2026/3/2 9:12,t,c\n", encoding="gbk")
    orders = read_orders(file, mapping)
    assert [(fault.row, fault.column, fault.value) for fault in orders.faults] == [
        (2, "工单编号", "#N/A"),
        (2, "来电时间", "03/02/2026"),
    ]
    assert (orders.unreadable, len(orders.messages), orders.read_as) == (1, 1, "GB18030, comma")


def test_a_mapping_says_in_which_zone_and_order_times_are_written(tmp_path):
    mapping, file = tmp_path / "mapping.toml", tmp_path / "orders.csv"
    mapping.write_text('[times]\nzone = "America/New_York"\norder = "month_first"\n', encoding="utf-8")
    file.write_text("order_no,filed_at,title,content\nA1,07/02/2020 10:51,t,c\n", encoding="utf-8")
    (message,) = read_orders(file, mapping).messages
    assert content_of(message)["filed_at"] == "2020-07-02T22:51:00+08:00"


@pytest.mark.parametrize(
    ("says", "named"),
    [
        ('[times]\nzone = "Peking"\n', "Peking"),
        ("[times]\nzone = 8\n", "zone 8"),
        ('[times]\norder = "day"\n', "day_first"),
        ("[columns]\norder_no = 1\n", "in quotes"),
        ("[column]\n", r"\[columns\], \[values\] and \[times\]"),
    ],
)
def test_a_mapping_that_can_not_be_meant_is_refused_with_what_would_be_right(tmp_path, says, named):
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(says, encoding="utf-8")
    with pytest.raises(click.BadParameter, match=named):
        read_orders(tmp_path / "orders.csv", mapping)


@pytest.mark.parametrize("nobody", ["NULL", "NaN", "null", "None", "", " "])
def test_what_programs_write_for_nobody_is_no_caller(tmp_path, nobody):
    file = tmp_path / "orders.csv"
    file.write_text(f"order_no,filed_at,title,content,caller_ref\nA1,2026-03-02,t,c,{nobody}\n", encoding="utf-8")
    (message,) = read_orders(file).messages
    assert content_of(message)["caller"] == {"ref": "", "name": "", "phone": ""}


def test_a_value_of_the_mapping_stands_for_a_column_that_is_not_there(tmp_path):
    mapping, file = tmp_path / "mapping.toml", tmp_path / "orders.csv"
    mapping.write_text('[values]\ntitle = "来信"\n', encoding="utf-8")
    file.write_text("order_no,filed_at,content\nA1,2026-03-02,c\n", encoding="utf-8")
    (message,) = read_orders(file, mapping).messages
    assert content_of(message)["title"] == "来信"


def test_an_order_number_that_no_message_can_carry_is_a_fault(tmp_path):
    file = tmp_path / "orders.csv"
    file.write_text(f"order_no,filed_at,title,content\n{'编' * 65},2026-03-02,t,c\n", encoding="utf-8")
    assert read_orders(file).faults[0].right == "at most 64"


@pytest.mark.parametrize("name", ["orders.csv", "orders.jsonl", "orders.xlsx"])
def test_a_header_without_rows_is_found_wrong_and_not_reconciled(tmp_path, name):
    file = next(one for one in shapes_of([], tmp_path) if one.name == name)
    with pytest.raises(click.ClickException) as refused:
        read_orders(file)
    assert refused.value.exit_code == (2 if name == "orders.jsonl" else 1)
