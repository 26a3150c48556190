"""Passwords: kept as Argon2id hashes, compared in the same time whether or not there is such a login."""

import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from services.gateway.accounts.errors import PasswordTooWeak
from services.gateway.words.catalogue import zh

SHORTEST, LONGEST = 10, 200
AT_ONCE = 2
"""Each hash takes a processor for a while: a storm of logins must not take all of them."""
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""As OWASP recommends for Argon2id; what a hash was made with stands in it, so that this may be raised."""
_room = threading.BoundedSemaphore(AT_ONCE)


def hash_of(password: str) -> str:
    """The hash to keep."""
    with _room:
        return _hasher.hash(password)


def is_right(password: str, kept: str | None) -> bool:
    """Whether the password is the one of the hash. Without one it takes as long to say no."""
    with _room:
        try:
            return _hasher.verify(kept or _of_nobody(), password[:LONGEST]) and kept is not None
        except (Argon2Error, InvalidHashError):
            return False


def must_be_good(password: str, login: str) -> None:
    """Raises PasswordTooWeak, which says what would be right."""
    faults = []
    if not SHORTEST <= len(password) <= LONGEST:
        faults.append(zh("密码要有 10 到 200 个字符"))
    if len(set(password)) < 5:
        faults.append(zh("密码至少要有五个不同的字符"))
    if login and login.lower() in password.lower():
        faults.append(zh("密码里不能有用户名"))
    if faults:
        raise PasswordTooWeak("the password is too easy to guess", {"password": faults})


@cache
def _of_nobody() -> str:
    return _hasher.hash("nobody has this password")
