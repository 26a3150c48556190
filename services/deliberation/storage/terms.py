"""Whose term as a deputy 议事代表 is over, from the copy of the directory.

Kept in memory for each database until any deputy changes, for the same people are asked about all through a session.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import Pool

from shared.contracts.directory import DeputyPart
from shared.contracts.directory_words import DeputyRole
from shared.directory.copy import DirectoryCopy
from shared.directory.periods import holds

Terms = dict[str, list[DeputyPart]]
MOST_KEPT = 20_000


def over(copy: DirectoryCopy, person_ids: Collection[str], now: datetime) -> frozenset[str]:
    """Those who were deputies and are none at that instant. Of whom the directory does not say so it is not known."""
    terms = _terms_of(copy, person_ids)
    return frozenset(one for one in person_ids if terms[one] and not any(holds(term, now) for term in terms[one]))


def _terms_of(copy: DirectoryCopy, person_ids: Collection[str]) -> Terms:
    pool, changes = copy.connection.engine.pool, copy.changes_of(DeputyPart)
    kept = _kept.get(pool)
    if kept is None or kept[0] != changes or len(kept[1]) >= MOST_KEPT:
        kept = (changes, {})
        if not copy.has_learned:  # what this transaction learned may never be committed
            _kept[pool] = kept
    if unread := {one for one in person_ids if one not in kept[1]}:
        found: Terms = defaultdict(list, {one: [] for one in unread})
        for term in copy.periods_about(DeputyPart, unread):
            if term.role is DeputyRole.DEPUTY:
                found[term.person].append(term)
        kept[1].update(found)
    return kept[1]


_kept: WeakKeyDictionary[Pool, tuple[int, Terms]] = WeakKeyDictionary()
