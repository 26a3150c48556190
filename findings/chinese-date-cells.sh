#!/usr/bin/env bash
# openpyxl 3.1.5 and python-calamine 0.9.1: date cells of a Chinese spreadsheet.
#
# A workbook may give a cell one of the built-in number formats of East Asian spreadsheets, 27 to 36 and 50 to 58, which
# stand in no file (31 is 2026年11月27日, 58 is 11月27日). openpyxl knows no such format, so the cell is a number, 46353,
# and `is_date` is false. python-calamine reads the same cells of the same file as dates.
#
# For whoever imports orders from an office's exports: the column that shows dates on the screen arrives as five-digit
# numbers, of some rows or of all, depending on who formatted them. Refuse them by name, or read them as days since
# 1899-12-30 where a date is expected; pandas gives one or the other, depending on the engine.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv &&
    venv/bin/pip install -qq openpyxl==3.1.5 python-calamine==0.9.1 ||
    { echo "Could not install the packages." >&2; exit 2; }

cat > cells.py <<'PYTHON'
import zipfile
from datetime import date
import openpyxl, python_calamine

book = openpyxl.Workbook()
book.active["A1"] = date(2026, 11, 27)
book.active["A1"].number_format = "mm-dd-yy"  # built-in format 14
book.save("western.xlsx")
for number_format in (14, 27, 31, 36, 50, 57, 58):
    with zipfile.ZipFile("western.xlsx") as source, zipfile.ZipFile("chinese.xlsx", "w") as target:
        for name in source.namelist():
            styled = f'numFmtId="{number_format}"'.encode()
            target.writestr(name, source.read(name).replace(b'numFmtId="14"', styled))
    cell = openpyxl.load_workbook("chinese.xlsx").active["A1"]
    other = python_calamine.load_workbook("chinese.xlsx").get_sheet_by_index(0).to_python()[0][0]
    print(f"format {number_format}: openpyxl {cell.value} (date: {cell.is_date}), calamine {other}")
PYTHON

seen=$(venv/bin/python cells.py) || true
expected='format 14: openpyxl 2026-11-27 00:00:00 (date: True), calamine 2026-11-27
format 27: openpyxl 46353 (date: False), calamine 2026-11-27
format 31: openpyxl 46353 (date: False), calamine 2026-11-27
format 36: openpyxl 46353 (date: False), calamine 2026-11-27
format 50: openpyxl 46353 (date: False), calamine 2026-11-27
format 57: openpyxl 46353 (date: False), calamine 2026-11-27
format 58: openpyxl 46353 (date: False), calamine 2026-11-27'

echo "$seen"
[ "$seen" = "$expected" ] && echo "Still as described." && exit 0
printf 'This has changed. It used to be:\n%s\n' "$expected"
exit 1
