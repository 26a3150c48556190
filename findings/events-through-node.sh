#!/usr/bin/env bash
# cloudevents 10.0.0 (Node) and cloudevents 2.2.0 (Python), the official SDKs: an event that only passes through Node.
#
# Read and written again by the Node SDK, an event's `time` loses all after the milliseconds and comes out in UTC, and
# an order number of twenty digits, sent as a JSON number, is rounded to what a double holds. Python's SDK keeps both,
# so that one event compares as two before and after the hop. Text in the data comes through untouched.
#
# For whoever puts a Node gateway between a hotline and a district: send order numbers as text, put times that matter
# into the data as text, and recognise a repeat by its id or its content, never by the envelope's `time`.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv &&
    venv/bin/pip install -qq cloudevents==2.2.0 &&
    npm install --loglevel=error --no-audit --no-fund --prefix . cloudevents@10.0.0 >/dev/null ||
    { echo "Could not install the packages." >&2; exit 2; }

cat > sent.json <<'JSON'
{"specversion": "1.0", "id": "1", "source": "/hotline", "type": "complaint_filed.v1", "subject": "20261127203015000123",
 "time": "2026-11-27T20:30:15.123456+08:00", "datacontenttype": "application/json",
 "data": {"as_number": 20261127203015000123, "as_text": "20261127203015000123",
  "filed_at": "2026-11-27T20:30:15.123456+08:00"}}
JSON
cat > hop.js <<'NODE'
const fs = require("fs");
const { HTTP } = require("cloudevents");
const body = fs.readFileSync("sent.json", "utf8");
const event = HTTP.toEvent({ headers: { "content-type": "application/cloudevents+json" }, body });
console.log("Node, read:", event.time);
fs.writeFileSync("passed.json", HTTP.structured(event).body);
NODE
cat > read.py <<'PYTHON'
from pathlib import Path
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

for name in ("sent", "passed"):
    event = JSONFormat().read(CloudEvent, Path(f"{name}.json").read_text())
    print(f"Python, {name}:", event.get_time().isoformat(), *event.get_data().values())
PYTHON

seen=$(node hop.js && venv/bin/python read.py) || true
expected='Node, read: 2026-11-27T12:30:15.123Z
Python, sent: 2026-11-27T20:30:15.123456+08:00 20261127203015000123 20261127203015000123 2026-11-27T20:30:15.123456+08:00
Python, passed: 2026-11-27T12:30:15.123000+00:00 20261127203015000000 20261127203015000123 2026-11-27T20:30:15.123456+08:00'

echo "$seen"
[ "$seen" = "$expected" ] && echo "Still as described." && exit 0
printf 'This has changed. It used to be:\n%s\n' "$expected"
exit 1
