"""Who calls: signed tokens (JWT, EdDSA) with subject, organisation, unit and roles.

A token says for what it was signed. Whether a person is still what it says is looked up in the directory with every
call (`shared.directory.membership`).

A token's life is counted in real time, never on the suite's clock: a month played in a minute must not outlive it.
"""

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
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

_CLAIMS = ("sub", "roles", "aud", "jti", "exp", "iat")

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
    RESIDENT = "resident"
    PUBLIC = "public"


OUTSIDE = frozenset({Role.RESIDENT, Role.PUBLIC})
"""They see what is published, and a resident what they themselves said."""
SYSTEMS = frozenset({Role.STREET_SYSTEM, Role.HOTLINE, Role.OPERATOR}) | OUTSIDE
"""Roles of machines, residents, nobody in particular; each stands alone. Members of organisations hold the others."""
UNBOUND = frozenset({Role.HOTLINE})
"""Works for the whole district, without a unit."""


@dataclass(frozen=True)
class Caller:
    """Who calls. `lies_inside(one, other)` says whether a unit is another or lies in it at the moment of the call.

    `person` is who has the login, as the directory tells; empty where nobody has looked it up.
    """

    subject: str
    roles: frozenset[Role]
    unit: str | None
    organisation: str = ""
    person: str = ""
    lies_inside: Callable[[str, str], bool] = field(default=is_within, repr=False, compare=False)

    @property
    def is_person(self) -> bool:
        """Whether an organisation must have them as a member."""
        return not self.roles & SYSTEMS

    @property
    def person_id(self) -> str:
        """Who it is, whatever login they use."""
        return self.person or self.subject

    def is_any_of(self, roles: Collection[Role]) -> bool:
        """Whether the caller has one of the roles."""
        return not self.roles.isdisjoint(roles)

    def acts_for_any(self, organisation_ids: Collection[str]) -> bool:
        """Whether the caller acts for one of these organisations: a matter against them is not theirs to decide."""
        return bool(self.organisation) and self.organisation in organisation_ids

    def may_act_in(self, unit: str) -> bool:
        """Whether the unit is the caller's own or inside it."""
        if self.unit is None:
            return self.is_any_of(UNBOUND)
        return self.lies_inside(unit, self.unit)

    def must_be(self, *roles: Role) -> None:
        """Raises NotAllowed unless the caller has one of the roles."""
        if not self.is_any_of(roles):
            raise NotAllowed(f"a {named(self.roles)} may not do this; it takes: {named(roles)}")

    def must_act_in(self, unit: str) -> None:
        """Raises NotAllowed outside the caller's own unit."""
        if not self.may_act_in(unit):
            own = self.unit or "no unit"
            raise NotAllowed(f"{self.subject} may act in {own}, not in {unit}: who is of {unit} or above it may")


def named(roles: Collection[Role]) -> str:
    """Roles as they stand in messages."""
    return ", ".join(sorted(roles))


def issue_token(
    subject: str,
    roles: Role | Collection[Role | str],
    unit: str | None,
    *,
    organisation: str = "",
    lifetime: timedelta,
    now: datetime | None = None,
    keys_folder: Path | None = None,
    signer: token_keys.Signer = token_keys.Signer.OPERATOR,
) -> str:
    """A signed token, for one role or several. `organisation` is the id of the one a person acts for.

    Raises BadRequest for an unknown role, a missing unit or organisation, or too long a life.
    """
    caller = _caller(subject, [roles] if isinstance(roles, Role) else roles, unit, organisation)
    longest = settings().longest_token
    if not timedelta(0) < lifetime <= longest:
        raise BadRequest(
            f"a token must live for some time, and for {longest.days} days at most",
            {"lifetime": [f"Must be above zero and at most {longest.days} days."]},
        )
    issued_at = now or datetime.now(UTC)
    claims: dict[str, Any] = {"sub": subject, "roles": sorted(caller.roles), "aud": settings().audience}
    claims |= {"jti": str(uuid.uuid4()), "iat": issued_at, "exp": issued_at + lifetime}
    if caller.unit is not None:
        claims["unit"] = caller.unit
    if caller.organisation:
        claims["org"] = caller.organisation
    kid, key = token_keys.signing_key(keys_folder or settings().keys_folder, signer)
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
        caller = _caller(claims["sub"], claims["roles"], claims.get("unit"), claims.get("org", ""))
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


def _caller(subject: object, roles: object, unit: object, organisation: object) -> Caller:
    if not isinstance(subject, str) or not subject.strip():
        raise BadRequest("a token needs a subject", {"subject": ["Must not be empty."]})
    known = _roles(roles)
    own = None if unit is None else canonical_code(str(unit))
    if own is None and not known <= SYSTEMS - {Role.STREET_SYSTEM}:
        raise BadRequest(f"a {named(known)} needs a unit", {"unit": ["Must not be empty for this role."]})
    caller = Caller(subject, known, own, str(organisation))
    if caller.is_person is not bool(organisation):
        told = "Must be the id of the organisation they act for." if caller.is_person else "Only people act for one."
        raise BadRequest(f"a token for a {named(known)}: {told}", {"organisation": [told]})
    return caller


def _roles(roles: object) -> frozenset[Role]:
    if not isinstance(roles, Collection) or isinstance(roles, str) or not roles:
        raise BadRequest("a token needs roles", {"roles": ["Must be a list with at least one."]})
    try:
        known = frozenset(Role(str(role)) for role in roles)
    except ValueError as fault:
        raise BadRequest(f"unknown role: {fault}", {"roles": [f"Must be of: {', '.join(Role)}."]}) from None
    if len(known) > 1 and known & SYSTEMS:
        raise BadRequest(f"{named(known & SYSTEMS)} stands alone in a token", {"roles": ["People have others."]})
    return known
