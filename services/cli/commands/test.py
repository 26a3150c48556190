"""`gongshang test`: the whole suite, on a real broker and both databases, in a folder of its own under var/test."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from services.cli.folders import ROOT
from services.cli.output import example

# More than there are processors on a small machine: a third of the time is waiting for brokers and processes.
WHOLE_SUITE = ["--numprocesses=3", "--dist=loadfile", "--no-loadscope-reorder"]
SAYS_HOW_MANY = ("-n", "--numprocesses", "--pdb", "--trace")


@click.command(
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
    epilog=example(
        "./gongshang test",
        "./gongshang test tests/launcher -k lock",
        "FAULT_ORDERS=20000 FAULT_SECONDS=300 ./gongshang test tests/faults",
        "LIVES=500 ./gongshang test tests/scenarios/test_lives.py",
        "EVERY_DATABASE=1 ./gongshang test tests/district tests/faults tests/gateway/live",
    ),
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """Run the tests. ARGUMENTS go to pytest; the broker and the PostgreSQL they need are started by themselves."""
    words = pytest_words(arguments)
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *words])


def pytest_words(arguments: Sequence[str]) -> list[str]:
    """Options such as -q leave the suite whole, and so on all its workers, unless they say otherwise."""
    is_a_part = any(names_a_file(word) or word.startswith(SAYS_HOW_MANY) for word in arguments)
    words = [as_seen_from_root(word) for word in arguments]
    return words if is_a_part else [*WHOLE_SUITE, *words]


def names_a_file(word: str) -> bool:
    path = word.partition("::")[0]
    return not path.startswith("-") and Path(path).exists()


def as_seen_from_root(word: str) -> str:
    """Paths are typed relative to where the user is; pytest runs at the root, where its settings are."""
    if not names_a_file(word):
        return word
    path, _, rest = word.partition("::")
    return str(Path(path).resolve()) + (f"::{rest}" if rest else "")
