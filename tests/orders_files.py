"""The same orders in the three shapes in which offices send them: a GBK CSV, an XLSX as WPS writes it, and JSONL."""

import csv
import json
from datetime import datetime

from tests.workbooks import in_row, number, text, workbook

COLUMNS = ("order_no", "filed_at", "title", "content", "caller_ref", "unit_code")
EXCEL_BEGAN = datetime(1899, 12, 30)  # noqa: DTZ001


def made_orders(count):
    return [
        (
            f"S{20260302000 + n}",
            f"2026-03-02T09:{n // 60 % 60:02}:{n % 60:02}",
            f"{n}号楼楼道灯不亮",
            f'三单元的灯坏了，\n第{n}次反映"没人修"',
            f"13800{n % 7:06}",
            "110105017041",
        )
        for n in range(count)
    ]


def shapes_of(orders, folder):
    """The files orders.csv, orders.xlsx and orders.jsonl."""
    files = [folder / f"orders.{kind}" for kind in ("csv", "xlsx", "jsonl")]
    for write, file in zip((write_gbk, write_like_wps, write_jsonl), files, strict=True):
        write(orders, file)
    return files


def write_gbk(orders, file):
    """Times as Excel shows them, and a title above the header."""
    with file.open("w", encoding="gbk", newline="") as lines:
        out = csv.writer(lines)
        out.writerows([["三月工单"], [name.replace("_no", "_no ") for name in COLUMNS]])
        out.writerows([[order[0], as_shown(order[1]), *order[2:]] for order in orders])


def as_shown(written):
    at = datetime.fromisoformat(written)
    return f"{at.year}/{at.month}/{at.day} {at.hour}:{at:%M:%S}"


def write_like_wps(orders, file):
    """A dimension record that says A1, times as date cells, callers as numbers, line breaks escaped."""
    rows = [in_row(1, *(text(column, name) for column, name in zip("ABCDEF", COLUMNS, strict=True)))]
    for row, (order_no, filed_at, title, content, caller, unit) in enumerate(orders, start=2):
        gone = datetime.fromisoformat(filed_at) - EXCEL_BEGAN
        days = f"{gone.total_seconds() / 86400:.12f}"
        told = content.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "_x000D_\n")
        first = (text("A", order_no), number("B", days, style=1), text("C", title), text("D", told))
        callers = number("E", caller) if caller.isdigit() else text("E", caller)
        rows.append(in_row(row, *first, callers, number("F", unit)))
    file.write_bytes(workbook("".join(rows), dimension="A1", number_format="yyyy/m/d\\ h:mm:ss"))


def write_jsonl(orders, file):
    lines = [json.dumps(dict(zip(COLUMNS, order, strict=True)), ensure_ascii=False) for order in orders]
    file.write_text("\n".join(lines), encoding="utf-8-sig")
