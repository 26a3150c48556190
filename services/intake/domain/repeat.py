"""The same caller on the same matter and place again: urged and informed, no new order."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from services.intake.domain.catalogue import Matching
from services.intake.domain.complaint import Complaint
from services.intake.domain.likeness import Gist, likeness
from services.intake.domain.spot import are_apart


class Matter(NamedTuple):
    """What a new order is about. `is_certain` when the hotline itself named the category, not only its words."""

    category: str
    unit_code: str
    is_certain: bool
    gist: Gist


def repeated(
    earlier: Iterable[Complaint],
    matter: Matter,
    *,
    filed_at: datetime,
    within: timedelta,
    matching: Matching,
    gist_of: Callable[[Complaint], Gist],
) -> Complaint | None:
    """The nearest earlier order on this matter and place, if it lies within the policy's time.

    Orders may arrive in another order than they were filed, so the distance counts, not the direction. Where the
    category was only guessed from words, the texts must not be about plainly different things; and never about another
    building or entrance.
    """
    near = [
        one
        for one in earlier
        if one.category == matter.category
        and one.unit_code == matter.unit_code
        and abs(filed_at - one.filed_at) <= within
        and _may_be_it(gist_of(one), matter, matching)
    ]
    return min(near, key=lambda one: (abs(filed_at - one.filed_at), one.order_no), default=None)


def _may_be_it(theirs: Gist, matter: Matter, matching: Matching) -> bool:
    if are_apart(theirs.spots, matter.gist.spots):
        return False
    return matter.is_certain or likeness(matter.gist, theirs) >= matching.repeat_likeness_ratio
