"""Reads and checks a units file: CSV in UTF-8, with the columns of `COLUMNS` and, if it likes, of `MORE_COLUMNS`.

Where a community has no grids in the file, three are made up for it, the same ones every time. What ships, and where
it comes from, is in the README beside this file.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from shared.settings import FaultyFile
from shared.units.codes import BadUnitCode, Tier, canonical_code, parent_of, tier_of
from shared.units.unit import ELSEWHERE, KINDS, Unit

SHIPPED = Path(__file__).parent / "units_110105.csv"
NEIGHBOURS = Path(__file__).parent / "neighbours_1101.csv"
COLUMNS = ("code", "name", "kind", "population", "valid_from", "valid_to", "replaced_by")
MORE_COLUMNS = ("aliases", "other_codes", "is_rural")
"""Several aliases or codes in one cell have `;` between them."""
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


def read_neighbours(path: Path = NEIGHBOURS) -> list[Unit]:
    """The other districts of Beijing and their streets, which are known by name and code and are not ours."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Unit(row["code"], row["name"], tier_of(row["code"]), ELSEWHERE) for row in csv.DictReader(file)]


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
            if missing:
                raise BadUnitsFile(path, [f"line 1: lacks the column {column}" for column in missing])
            for row in reader:
                yield reader.line_num, {name: (row.get(name) or "").strip() for name in (*COLUMNS, *MORE_COLUMNS)}
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
    others = Counter(code for unit in units.values() for code in unit.other_codes)
    for code, unit in units.items():
        if taken := next((other for other in unit.other_codes if other in units or others[other] > 1), None):
            faults.append(f"line {lines[code]}: other_codes {taken} is the code of another unit too")
        parent = parent_of(code)
        if parent and parent not in units and not faults:
            faults.append(f"line {lines[code]}: {code} {unit.name} has no parent {parent} in the file")
        if unit.replaced_by and unit.replaced_by not in units:
            faults.append(f"line {lines[code]}: replaced_by {unit.replaced_by} is not in the file")
    return units


def _unit(row: dict[str, str]) -> Unit:
    code = _code(row["code"])
    tier = tier_of(code)
    if not row["name"]:
        raise ValueError("name is empty")
    if row["population"] and not row["population"].isdecimal():
        raise ValueError(f"population {row['population']!r} is not a whole number")
    if row["kind"] and row["kind"] not in KINDS[tier]:
        raise ValueError(f"kind {row['kind']!r} is none of a {tier}: {', '.join(KINDS[tier])}")
    if row["is_rural"] not in ("", "yes", "no"):
        raise ValueError(f"is_rural {row['is_rural']!r} is neither yes nor no nor empty")
    valid_from, valid_to = _day(row, "valid_from"), _day(row, "valid_to")
    if valid_from and valid_to and valid_to < valid_from:
        raise ValueError(f"valid_to {valid_to} is before valid_from {valid_from}")
    return Unit(
        code=code,
        name=row["name"],
        tier=tier,
        kind=row["kind"] or tier.value,
        population=int(row["population"]) if row["population"] else None,
        valid_from=valid_from,
        valid_to=valid_to,
        replaced_by=_code(row["replaced_by"]) if row["replaced_by"] else None,
        aliases=_several(row["aliases"]),
        other_codes=tuple(_code(other) for other in _several(row["other_codes"])),
        is_rural=row["is_rural"] == "yes" if row["is_rural"] else None,
    )


def _code(text: str) -> str:
    try:
        return canonical_code(text)
    except BadUnitCode as fault:
        raise ValueError(fault.message) from None


def _several(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


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
