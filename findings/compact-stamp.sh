#!/usr/bin/env bash
# marshmallow 4.4.0 and python-dateutil 2.9.0.post0, on Python 3.11 to 3.13: the stamp yyyyMMddHHmmssZ.
#
# Many Chinese systems write times as 20261127203015+0800. marshmallow's AwareDateTime reads that, without an error, as
# 03:01 on that day: Python's own `datetime.fromisoformat` takes the digit after the date for the separator. Without
# the offset it is refused; with a T, or with the format named, it is read rightly. dateutil reads it rightly as it is.
#
# For whoever takes orders from such a system: seventeen hours too early, on the right day, passes every check of
# plausibility, and clocks that start then are wrong. Name the format, or refuse a time without its T.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv &&
    venv/bin/pip install -qq marshmallow==4.4.0 python-dateutil==2.9.0.post0 ||
    { echo "Could not install the packages." >&2; exit 2; }

cat > stamps.py <<'PYTHON'
from dateutil.parser import parse
from marshmallow import ValidationError, fields

for stamp in ("20261127203015+0800", "20261127203015", "20261127T203015+0800"):
    try:
        answer = fields.AwareDateTime().deserialize(stamp)
    except ValidationError as error:
        answer = error.messages[0]
    print(f"{stamp}: marshmallow {answer}, dateutil {parse(stamp)}")
named = fields.AwareDateTime(format="%Y%m%d%H%M%S%z").deserialize("20261127203015+0800")
print(f"with its format named: marshmallow {named}")
PYTHON

seen=$(venv/bin/python stamps.py) || true
expected='20261127203015+0800: marshmallow 2026-11-27 03:01:00+08:00, dateutil 2026-11-27 20:30:15+08:00
20261127203015: marshmallow Not a valid datetime., dateutil 2026-11-27 20:30:15
20261127T203015+0800: marshmallow 2026-11-27 20:30:15+08:00, dateutil 2026-11-27 20:30:15+08:00
with its format named: marshmallow 2026-11-27 20:30:15+08:00'

echo "$seen"
[ "$seen" = "$expected" ] && echo "Still as described." && exit 0
printf 'This has changed. It used to be:\n%s\n' "$expected"
exit 1
