"""Orders from a file, whatever its shape."""

import json

import click
import openpyxl
import pytest

from services.cli.demo.arrivals import read_offsets
from services.cli.demo.orders_file import read_orders

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
    assert orders.faults[2] == "there is no order_no"
    assert "yesterday" in orders.faults[3]


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("orders.csv", "number,text\n1,2\n", "no column order_no"),
        ("orders.txt", "", "must end in"),
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
