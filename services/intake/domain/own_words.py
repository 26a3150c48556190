"""What a resident said, in their own words. Kept sealed, and read only by who has the duty, on record."""

from dataclasses import dataclass

from services.intake.domain.likeness import Gist, gist_of
from shared.contracts.hotline import ComplaintFiledV1


@dataclass(frozen=True)
class OwnWords:
    """Title, content, the address as it was given, and against whom it is."""

    title: str
    content: str
    address: str
    respondent: str

    def gist(self, characters: int) -> Gist:
        """What is compared of it with others."""
        return gist_of(self.title, self.content, characters, address=self.address)


def words_of(event: ComplaintFiledV1) -> OwnWords:
    return OwnWords(event.title, event.content, event.place.address, event.respondent)
