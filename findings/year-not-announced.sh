#!/usr/bin/env bash
# chinesecalendar 1.11.0, holidays 0.109 (both Python) and chinese-days 1.5.7 (Node): a year without a notice yet.
#
# The State Council announces days off and make-up workdays a few weeks before the year begins. Asked about 2027 before
# these releases knew of it, chinesecalendar raises; holidays knows the statutory days, but no make-up workday; and
# chinese-days, without a word, knows nothing but weekdays, so that New Year's Day and National Day are workdays.
# The last two answer as firmly as they do for 2026.
#
# For whoever counts deadlines: a clock that runs into January, started in November, gets an exception, a day that may
# move, or a wrong day. Ask which years a library knows before you believe it, and count again when the notice comes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv &&
    venv/bin/pip install -qq chinesecalendar==1.11.0 holidays==0.109 &&
    npm install --loglevel=error --no-audit --no-fund --prefix . chinese-days@1.5.7 >/dev/null ||
    { echo "Could not install the packages." >&2; exit 2; }

cat > year.py <<'PYTHON'
from datetime import date
import chinese_calendar, holidays

china = holidays.country_holidays("CN", years=(2026, 2027))
for day in (date(2026, 10, 1), date(2027, 1, 1), date(2027, 10, 1)):
    try:
        answer = "works" if chinese_calendar.is_workday(day) else "off"
    except NotImplementedError as error:
        answer = f"raises: {error}"
    print("chinesecalendar", day, answer)
    print("holidays       ", day, "works" if china.is_working_day(day) else "off")
for year in (2026, 2027):
    print("holidays       ", year, sum(day.year == year for day in china.weekend_workdays), "make-up workdays")
PYTHON
cat > year.js <<'NODE'
const { isWorkday } = require("chinese-days");
for (const day of ["2026-10-01", "2027-01-01", "2027-10-01"])
  console.log("chinese-days   ", day, isWorkday(day) ? "works" : "off");
NODE

seen=$(venv/bin/python year.py && node year.js) || true
expected='chinesecalendar 2026-10-01 off
holidays        2026-10-01 off
chinesecalendar 2027-01-01 raises: no available data for year 2027, only year between [2004, 2026] supported
holidays        2027-01-01 off
chinesecalendar 2027-10-01 raises: no available data for year 2027, only year between [2004, 2026] supported
holidays        2027-10-01 off
holidays        2026 6 make-up workdays
holidays        2027 0 make-up workdays
chinese-days    2026-10-01 off
chinese-days    2027-01-01 works
chinese-days    2027-10-01 works'

echo "$seen"
[ "$seen" = "$expected" ] && echo "Still as described." && exit 0
printf 'This has changed. It used to be:\n%s\n' "$expected"
exit 1
