"""What operators do by hand that somebody may ask about later: who, when, what and why, a line of JSON each.

In a file of the var folder that is only ever added to. What can't be put on record is not done.
"""

import getpass
import json
import os
from datetime import UTC, datetime

import click

from services.cli.folders import log_folder

RECORD = "operators.log"


def note(event: str, **values: str | int) -> None:
    """To be called before it is done. Raises where the file can't be written."""
    line = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "event": event, "by": operator(), **values}
    file = log_folder() / RECORD
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as record:
            record.write(json.dumps(line, ensure_ascii=False) + "\n")
    except OSError as fault:
        raise click.ClickException(f"It can't be put on record in {file}: {fault.strerror}") from None


def operator() -> str:
    """Who is at it, as the system knows them; in a container there may be no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"
