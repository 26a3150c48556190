"""The people a council can invite: deputies 议事代表 of thirteen categories, and experts 议事能手 on call."""

from dataclasses import dataclass
from enum import StrEnum

from shared.contracts.vocabulary import DeputyCategory


class PersonRole(StrEnum):
    """As what somebody is invited."""

    DEPUTY = "deputy"
    EXPERT = "expert"


class ExpertField(StrEnum):
    """What an expert is called for: 协商能手, 律师, 心理咨询师, 德高望重的长者."""

    NEGOTIATOR = "negotiator"
    LAWYER = "lawyer"
    PSYCHOLOGIST = "psychologist"
    RESPECTED_ELDER = "respected_elder"


@dataclass(eq=False)
class Person:
    """A deputy or expert of a unit. `category` is one of the thirteen, or the expert's field."""

    id: str
    unit_code: str
    role: PersonRole
    name: str
    category: str

    @property
    def is_resident(self) -> bool:
        return self.role is PersonRole.DEPUTY and DeputyCategory(self.category).is_resident
