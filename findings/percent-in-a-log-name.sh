#!/usr/bin/env bash
# supervisor 4.3.0: a folder whose name has a percent sign, in a program's settings.
#
# A % begins an expansion, so that %% stands for one; in command= and directory= that works. In stdout_logfile= and
# stderr_logfile= it does not: what came out of the first expansion is expanded a second time, and supervisord ends with
# "badly formatted". There it takes %%%%, which the documentation does not say.
#
# For whoever writes such a file from a program: escaping every value alike is wrong for log files. Name them relative to
# the folder in which supervisord is started, and no path of the user's is in them.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv && venv/bin/pip install -qq supervisor==4.3.0 setuptools==80.9.0 ||
    { echo "Could not install the packages." >&2; exit 2; }
mkdir '50%x'

cat > read.py <<'PYTHON'
import io
from supervisor.options import ServerOptions

def tried(name, value):
    with open("one.conf", "w") as file:
        file.write(f"[supervisord]\n[program:one]\ncommand = /bin/true\n{name} = {value}\n")
    options = ServerOptions()
    options.stderr = io.StringIO()
    try:
        options.realize(["-c", "one.conf"])
    except SystemExit:
        return "is refused"
    read = getattr(options.process_group_configs[0].process_configs[0], name)
    return f"is read as 50{read.rpartition('50')[2]}"

for name in ("directory", "stdout_logfile"):
    for percent in ("%%", "%%%%"):
        print(name, percent, tried(name, f"50{percent}x/one"))
PYTHON

seen=$(venv/bin/python -W ignore read.py) || true
expected='directory %% is read as 50%x/one
directory %%%% is read as 50%%x/one
stdout_logfile %% is refused
stdout_logfile %%%% is read as 50%x/one'

echo "$seen"
[ "$seen" = "$expected" ] && echo "Still as described." && exit 0
printf 'This has changed. It used to be:\n%s\n' "$expected"
exit 1
