"""The catalogue that the settings name, read when first needed."""

from functools import cache

from services.intake.domain.catalogue import Catalogue
from services.intake.domain.catalogue_file import read_catalogue
from shared.settings import settings


@cache
def the_catalogue() -> Catalogue:
    """Raises BadTomlFile, which names every fault of the catalogue."""
    return read_catalogue(settings().categories_file)
