"""Real arrival times, to be laid under replayed orders: the gaps of the file, squeezed into a given length of time."""

from datetime import datetime
from itertools import islice
from pathlib import Path

import click

from shared.files.faults import BadFile
from shared.files.reading import RowReading
from shared.files.tables import read_table

COLUMN = "created_at"


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
    """Without those that are no time; gaps are all that matters, so that no zone is needed."""
    try:
        table = read_table(file, [COLUMN])
    except BadFile as fault:
        raise click.BadParameter(f"{file} {fault}.", param_hint="--arrivals") from None
    readings = (RowReading(row.number, row.cells) for row in table.rows)
    return [instant for reading in readings if (instant := reading.instant(COLUMN))]
