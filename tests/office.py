"""Workbooks made by LibreOffice itself: what is typed into its cells becomes days, times and numbers as for a clerk."""

import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

PROGRAMS = ("soffice", "libreoffice")
XLSX = "xlsx:Calc MS Excel 2007 XML"
SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style")
)
SPACES += ' xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"'
DASH = "<number:text>-</number:text>"
LONG = 'number:style="long"'
DAY_STYLE = f"<number:year {LONG}/>{DASH}<number:month {LONG}/>{DASH}<number:day {LONG}/>"
TIME_STYLE = f"<number:hours {LONG}/><number:text>:</number:text><number:minutes {LONG}/>"
STYLES = (
    "<office:automatic-styles>"
    f'<number:date-style style:name="N1">{DAY_STYLE}</number:date-style>'
    f'<number:time-style style:name="N2">{TIME_STYLE}</number:time-style>'
    '<style:style style:name="day" style:family="table-cell" style:data-style-name="N1"/>'
    '<style:style style:name="time" style:family="table-cell" style:data-style-name="N2"/>'
    "</office:automatic-styles>"
)
DAY, TIME, NUMBER = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"(\d\d):(\d\d)"), re.compile(r"\d{1,15}(\.\d+)?")


def soffice() -> str:
    """The program. Skips the test where it is missing."""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    return found or pytest.skip("LibreOffice is not here")  # type: ignore[return-value]


def workbook(file: Path, sheets: Mapping[str, Sequence[Sequence[str]]]) -> Path:
    """An XLSX that LibreOffice wrote, with these sheets."""
    typed = file.with_suffix(".fods")
    tables = "".join(_table(name, rows) for name, rows in sheets.items())
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    kind = 'office:mimetype="application/vnd.oasis.opendocument.spreadsheet" office:version="1.3"'
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    typed.write_text(f"{head}<office:document {SPACES} {kind}>{STYLES}{body}</office:document>", encoding="utf-8")
    return convert(typed, XLSX)


def convert(file: Path, wanted: str) -> Path:
    """The same in another format, beside it."""
    profile = f"-env:UserInstallation=file://{file.parent}/office-profile"
    words = [soffice(), "--headless", profile, "--convert-to", wanted, "--outdir", str(file.parent), str(file)]
    subprocess.run(words, check=True, capture_output=True, timeout=110)
    return file.with_suffix("." + wanted.partition(":")[0])


def _table(name: str, rows: Sequence[Sequence[str]]) -> str:
    inside = "".join(f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in rows)
    return f'<table:table table:name="{name}">{inside}</table:table>'


def _cell(text: str) -> str:
    shown = f"<text:p>{escape(text)}</text:p>"
    if DAY.fullmatch(text):
        kind = f'table:style-name="day" office:value-type="date" office:date-value="{text}"'
    elif found := TIME.fullmatch(text):
        kind = f'table:style-name="time" office:value-type="time" office:time-value="PT{found[1]}H{found[2]}M00S"'
    elif NUMBER.fullmatch(text):
        kind = f'office:value-type="float" office:value="{text}"'
    else:
        kind = 'office:value-type="string"'
    return f"<table:table-cell {kind}>{shown}</table:table-cell>" if text else "<table:table-cell/>"
