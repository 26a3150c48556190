"""What a resident said, in their own words. Kept sealed, and read only by who has the duty, on record.

What was amended or added later stands beside what was said first: nothing that was said is lost.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from services.intake.domain.likeness import Gist, gist_of
from services.intake.domain.masking import is_code
from shared.contracts.hotline import ComplaintFiledV1


@dataclass(frozen=True)
class Said:
    """A text that stood until an instant, or was added then; a supplement has no title."""

    at: datetime
    content: str
    title: str = ""


@dataclass(frozen=True)
class OwnWords:
    """Title, content, the address as it was given, against whom it is, and by which channel, where that is no code.

    `earlier` are title and content as they were until they were amended, `supplements` what was added, and when.
    """

    title: str
    content: str
    address: str
    respondent: str
    channel: str = ""
    earlier: tuple[Said, ...] = ()
    supplements: tuple[Said, ...] = ()

    def gist(self, characters: int) -> Gist:
        """What is compared of it with others."""
        return gist_of(self.title, self.content, characters, address=self.address)

    def amend(self, title: str, content: str, *, at: datetime) -> Self:
        """What is empty stays as it was."""
        before = Said(at, self.content, self.title)
        return replace(
            self, title=title or self.title, content=content or self.content, earlier=(*self.earlier, before)
        )

    def supplement(self, content: str, *, at: datetime) -> Self:
        return replace(self, supplements=(*self.supplements, Said(at, content)))


def words_of(event: ComplaintFiledV1) -> OwnWords:
    channel = "" if is_code(event.channel) else event.channel
    return OwnWords(event.title, event.content, event.place.address, event.respondent, channel)
