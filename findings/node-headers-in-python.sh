#!/usr/bin/env bash
# amqplib 2.3.1 (Node), pika 1.4.4 and amqp 5.4.2 (both Python): message headers from a Node program. Needs no broker.
#
# A JavaScript Date in the headers is sent as an empty table, without an error. A number with a fraction is sent as a
# double, and pika reads it cut to a whole number: 0.85 arrives as 0. A time sent as amqplib wants it,
# {"!": "timestamp", value: seconds}, is read by pika as an aware time in UTC, and by amqp (so by kombu and nameko) as
# the same digits without a zone, which a program in Shanghai takes for eight hours earlier.
#
# For whoever writes a client for a street or a hotline: only text and whole numbers come out of a header as they went
# in. Put times and ratios into the body, as JSON.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv &&
    venv/bin/pip install -qq pika==1.4.4 amqp==5.4.2 &&
    npm install --loglevel=error --no-audit --no-fund --prefix . amqplib@2.3.1 >/dev/null ||
    { echo "Could not install the packages." >&2; exit 2; }

cat > encode.js <<'NODE'
const { encodeTable } = require(`${process.cwd()}/node_modules/amqplib/lib/codec.js`);
const filedAt = new Date("2026-11-27T20:30:15+08:00");
const headers = {
  unit: "110105015",
  attempts: 3,
  filed_at: filedAt,
  satisfied_ratio: 0.85,
  stamped_at: { "!": "timestamp", value: filedAt.getTime() / 1000 },
};
const buffer = Buffer.alloc(1000);
console.log(buffer.subarray(0, encodeTable(buffer, headers, 0)).toString("hex"));
NODE
cat > decode.py <<'PYTHON'
import sys
import amqp.serialization, pika.data

table = bytes.fromhex(sys.stdin.read())
by_pika, _ = pika.data.decode_table(table, 0)
(by_amqp,), _ = amqp.serialization.loads("F", table, 0)
for name in by_pika:
    print(f"{name}: pika {by_pika[name]}, amqp {by_amqp[name]}")
PYTHON

seen=$(node encode.js | venv/bin/python decode.py) || true
expected='unit: pika 110105015, amqp 110105015
attempts: pika 3, amqp 3
filed_at: pika {}, amqp {}
satisfied_ratio: pika 0, amqp 0.85
stamped_at: pika 2026-11-27 12:30:15+00:00, amqp 2026-11-27 12:30:15'

echo "$seen"
[ "$seen" = "$expected" ] && echo "Still as described." && exit 0
printf 'This has changed. It used to be:\n%s\n' "$expected"
exit 1
