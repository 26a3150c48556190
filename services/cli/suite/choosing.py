"""Which processes a command is about: those named by the user, or all that this checkout has."""

from collections.abc import Sequence

import click

from services import GATEWAY, PROCESSES, home_of
from services.cli.folders import ROOT


def is_runnable(name: str) -> bool:
    entry = "app.py" if name == GATEWAY else "service.py"
    return (ROOT / "services" / home_of(name) / entry).exists()


def copies(processes: Sequence[str], count: int) -> list[str]:
    """What each copy of a process is called: the first as the process itself, the second `intake-2`.

    The gateway is one, with workers of its own.
    """
    more = [name for name in processes if name != GATEWAY]
    return [*processes, *(f"{name}-{number}" for number in range(2, count + 1) for name in more)]


def process_of(copy: str) -> str:
    return copy.partition("-")[0]


def chosen(names: Sequence[str]) -> list[str]:
    """In the order of the stages. Raises a usage error that names what is wrong."""
    for name in names:
        if name not in PROCESSES:
            raise click.UsageError(f"There is no service {name!r}. The services are: {', '.join(PROCESSES)}.")
        if not is_runnable(name):
            raise click.UsageError(f"The service {name} is not part of this version.")
    return [name for name in PROCESSES if (name in names or not names) and is_runnable(name)]
