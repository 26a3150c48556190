"""`gongshang test`: the whole suite, on a real broker and both databases, in a folder of its own under var/test."""

import os
import sys
from pathlib import Path

import click

from services.cli.folders import ROOT
from services.cli.output import example

# More than there are processors on a small machine: a third of the time is waiting for brokers and processes.
WHOLE_SUITE = ["--numprocesses=3", "--dist=loadfile", "--no-loadscope-reorder"]


@click.command(
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
    epilog=example("./gongshang test", "./gongshang test tests/launcher -k lock"),
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """Run the tests. ARGUMENTS go to pytest; the broker and the PostgreSQL they need are started by themselves."""
    words = [as_seen_from_root(word) for word in arguments] or WHOLE_SUITE
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *words])


def as_seen_from_root(word: str) -> str:
    """Paths are typed relative to where the user is; pytest runs at the root, where its settings are."""
    path, _, rest = word.partition("::")
    if path.startswith("-") or not Path(path).exists():
        return word
    return str(Path(path).resolve()) + (f"::{rest}" if rest else "")
