#!/usr/bin/env bash
# chinesecalendar 1.11.0, holidays 0.109 (both Python) and chinese-days 1.5.7 (Node): "one working day later".
#
# From a working day all three agree. From a rest day they don't: to chinesecalendar the next working day is number 0,
# and number 1 is the one after; holidays and chinese-days call the next working day number 0 and number 1 both.
#
# For whoever counts deadlines: an order dispatched on 1 October with one working day is due on the 8th or on the 9th,
# depending on the library. Tests that start on working days never show it. Two systems that supervise the same order
# must agree on the rule (is the first working day the first, or the one after?), not on the library.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv &&
    venv/bin/pip install -qq chinesecalendar==1.11.0 holidays==0.109 &&
    npm install --loglevel=error --no-audit --no-fund --prefix . chinese-days@1.5.7 >/dev/null ||
    { echo "Could not install the packages." >&2; exit 2; }

cat > days.py <<'PYTHON'
from datetime import date
import chinese_calendar, holidays

china = holidays.country_holidays("CN")
for start in (date(2026, 9, 30), date(2026, 10, 1)):
    for n in (0, 1, 2):
        print("chinesecalendar", start, f"+{n}", chinese_calendar.find_workday(n, start))
        print("holidays       ", start, f"+{n}", china.get_nth_working_day(start, n))
PYTHON
cat > days.js <<'NODE'
const { findWorkday } = require("chinese-days");
for (const start of ["2026-09-30", "2026-10-01"])
  for (const n of [0, 1, 2]) console.log("chinese-days   ", start, `+${n}`, findWorkday(n, start));
NODE

seen=$(venv/bin/python days.py && node days.js) || true
expected='chinesecalendar 2026-09-30 +0 2026-09-30
holidays        2026-09-30 +0 2026-09-30
chinesecalendar 2026-09-30 +1 2026-10-08
holidays        2026-09-30 +1 2026-10-08
chinesecalendar 2026-09-30 +2 2026-10-09
holidays        2026-09-30 +2 2026-10-09
chinesecalendar 2026-10-01 +0 2026-10-08
holidays        2026-10-01 +0 2026-10-08
chinesecalendar 2026-10-01 +1 2026-10-09
holidays        2026-10-01 +1 2026-10-08
chinesecalendar 2026-10-01 +2 2026-10-10
holidays        2026-10-01 +2 2026-10-09
chinese-days    2026-09-30 +0 2026-09-30
chinese-days    2026-09-30 +1 2026-10-08
chinese-days    2026-09-30 +2 2026-10-09
chinese-days    2026-10-01 +0 2026-10-08
chinese-days    2026-10-01 +1 2026-10-08
chinese-days    2026-10-01 +2 2026-10-09'

echo "$seen"
[ "$seen" = "$expected" ] && echo "Still as described." && exit 0
printf 'This has changed. It used to be:\n%s\n' "$expected"
exit 1
