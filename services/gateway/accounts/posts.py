"""In which posts somebody may act: as the directory says, asked every few minutes and remembered while it is away.

A post that has ended meanwhile does no harm: each service looks with every call whether the caller still has it.
"""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

from services.gateway.at_hand import ask
from services.gateway.person import Post
from shared.auth import Role
from shared.errors import Unavailable
from shared.logs import get_logger

KEPT = timedelta(minutes=2)
MOST_KEPT = 5000

log = get_logger()


class Posts:
    """`posts("li.na")`: those they have now, the first one first."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._guard = threading.Lock()
        self._kept: dict[str, tuple[float, tuple[Post, ...]]] = {}

    def __call__(self, login: str) -> tuple[Post, ...]:
        """Raises Unavailable where the directory is away and nothing is remembered."""
        asked_at, known = self._kept.get(login, (None, ()))
        if asked_at is not None and self._clock() - asked_at < KEPT.total_seconds():
            return known
        try:
            known = _asked(login)
        except Unavailable as trouble:
            if asked_at is None:
                raise
            log.warning("directory_away", trouble=trouble.message)
            return known
        with self._guard:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[login] = (self._clock(), known)
        return known


def _asked(login: str) -> tuple[Post, ...]:
    reply = ask("directory", "list_posts", {"login": login})
    roles: dict[tuple[str, str], set[Role]] = {}
    for post in reply["posts"]:
        roles.setdefault((post["organisation"], post["unit"]), set()).update(Role(role) for role in post["roles"])
    return tuple(Post(organisation, unit, frozenset(held)) for (organisation, unit), held in roles.items())
