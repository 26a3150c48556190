"""Units as of an instant: what came after those that have ended."""

import pytest

from shared.directory.dated import DatedUnits
from shared.units import Tier, Unit

STREET, OTHER = "110105017", "110105018"
UNITS = [
    Unit("110105", "朝阳区", Tier.DISTRICT, "district"),
    Unit(STREET, "劲松街道", Tier.STREET, "street"),
    Unit(OTHER, "潘家园街道", Tier.STREET, "street"),
]


@pytest.mark.parametrize(
    ("successors", "stands", "heir"),
    [
        ({"110105901": [STREET]}, (STREET,), STREET),
        ({"110105901": [STREET, OTHER]}, (STREET, OTHER), "110105"),
        ({"110105901": ["110105902"], "110105902": [OTHER]}, (OTHER,), OTHER),
        ({"110105901": ["110105902"], "110105902": ["110105901"]}, (), "110105"),
        ({"110105901": ["110105901", STREET]}, (STREET,), STREET),
        ({}, (), "110105"),
    ],
    ids=["one", "two", "one after the other", "each the other's", "itself too", "none"],
)
def test_what_came_after_a_unit_stands_in_its_place_and_the_unit_around_all_of_it_inherits(successors, stands, heir):
    units = DatedUnits(UNITS, {}, successors)

    assert units.successors_of("110105901") == stands
    assert units.heir_of("110105901") == heir
