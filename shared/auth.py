"""Who calls: signed tokens (JWT, EdDSA) with subject, role and unit.

A token's life is counted in real time, never on the suite's clock: a month played in a minute must not outlive it.
The key pair is made at first use; whoever only reads tokens needs `token.pub` alone.
"""

import os
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.errors import BadRequest, NotAllowed, NotAuthenticated, TokenExpired
from shared.settings import settings
from shared.units import is_within, tier_of

PRIVATE_KEY, PUBLIC_KEY = "token.key", "token.pub"
_CLAIMS = ("sub", "role", "exp", "iat")


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
    """A signed token. Raises BadRequest for an unknown role, a bad unit code, or a role that needs a unit."""
    caller = _caller(subject, role, unit)
    if lifetime <= timedelta(0):
        raise BadRequest("a token must live for some time", {"lifetime": ["Must be above zero."]})
    issued_at = now or datetime.now(UTC)
    claims = {"sub": subject, "role": caller.role.value, "iat": issued_at, "exp": issued_at + lifetime}
    if unit is not None:
        claims["unit"] = unit
    folder = keys_folder or settings().keys_folder
    make_keys(folder)
    return jwt.encode(claims, (folder / PRIVATE_KEY).read_bytes(), algorithm="EdDSA")


def read_token(token: str | None, now: datetime | None = None, *, keys_folder: Path | None = None) -> Caller:
    """Who a token proves to call. Raises NotAuthenticated or TokenExpired, in plain words."""
    if not token:
        raise NotAuthenticated("there is no token: put a signed one into the call's auth_token")
    caller, expires_at = _proved(token, keys_folder or settings().keys_folder)
    if expires_at <= (now or datetime.now(UTC)):
        raise TokenExpired(f"the token expired at {expires_at:%Y-%m-%dT%H:%M:%SZ}; ask for a new one")
    return caller


@lru_cache(maxsize=4096)
def _proved(token: str, folder: Path) -> tuple[Caller, datetime]:
    """Who a token names and until when. Checking the signature costs more than all else in a small call: it is kept."""
    try:
        claims = jwt.decode(
            token,
            _public_key(folder),
            algorithms=["EdDSA"],
            options={"require": list(_CLAIMS), "verify_exp": False, "verify_iat": False, "verify_aud": False},
        )
        expires_at = datetime.fromtimestamp(claims["exp"], UTC)
        return _caller(claims["sub"], claims["role"], claims.get("unit")), expires_at
    except jwt.InvalidSignatureError:
        raise NotAuthenticated("the token was not signed with this suite's key") from None
    except jwt.MissingRequiredClaimError as fault:
        raise NotAuthenticated(f"the token lacks the claim {fault.claim}") from None
    except BadRequest as fault:
        raise NotAuthenticated(f"the token says something that can't be: {fault.message}") from None
    except (jwt.InvalidTokenError, TypeError, ValueError, OverflowError, OSError):
        raise NotAuthenticated("the token is not one of ours: it can't be read") from None


def make_keys(folder: Path) -> None:
    """Makes the key pair unless it is there. Of several processes that do so at once, one wins and all use its pair."""
    private, public = folder / PRIVATE_KEY, folder / PUBLIC_KEY
    if public.exists() and private.exists():
        return
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not private.exists():
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        _write_once(private, pem, 0o600)
    key = serialization.load_pem_private_key(private.read_bytes(), password=None)
    pem = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    _write_once(public, pem, 0o644)


def _caller(subject: object, role: object, unit: object) -> Caller:
    if not isinstance(subject, str) or not subject.strip():
        raise BadRequest("a token needs a subject", {"subject": ["Must not be empty."]})
    try:
        known = Role(str(role))
    except ValueError:
        raise BadRequest(f"unknown role {role!r}", {"role": [f"Must be one of: {', '.join(Role)}."]}) from None
    if unit is not None:
        tier_of(str(unit))
    elif known not in UNBOUND_ROLES | {Role.PUBLIC}:
        raise BadRequest(f"a {known} needs a unit", {"unit": ["Must not be empty for this role."]})
    return Caller(subject, known, None if unit is None else str(unit))


def _public_key(folder: Path) -> bytes:
    path = folder / PUBLIC_KEY
    if not path.exists():
        make_keys(folder)
    stat = path.stat()
    return _read_key(path, stat.st_mtime_ns, stat.st_ino)


@lru_cache(maxsize=8)
def _read_key(path: Path, _changed_at: int, _file_number: int) -> bytes:
    return path.read_bytes()


def _write_once(path: Path, content: bytes, mode: int) -> None:
    """Writes a file whole or not at all, and leaves one that another process wrote first."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    try:
        os.link(beside, path)
    except FileExistsError:
        return
    finally:
        beside.unlink()
