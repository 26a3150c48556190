"""What ships, as the files say it: our units, the neighbours' names, and the duty list."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

from services.directory.domain.making import RECORDS_BEGIN_AT, Draft
from services.directory.storage.duty_file import read_duties
from shared.clock import SHANGHAI
from shared.contracts.directory import UnitFacts
from shared.contracts.directory_words import UnitKind
from shared.units import Unit, parent_of
from shared.units.files import read_neighbours, read_units


def read_shipped(units_file: Path | None = None, duties_file: Path | None = None) -> Iterator[Draft]:
    """Of each file the one that is named, or ours. Raises FaultyFile."""
    ours = read_units(units_file)
    districts = {unit.code for unit in ours if parent_of(unit.code) is None}
    yield from map(_unit, ours)
    yield from (_unit(unit) for unit in read_neighbours() if unit.code[:6] not in districts)
    for facts in read_duties(duties_file).lines():
        yield Draft("duty", f"{facts.category}/{facts.tier}/{facts.organisation}", facts)


def _unit(unit: Unit) -> Draft:
    facts = UnitFacts(
        name=unit.name,
        kind=UnitKind(unit.kind),
        parent=parent_of(unit.code) or "",
        aliases=list(unit.aliases),
        other_codes=list(unit.other_codes),
        population=unit.population,
        is_rural=unit.is_rural,
    )
    return Draft(
        "unit",
        unit.code,
        facts,
        valid_from=_begin_of(unit.valid_from) if unit.valid_from else RECORDS_BEGIN_AT,
        valid_to=_begin_of(unit.valid_to + timedelta(days=1)) if unit.valid_to else None,
        replaced_by=(unit.replaced_by,) if unit.replaced_by else (),
    )


def _begin_of(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
