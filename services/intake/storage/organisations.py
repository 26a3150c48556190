"""The organisations that an order may be against, from the copy of the directory."""

from collections.abc import Sequence
from datetime import datetime

from services.intake.domain.respondent import Respondents
from shared.contracts.directory import OrganisationPart
from shared.directory.as_of import AsOf
from shared.directory.copy import DirectoryCopy
from shared.directory.periods import holds


def respondents_as_of(copy: DirectoryCopy, now: datetime) -> Respondents:
    """As they are at an instant; the same until one of them changes."""
    return _organisations.at(copy, now)


def _as_of(periods: Sequence[OrganisationPart], now: datetime) -> Respondents:
    return Respondents(one for one in periods if holds(one, now))


_organisations = AsOf(OrganisationPart, _as_of)
