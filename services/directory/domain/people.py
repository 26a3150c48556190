"""People and residents as the directory alone knows them: what says who somebody is never leaves it."""

from enum import StrEnum

from marshmallow import validate

from shared.contracts.base import Part, checked, part, text
from shared.contracts.directory import ID, NAME, UNIT_CODE, EntryPart


class Residence(StrEnum):
    """As what somebody belongs to a place: 成年居民, 居民, 租户, 业主, 村民, 户."""

    ADULT = "adult"
    RESIDENT = "resident"
    TENANT = "tenant"
    OWNER = "owner"
    VILLAGER = "villager"
    HOUSEHOLD = "household"


@part
class PersonFacts(Part):
    """A person 人员, entered once. The phone is for those who must reach them, and goes nowhere else."""

    name: str = checked(NAME)
    unit: str = checked(UNIT_CODE)
    phone: str = text(longest=40, shortest=0, default="")


@part
class ResidentFacts(Part):
    """That a person lives in, rents or owns something. `area_m2` and `share` count in owners' votes."""

    person: str = checked(ID)
    unit: str = checked(UNIT_CODE)
    residence: Residence
    place: str = text(longest=120, shortest=0, default="")
    area_m2: float | None = checked(validate.Range(min=0), default=None)
    share: float | None = checked(validate.Range(min=0, max=1), default=None)


@part
class PersonPart(PersonFacts, EntryPart):
    """A period of a person."""


@part
class ResidentPart(ResidentFacts, EntryPart):
    """A period of a residence."""
