"""Tokens with which the gateway calls services for people: signed with a key of its own, good for five minutes."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

from services.gateway.person import Person
from shared.auth import Role, issue_token
from shared.token_keys import Signer

LIFETIME = timedelta(minutes=5)
KEPT_SECONDS = 240.0
"""A token is used again while at least a minute of it is left."""
MOST_KEPT = 2000
NOBODY = "public"


class Tokens:
    """Signs for a person, or for nobody in particular."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._guard = threading.Lock()
        self._kept: dict[tuple[object, ...], tuple[str, float]] = {}

    def of(self, person: Person | None) -> str:
        """A token that says who the person is and in which post they act; without a person it is the public's."""
        post = person.post if person else None
        key = (person.login if person else NOBODY, post)
        with self._guard:
            token, signed_at = self._kept.get(key, ("", 0.0))
            if token and self._clock() - signed_at < KEPT_SECONDS:
                return token
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            token = _signed(person)
            self._kept[key] = (token, self._clock())
            return token


def _signed(person: Person | None) -> str:
    if person is None:
        return issue_token(NOBODY, Role.PUBLIC, None, lifetime=LIFETIME, signer=Signer.GATEWAY)
    post = person.post
    return issue_token(
        person.login,
        post.roles,
        post.unit or None,
        organisation=post.organisation,
        lifetime=LIFETIME,
        signer=Signer.GATEWAY,
    )
