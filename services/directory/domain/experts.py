"""What experts 议事能手 are called for."""

from enum import StrEnum


class ExpertField(StrEnum):
    """协商能手, 律师, 心理咨询师, 德高望重的长者."""

    NEGOTIATOR = "negotiator"
    LAWYER = "lawyer"
    PSYCHOLOGIST = "psychologist"
    RESPECTED_ELDER = "respected_elder"
