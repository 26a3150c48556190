"""The files that a district may have of its own: policy, units, categories, duties. Read before anything starts.

A service that can't read one ends at once, and would be started again for ever.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from services.directory.storage.duty_file import read_duties
from services.intake.domain.catalogue_file import read_catalogue
from shared.policy import PolicyBook
from shared.settings import SETTINGS, FaultyFile, settings
from shared.units import UnitDirectory

_READERS: dict[str, Callable[[Path], object]] = {
    "policy_file": PolicyBook.load,
    "units_file": UnitDirectory.load,
    "categories_file": read_catalogue,
    "duties_file": read_duties,
}


@dataclass(frozen=True)
class OwnFile:
    """A file that a setting names; `faults` is empty when it may be used."""

    variable: str
    path: Path
    faults: tuple[str, ...]


def own_files() -> Iterator[OwnFile]:
    """Each that is given, read as the services read it."""
    variables = {setting.field: setting.variable for setting in SETTINGS}
    for field, read in _READERS.items():
        path: Path | None = getattr(settings(), field)
        if path is not None:
            yield OwnFile(variables[field], path, _faults(path, read))


def must_be_readable() -> None:
    """Raises ClickException with every fault of every file."""
    faulty = [file for file in own_files() if file.faults]
    if faulty:
        lines = [f"{file.variable}={file.path}\n  " + "\n  ".join(file.faults) for file in faulty]
        raise click.ClickException("Nothing was started. Mend first:\n" + "\n".join(lines))


def _faults(path: Path, read: Callable[[Path], object]) -> tuple[str, ...]:
    try:
        read(path)
    except FaultyFile as bad:
        return tuple(map(str, bad.faults))
    return ()
