"""Who asks over HTTP: the bearer of a token of the suite, who signed in with this browser, or nobody in particular."""

from flask import request

from services.gateway.accounts.signing import signed_in
from services.gateway.person import Person, Post, resident
from shared.auth import Role, read_token
from shared.errors import NotAuthenticated

BEARER = "Bearer "


def caller() -> Person | None:
    """Raises NotAuthenticated, TokenExpired for a token that is not good."""
    header = request.headers.get("Authorization", "")
    if not header:
        return signed_in()
    if not header.startswith(BEARER):
        raise NotAuthenticated("the header must be `Authorization: Bearer` and a token of this suite")
    proved = read_token(header.removeprefix(BEARER).strip())
    return Person(proved.subject, Post(proved.organisation, proved.unit or "", proved.roles))


def caller_for(roles: frozenset[Role], key: str) -> Person | None:
    """For a call that these roles may make. Who has none of them asks as the public or as a resident, where those may.

    Raises NotAuthenticated where nobody asks and somebody must.
    """
    person = caller()
    if person is not None and (person.is_any_of(*roles) or not roles & {Role.PUBLIC, Role.RESIDENT}):
        return person
    if Role.PUBLIC in roles:
        return None
    if Role.RESIDENT in roles:
        return resident(key)
    raise NotAuthenticated("this call needs a token: `Authorization: Bearer` and a token, or sign in first")
