"""Reads work orders from a file (CSV, XLSX, JSONL) and makes hotline events of them.

Columns are found by their names (`order_no`, `filed_at`, `title`, `content`, …) or through a mapping in TOML:

    [columns]
    order_no = "工单编号"
    title = "标题"
    [values]
    request_kind = "complaint"
"""

import csv
import json
import tomllib
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from shared.clock import SHANGHAI

NAMESPACE = uuid.UUID("5f7a0b5c-1c57-5f0e-9a53-5b8a5b2a9d11")
NEEDED = ("order_no", "filed_at", "title", "content")
PLAIN = ("category", "sla_class", "dispatch_kind", "disposition", "respondent", "channel", "request_kind")
KNOWN = (*NEEDED, *PLAIN, "caller_ref", "caller_name", "caller_phone", "address", "unit_code", "dispatched_at")
NOT_MAPPABLE = "not_mappable"


@dataclass(frozen=True)
class OrderMessage:
    """A row as the hotline would send it. The same row always makes the same message."""

    order_no: str
    message_id: str
    body: bytes


@dataclass
class OrdersFile:
    """The messages of a file, and rows that are none: by row number, what was wrong with them."""

    messages: list[OrderMessage] = field(default_factory=list)
    faults: dict[int, str] = field(default_factory=dict)


def read_orders(file: Path, mapping_file: Path | None = None) -> OrdersFile:
    """Raises a usage error that names the column or line that is wrong with the whole file."""
    columns, values = read_mapping(mapping_file)
    result = OrdersFile()
    for number, row in enumerate(rows_of(file), start=1):
        if number == 1:
            check_columns(file, row, columns)
        try:
            result.messages.append(message_from(row, columns, values))
        except ValueError as fault:
            result.faults[number] = str(fault)
    return result


def read_mapping(file: Path | None) -> tuple[dict[str, str], dict[str, Any]]:
    if file is None:
        return {name: name for name in KNOWN}, {}
    try:
        read = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise click.BadParameter(f"{file} can't be read: {fault}", param_hint="--mapping") from None
    columns, values = read.get("columns", {}), read.get("values", {})
    unknown = sorted({*columns, *values} - set(KNOWN))
    if unknown or not isinstance(columns, dict):
        raise click.BadParameter(
            f"{file} names {', '.join(unknown)}; known are: {', '.join(KNOWN)}.", param_hint="--mapping"
        )
    return {name: name for name in KNOWN} | columns, values


def check_columns(file: Path, row: Mapping[str, Any], columns: Mapping[str, str]) -> None:
    missing = [columns[name] for name in NEEDED if columns[name] not in row]
    if missing:
        raise click.UsageError(
            f"{file} has no column {' or '.join(missing)}; it has: {', '.join(map(str, row))}.\n"
            "Say in a mapping which column is which: --mapping mapping.toml (see --help)."
        )


def rows_of(file: Path) -> Iterator[Mapping[str, Any]]:
    readers = {".csv": csv_rows, ".xlsx": xlsx_rows, ".jsonl": jsonl_rows}
    reader = readers.get(file.suffix.lower())
    if reader is None:
        raise click.UsageError(f"{file} must end in {', '.join(readers)}.")
    try:
        yield from reader(file)
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise click.UsageError(f"{file} can't be read: {fault}") from None


def csv_rows(file: Path) -> Iterator[Mapping[str, Any]]:
    csv.field_size_limit(10_000_000)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines)


def jsonl_rows(file: Path) -> Iterator[Mapping[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield json_object(file, number, line)


def json_object(file: Path, number: int, line: str) -> Mapping[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as fault:
        raise click.UsageError(f"{file}, line {number} is no JSON: {fault}") from None
    if not isinstance(row, dict):
        raise click.UsageError(f"{file}, line {number} must be a JSON object.")
    return row


def xlsx_rows(file: Path) -> Iterator[Mapping[str, Any]]:
    """The first sheet; its first row names the columns."""
    import zipfile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        sheet = load_workbook(file, read_only=True, data_only=True).worksheets[0]
    except (InvalidFileException, zipfile.BadZipFile, KeyError) as fault:
        raise click.UsageError(f"{file} is no XLSX file: {fault}") from None
    lines = sheet.iter_rows(values_only=True)
    head = [str(cell) for cell in next(lines, ())]
    for line in lines:
        if any(cell is not None for cell in line):
            yield dict(zip(head, line, strict=False))


def message_from(row: Mapping[str, Any], columns: Mapping[str, str], values: Mapping[str, Any]) -> OrderMessage:
    """Raises ValueError where a row does not even have a number and a time; the rest is for intake to judge."""
    given = {name: row.get(columns[name]) for name in KNOWN}
    cells = {name: values.get(name) if empty(cell) else cell for name, cell in given.items()}
    order_no = text_of(cells["order_no"])
    if not order_no:
        raise ValueError("there is no order_no")
    filed_at = instant_of("filed_at", cells["filed_at"])
    content = {
        "order_no": order_no,
        "filed_at": filed_at.isoformat(),
        "request_kind": text_of(cells["request_kind"]) or "complaint",
        "title": text_of(cells["title"]),
        "content": text_of(cells["content"]),
        "caller": {
            "ref": text_of(cells["caller_ref"]),
            "name": text_of(cells["caller_name"]),
            "phone": text_of(cells["caller_phone"]),
        },
        "place": {"address": text_of(cells["address"]), "unit_codes": codes_of(cells["unit_code"])},
    }
    content |= {name: text_of(cells[name]) for name in PLAIN if name != "request_kind" and not empty(cells[name])}
    if not empty(cells["dispatched_at"]):
        content["dispatched_at"] = instant_of("dispatched_at", cells["dispatched_at"]).isoformat()
    return OrderMessage(order_no, *envelope(order_no, filed_at, content))


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


def empty(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def text_of(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()


def codes_of(cell: Any) -> list[str]:
    """One code, or several with blanks, commas or semicolons between them."""
    return text_of(cell).replace(",", " ").replace(";", " ").replace("、", " ").split()


def instant_of(name: str, cell: Any) -> datetime:
    """A time without an offset is Shanghai's."""
    if isinstance(cell, datetime):
        found = cell
    elif isinstance(cell, date):
        found = datetime(cell.year, cell.month, cell.day, tzinfo=SHANGHAI)
    else:
        try:
            found = datetime.fromisoformat(text_of(cell).replace("/", "-"))
        except ValueError:
            raise ValueError(f"{name} {text_of(cell)!r} is no time like 2026-03-02 09:12:00") from None
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)
