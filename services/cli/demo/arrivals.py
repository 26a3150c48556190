"""Real arrival times, to be laid under replayed orders: the gaps of the file, squeezed into a given length of time."""

import csv
from datetime import datetime
from itertools import islice
from pathlib import Path

import click

COLUMN = "created_at"
FORMATS = ("%m/%d/%Y %I:%M:%S %p", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S")


def read_offsets(file: Path, count: int, within_seconds: float) -> list[float]:
    """Seconds after the beginning at which each of `count` orders is sent. A shorter file is gone through again."""
    instants = sorted(read_instants(file))
    if not instants:
        raise click.BadParameter(f"{file} has no arrival times in its column {COLUMN}.", param_hint="--arrivals")
    taken = list(islice(instants, count))
    span = max((taken[-1] - taken[0]).total_seconds(), 1.0)
    once = [(instant - taken[0]).total_seconds() for instant in taken]
    rounds = -(-count // len(once))
    offsets = [turn * span + offset for turn in range(rounds) for offset in once][:count]
    return [offset * within_seconds / (rounds * span) for offset in offsets]


def read_instants(file: Path) -> list[datetime]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            return [instant for row in csv.DictReader(lines) if (instant := read_instant(row.get(COLUMN)))]
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise click.BadParameter(f"{file} can't be read: {fault}", param_hint="--arrivals") from None


def read_instant(text: str | None) -> datetime | None:
    """None for what is no time; gaps are all that matters, so that no zone is needed."""
    for written in FORMATS:
        try:
            return datetime.strptime(text or "", written)  # noqa: DTZ007
        except ValueError:
            continue
    return None
