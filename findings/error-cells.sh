#!/usr/bin/env bash
# python-calamine 0.9.1, openpyxl 3.1.5: cells of a workbook that hold an error, as exports with formulas have them.
#
# A look-up that found nothing leaves #N/A in its cell. openpyxl gives it as the text #N/A, calamine as an empty text: who
# reads order numbers or places can't tell "the formula failed" from "nothing was entered". Of the errors that Excel has
# had since 2018, such as #SPILL! and #CALC!, calamine refuses the whole sheet, also its other rows; openpyxl gives the text.
#
# For whoever imports office exports: an empty cell may have been an error, and one new error hides a whole sheet. Look into
# the sheet's XML, or ask a second reader, before you say that a row is complete or a file can't be read.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv && venv/bin/pip install -qq python-calamine==0.9.1 openpyxl==3.1.5 ||
    { echo "Could not install the packages." >&2; exit 2; }

cat > cells.py <<'PYTHON'
from openpyxl import Workbook, load_workbook
from python_calamine import CalamineWorkbook

def written(error):
    book = Workbook()
    sheet = book.active
    sheet.append(["order", "place"])
    sheet.append(["A1", "x"])
    sheet["B2"].value, sheet["B2"].data_type = error, "e"
    sheet.append(["A2", "Balizhuang"])
    book.save("cells.xlsx")

for error in ("#N/A", "#DIV/0!", "#SPILL!", "#CALC!"):
    written(error)
    print("openpyxl:", [[cell.value for cell in row] for row in load_workbook("cells.xlsx").active.iter_rows()][1:])
    try:
        print("calamine:", CalamineWorkbook.from_path("cells.xlsx").get_sheet_by_index(0).to_python()[1:])
    except Exception as refusal:
        print("calamine:", type(refusal).__name__)
PYTHON

seen=$(venv/bin/python -W ignore cells.py) || true
expected="openpyxl: [['A1', '#N/A'], ['A2', 'Balizhuang']]
calamine: [['A1', ''], ['A2', 'Balizhuang']]
openpyxl: [['A1', '#DIV/0!'], ['A2', 'Balizhuang']]
calamine: [['A1', ''], ['A2', 'Balizhuang']]
openpyxl: [['A1', '#SPILL!'], ['A2', 'Balizhuang']]
calamine: CalamineError
openpyxl: [['A1', '#CALC!'], ['A2', 'Balizhuang']]
calamine: CalamineError"

echo "$seen"
[ "$seen" = "$expected" ] && echo "Still as described." && exit 0
printf 'This has changed. It used to be:\n%s\n' "$expected"
exit 1
