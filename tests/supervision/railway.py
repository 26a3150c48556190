"""An organisation that nobody in the district commands."""

from shared.contracts.directory_words import OrganisationKind, Standing
from tests.supervision.builders import DISTRICT
from tests.told import office

RAILWAY = office(DISTRICT, "北京铁路局工务段", kind=OrganisationKind.LAND_OWNER, standing=Standing.ASKED)
