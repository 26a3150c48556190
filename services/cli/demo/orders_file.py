"""Reads work orders from a file (CSV, XLSX, JSONL) and makes hotline events of them.

Columns are found by their names (`order_no`, `filed_at`, `title`, `content`, …) or through a mapping in TOML:

    [columns]
    order_no = "工单编号"
    title = "标题"
    [values]
    request_kind = "complaint"
    [times]
    zone = "America/New_York"
    order = "month_first"
"""

import json
import tomllib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from shared.files.faults import BadFile, Fault
from shared.files.instants import Times
from shared.files.reading import RowReading
from shared.files.tables import Row, read_table

NAMESPACE = uuid.UUID("5f7a0b5c-1c57-5f0e-9a53-5b8a5b2a9d11")
NEEDED = ("order_no", "filed_at", "title", "content")
PLAIN = ("category", "sla_class", "dispatch_kind", "disposition", "respondent", "channel", "request_kind")
KNOWN = (*NEEDED, *PLAIN, "caller_ref", "caller_name", "caller_phone", "address", "unit_code", "dispatched_at")
NOT_MAPPABLE = "not_mappable"
LONGEST_ORDER_NO = 64
ZONE = "a zone such as Asia/Shanghai or America/New_York"
ORDERS = {"month_first": False, "day_first": True}


@dataclass(frozen=True)
class OrderMessage:
    """A row as the hotline would send it. The same order makes the same message, whatever file it stands in."""

    order_no: str
    message_id: str
    body: bytes


@dataclass
class OrdersFile:
    """The messages of a file, how it was read, and what is wrong in rows that are no messages."""

    messages: list[OrderMessage] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    read_as: str = ""

    @property
    def unreadable(self) -> int:
        """Rows, not faults: one row may have several."""
        return len({fault.row for fault in self.faults})


@dataclass(frozen=True)
class OrdersMapping:
    """What a file calls our fields, what stands for those it lacks, and how it writes times."""

    columns: Mapping[str, str] = field(default_factory=lambda: {name: name for name in KNOWN})
    values: Mapping[str, Any] = field(default_factory=dict)
    times: Times = field(default_factory=Times)


def read_orders(file: Path, mapping_file: Path | None = None, sheet: str = "") -> OrdersFile:
    """Raises a usage error that names the column or line that is wrong with the whole file."""
    mapping = read_mapping(mapping_file)
    needed = [mapping.columns[name] for name in NEEDED if name not in mapping.values]
    try:
        table = read_table(file, needed, [column for column in mapping.columns.values() if column not in needed], sheet)
    except BadFile as fault:
        raise click.UsageError(
            f"{file} {fault}.\nSay in a mapping which column is which: --mapping mapping.toml (see --help)."
            if "has no column" in str(fault)
            else f"{file} {fault}."
        ) from None
    if not table.rows and not table.faults:
        raise click.ClickException(f"{file} has a header and no rows: there is nothing to send.")
    result = OrdersFile(faults=table.faults, read_as=table.read_as)
    for row in table.rows:
        add_order(result, row, mapping)
    result.faults.sort(key=lambda fault: fault.row)
    return result


def read_mapping(file: Path | None) -> OrdersMapping:
    if file is None:
        return OrdersMapping()
    try:
        read = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as fault:
        raise click.BadParameter(f"{file} can't be read: {fault}", param_hint="--mapping") from None
    unknown = sorted(set(read) - {"columns", "values", "times"})
    parts = [read.get(name, {}) for name in ("columns", "values", "times")]
    if unknown or not all(isinstance(part, dict) for part in parts):
        raise click.BadParameter(f"{file} must have [columns], [values] and [times] only.", param_hint="--mapping")
    columns, values, times = parts
    unknown = sorted({*columns, *values} - set(KNOWN))
    if unknown:
        raise click.BadParameter(
            f"{file} names {', '.join(unknown)}; known are: {', '.join(KNOWN)}.", param_hint="--mapping"
        )
    if not all(isinstance(name, str) for name in columns.values()):
        raise click.BadParameter(
            f"{file}: each of [columns] must be a column's name, in quotes.", param_hint="--mapping"
        )
    return OrdersMapping({name: name for name in KNOWN} | columns, values, times_of(file, times))


def times_of(file: Path, times: Mapping[str, Any]) -> Times:
    zone, order = times.get("zone", "Asia/Shanghai"), times.get("order")
    if set(times) - {"zone", "order"} or order not in (None, *ORDERS):
        says = f"{file}: [times] may have zone, {ZONE}, and order, {' or '.join(ORDERS)}."
        raise click.BadParameter(says, param_hint="--mapping")
    try:
        return Times(ZoneInfo(zone), None if order is None else ORDERS[order])
    except (KeyError, ValueError, OSError, TypeError, AttributeError):
        raise click.BadParameter(f"{file}: zone {zone!r} is not {ZONE}.", param_hint="--mapping") from None


def add_order(result: OrdersFile, row: Row, mapping: OrdersMapping) -> None:
    """Only what can't be read is a fault here; whether an order is good is for intake to judge."""
    reading = RowReading(row.number, row.cells, mapping.columns, mapping.values, mapping.times)
    order_no, filed_at = reading.code("order_no", needed=True), reading.instant("filed_at", needed=True)
    if len(order_no) > LONGEST_ORDER_NO:
        reading.note("order_no", f"has {len(order_no)} characters", f"at most {LONGEST_ORDER_NO}")
    content = content_from(reading, order_no)
    if reading.faults or filed_at is None:
        result.faults += reading.faults
    else:
        result.messages.append(
            OrderMessage(order_no, *envelope(order_no, filed_at, content | {"filed_at": filed_at.isoformat()}))
        )


def content_from(reading: RowReading, order_no: str) -> dict[str, Any]:
    """Everything but the time at which it was filed."""
    content = {
        "order_no": order_no,
        "request_kind": reading.text("request_kind") or "complaint",
        "title": reading.text("title"),
        "content": reading.text("content"),
        "caller": {
            "ref": reading.code("caller_ref"),
            "name": reading.text("caller_name"),
            "phone": reading.code("caller_phone"),
        },
        "place": {"address": reading.text("address"), "unit_codes": reading.codes("unit_code")},
    }
    others = {name: reading.text(name) for name in PLAIN if name != "request_kind"}
    if dispatched_at := reading.instant("dispatched_at"):
        content["dispatched_at"] = dispatched_at.isoformat()
    return content | {name: found for name, found in others.items() if found}


def envelope(order_no: str, filed_at: datetime, content: dict[str, Any]) -> tuple[str, bytes]:
    data = json.dumps(content, ensure_ascii=False, sort_keys=True)
    message_id = str(uuid.uuid5(NAMESPACE, data))
    wire = {
        "specversion": "1.0",
        "id": message_id,
        "source": "/hotline",
        "type": "complaint_filed.v1",
        "time": filed_at.isoformat(),
        "subject": order_no,
        "datacontenttype": "application/json",
        "data": content,
    }
    return message_id, json.dumps(wire, ensure_ascii=False).encode()
