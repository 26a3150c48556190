"""The reader of this process: the catalogue and the units that the settings name, read when first needed."""

from functools import cache

from services.intake.domain.catalogue_file import read_catalogue
from services.intake.domain.reading import Reader
from shared.settings import settings
from shared.units import UnitDirectory


@cache
def the_reader() -> Reader:
    """Raises BadTomlFile, which names every fault of the catalogue."""
    return Reader(read_catalogue(settings().categories_file), UnitDirectory.load(settings().units_file))
