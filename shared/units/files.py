"""Reads and checks a units file: CSV, UTF-8, columns code, name, kind, population, valid_from, valid_to, replaced_by.

Where a community has no grids in the file, three are made up for it, the same ones every time. The file that ships
lists the units of Chaoyang as of 2023-06-30.
"""

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from shared.settings import FaultyFile
from shared.units.codes import Tier, parent_of, tier_of
from shared.units.unit import Unit

SHIPPED = Path(__file__).parent / "units_110105.csv"
COLUMNS = ("code", "name", "kind", "population", "valid_from", "valid_to", "replaced_by")
GRID_NAMES = ("第一网格", "第二网格", "第三网格")


class BadUnitsFile(FaultyFile):
    """A units file can't be used. `faults` has one sentence per fault, with its line."""

    faults: list[str]

    def __init__(self, path: Path, faults: list[str]) -> None:
        self.faults = faults
        super().__init__(f"{path}: " + "; ".join(faults[:20]) + (" …" if len(faults) > 20 else ""))


def read_units(path: Path | None = None) -> list[Unit]:
    """All units of a file, with grids for every community. Raises BadUnitsFile with all faults at once."""
    path = path or SHIPPED
    faults: list[str] = []
    units = _checked(_rows(path), faults)
    if faults or not units:
        raise BadUnitsFile(path, faults or ["has no units"])
    return [*units.values(), *_missing_grids(units.values())]


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
            if missing:
                raise BadUnitsFile(path, [f"line 1: lacks the column {column}" for column in missing])
            for row in reader:
                yield reader.line_num, {column: (row[column] or "").strip() for column in COLUMNS}
    except OSError as fault:
        raise BadUnitsFile(path, [f"can't be read: {fault.strerror}"]) from None
    except UnicodeDecodeError:
        raise BadUnitsFile(path, ["is not UTF-8 text"]) from None


def _checked(rows: Iterable[tuple[int, dict[str, str]]], faults: list[str]) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    lines: dict[str, int] = {}
    for line, row in rows:
        try:
            unit = _unit(row)
        except ValueError as fault:
            faults.append(f"line {line}: {fault}")
            continue
        if unit.code in units:
            faults.append(f"line {line}: code {unit.code} was already on line {lines[unit.code]}")
        units[unit.code], lines[unit.code] = unit, line
    for code, unit in units.items():
        parent = parent_of(code)
        if parent and parent not in units and not faults:
            faults.append(f"line {lines[code]}: {code} {unit.name} has no parent {parent} in the file")
        if unit.replaced_by and unit.replaced_by not in units:
            faults.append(f"line {lines[code]}: replaced_by {unit.replaced_by} is not in the file")
    return units


def _unit(row: dict[str, str]) -> Unit:
    try:
        tier = tier_of(row["code"])
    except Exception as fault:
        raise ValueError(getattr(fault, "message", str(fault))) from None
    if not row["name"]:
        raise ValueError("name is empty")
    if row["population"] and not row["population"].isdecimal():
        raise ValueError(f"population {row['population']!r} is not a whole number")
    valid_from, valid_to = _day(row, "valid_from"), _day(row, "valid_to")
    if valid_from and valid_to and valid_to < valid_from:
        raise ValueError(f"valid_to {valid_to} is before valid_from {valid_from}")
    return Unit(
        code=row["code"],
        name=row["name"],
        tier=tier,
        kind=row["kind"] or tier.value,
        population=int(row["population"]) if row["population"] else None,
        valid_from=valid_from,
        valid_to=valid_to,
        replaced_by=row["replaced_by"] or None,
    )


def _day(row: dict[str, str], column: str) -> date | None:
    try:
        return date.fromisoformat(row[column]) if row[column] else None
    except ValueError:
        raise ValueError(f"{column} {row[column]!r} is not a day like 2026-03-02") from None


def _missing_grids(units: Iterable[Unit]) -> list[Unit]:
    units = list(units)
    with_grids = {unit.code[:12] for unit in units if unit.tier is Tier.GRID}
    return [
        Unit(f"{unit.code}{number:03}", name, Tier.GRID, "grid", valid_from=unit.valid_from, valid_to=unit.valid_to)
        for unit in units
        if unit.tier is Tier.COMMUNITY and unit.code not in with_grids
        for number, name in enumerate(GRID_NAMES, start=1)
    ]
