"""The same caller on the same matter and place again: urged and informed, no new order."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from services.intake.domain.catalogue import Matching
from services.intake.domain.complaint import Complaint
from services.intake.domain.likeness import Gist, gist_of, likeness


class Matter(NamedTuple):
    """What a new order is about. `is_certain` when the hotline itself named the category, not only its words."""

    category: str
    unit_code: str
    is_certain: bool
    gist: Gist


def repeated(
    earlier: Iterable[Complaint], matter: Matter, *, filed_at: datetime, within: timedelta, matching: Matching
) -> Complaint | None:
    """The nearest earlier order on this matter and place, if it lies within the policy's time.

    Orders may arrive in another order than they were filed, so the distance counts, not the direction. Where the
    category was only guessed from words, the texts must not be about plainly different things.
    """
    near = [
        one
        for one in earlier
        if one.category == matter.category
        and one.unit_code == matter.unit_code
        and abs(filed_at - one.filed_at) <= within
        and (matter.is_certain or _is_alike(one, matter.gist, matching))
    ]
    return min(near, key=lambda one: (abs(filed_at - one.filed_at), one.order_no), default=None)


def _is_alike(one: Complaint, gist: Gist, matching: Matching) -> bool:
    theirs = gist_of(one.title, one.content, matching.likeness_characters)
    return likeness(gist, theirs) >= matching.repeat_likeness_ratio
