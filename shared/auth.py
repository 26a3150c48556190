"""Who calls: signed tokens (JWT, EdDSA) with subject, role and unit.

A token's life is counted in real time, never on the suite's clock: a month played in a minute must not outlive it.
"""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

import jwt

from shared import token_keys
from shared.errors import BadRequest, NotAllowed, NotAuthenticated, TokenExpired
from shared.logs import get_logger
from shared.settings import settings
from shared.units import canonical_code, is_within

_CLAIMS = ("sub", "role", "aud", "jti", "exp", "iat")

log = get_logger()


class Role(StrEnum):
    """What a caller is, and so what it may ask for."""

    CLERK = "clerk"
    CHAIR = "chair"
    HANDLER = "handler"
    LEADER = "leader"
    SUPERVISOR = "supervisor"
    EVALUATOR = "evaluator"
    CALLBACK_AGENT = "callback_agent"
    STREET_SYSTEM = "street_system"
    HOTLINE = "hotline"
    OPERATOR = "operator"
    PUBLIC = "public"


# These work for the whole district, so their tokens may leave the unit out.
UNBOUND_ROLES = frozenset({Role.HOTLINE, Role.OPERATOR, Role.EVALUATOR, Role.CALLBACK_AGENT, Role.SUPERVISOR})


@dataclass(frozen=True)
class Caller:
    """Who calls, as proved by a token."""

    subject: str
    role: Role
    unit: str | None

    def may_act_in(self, unit: str) -> bool:
        """Whether the unit is the caller's own or inside it."""
        if self.unit is None:
            return self.role in UNBOUND_ROLES
        return is_within(unit, self.unit)

    def must_be(self, *roles: Role) -> None:
        """Raises NotAllowed unless the caller has one of the roles."""
        if self.role not in roles:
            raise NotAllowed(f"a {self.role} may not do this; it takes: {', '.join(sorted(roles))}")

    def must_act_in(self, unit: str) -> None:
        """Raises NotAllowed outside the caller's own unit."""
        if not self.may_act_in(unit):
            raise NotAllowed(f"{self.subject} may act in {self.unit or 'no unit'}, not in {unit}")


def issue_token(
    subject: str,
    role: Role | str,
    unit: str | None,
    *,
    lifetime: timedelta,
    now: datetime | None = None,
    keys_folder: Path | None = None,
) -> str:
    """A signed token. Raises BadRequest for an unknown role, a bad or missing unit, or too long a life."""
    caller = _caller(subject, role, unit)
    longest = settings().longest_token
    if not timedelta(0) < lifetime <= longest:
        raise BadRequest(
            f"a token must live for some time, and for {longest.days} days at most",
            {"lifetime": [f"Must be above zero and at most {longest.days} days."]},
        )
    issued_at = now or datetime.now(UTC)
    claims: dict[str, Any] = {"sub": subject, "role": caller.role.value, "aud": settings().audience}
    claims |= {"jti": str(uuid.uuid4()), "iat": issued_at, "exp": issued_at + lifetime}
    if caller.unit is not None:
        claims["unit"] = caller.unit
    kid, key = token_keys.signing_key(keys_folder or settings().keys_folder)
    return jwt.encode(claims, key, algorithm="EdDSA", headers={"kid": kid})


def read_token(token: str | None, now: datetime | None = None, *, keys_folder: Path | None = None) -> Caller:
    """Who a token proves to call. Raises NotAuthenticated or TokenExpired, in plain words."""
    if not token:
        raise NotAuthenticated("there is no token: put a signed one into the call's auth_token")
    folder = keys_folder or settings().keys_folder
    try:
        proof = _proved(token, token_keys.proving_keys(folder))
        taken_back = token_keys.revocations(folder)
    except token_keys.KeysUnreadable as fault:
        log.error("token_keys_unreadable", trouble=str(fault))
        raise NotAuthenticated("no token can be proved now; the service's log says why") from None
    if proof.expires_at <= (now or datetime.now(UTC)):
        raise TokenExpired(f"the token expired at {proof.expires_at:%Y-%m-%dT%H:%M:%SZ}; ask for a new one")
    if any(one.covers(proof.token_id, proof.caller.subject, proof.issued_at) for one in taken_back):
        raise NotAuthenticated("the token was taken back; ask for a new one")
    return proof.caller


def token_id_of(token: str) -> str:
    """By which a token of ours can be taken back. Nothing is proved here."""
    return str(jwt.decode(token, options={"verify_signature": False})["jti"])


@dataclass(frozen=True)
class Proof:
    """What a good signature proves."""

    caller: Caller
    token_id: str
    issued_at: datetime
    expires_at: datetime


@lru_cache(maxsize=4096)
def _proved(token: str, keys: jwt.PyJWKSet) -> Proof:
    """What a token says. Checking the signature costs more than all else in a small call: kept, for these keys."""
    try:
        key = keys[str(jwt.get_unverified_header(token).get("kid"))]
        claims = jwt.decode(
            token,
            key,
            algorithms=["EdDSA"],
            audience=settings().audience,
            options={"require": list(_CLAIMS), "verify_exp": False, "verify_iat": False},
        )
        issued_at, expires_at = (datetime.fromtimestamp(claims[name], UTC) for name in ("iat", "exp"))
        caller = _caller(claims["sub"], claims["role"], claims.get("unit"))
    except (jwt.InvalidSignatureError, KeyError):
        raise NotAuthenticated("the token was not signed with a key that this suite knows") from None
    except jwt.InvalidAudienceError:
        raise NotAuthenticated(f"the token is for another suite; this one is {settings().audience}") from None
    except jwt.MissingRequiredClaimError as fault:
        raise NotAuthenticated(f"the token lacks the claim {fault.claim}") from None
    except BadRequest as fault:
        raise NotAuthenticated(f"the token says something that can't be: {fault.message}") from None
    except (jwt.InvalidTokenError, TypeError, ValueError, OverflowError, OSError):
        raise NotAuthenticated("the token is not one of ours: it can't be read") from None
    if expires_at - issued_at > settings().longest_token:
        raise NotAuthenticated(f"the token lives longer than the {settings().longest_token.days} days that are allowed")
    return Proof(caller, str(claims["jti"]), issued_at, expires_at)


def _caller(subject: object, role: object, unit: object) -> Caller:
    if not isinstance(subject, str) or not subject.strip():
        raise BadRequest("a token needs a subject", {"subject": ["Must not be empty."]})
    try:
        known = Role(str(role))
    except ValueError:
        raise BadRequest(f"unknown role {role!r}", {"role": [f"Must be one of: {', '.join(Role)}."]}) from None
    if unit is None and known not in UNBOUND_ROLES | {Role.PUBLIC}:
        raise BadRequest(f"a {known} needs a unit", {"unit": ["Must not be empty for this role."]})
    return Caller(subject, known, None if unit is None else canonical_code(str(unit)))
