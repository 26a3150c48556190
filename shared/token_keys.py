"""The keys that sign and prove tokens, and the tokens that were taken back: files in the keys folder.

`token.key` signs for whoever operates the suite, `gateway.key` for who signed in with a browser; both are private.
`keys.json` is a JWK set (RFC 7517) of the public keys whose tokens are good, each named by its `kid`. `revoked.json`
lists what was taken back. Both are read again as soon as they change: a service learns of it with the next call.
Whoever only reads tokens needs the two JSON files alone.
"""

import base64
import fcntl
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from jwt import PyJWKSet
from jwt.algorithms import OKPAlgorithm
from jwt.exceptions import PyJWKSetError

from shared.whole_file import write_whole

PUBLIC_KEYS, REVOKED = "keys.json", "revoked.json"


class Signer(StrEnum):
    """Who signs tokens, by the name of the private key."""

    OPERATOR = "token"
    GATEWAY = "gateway"

    @property
    def file(self) -> str:
        return f"{self}.key"


PRIVATE_KEY = Signer.OPERATOR.file


class UnknownKey(Exception):
    """No key has this kid."""


class KeysUnreadable(Exception):
    """A file of keys or of what was taken back is broken. Until it is mended nobody is let in."""


@dataclass(frozen=True)
class Revocation:
    """What was taken back: one token by its id, or all that were issued to a subject until an instant."""

    token_id: str
    subject: str
    revoked_at: datetime
    reason: str

    def covers(self, token_id: str, subject: str, issued_at: datetime) -> bool:
        if self.token_id:
            return self.token_id == token_id
        return self.subject == subject and issued_at <= self.revoked_at


def make_keys(folder: Path) -> None:
    """Makes the first key unless there is one. Of several processes that do so at once, one does and the rest wait."""
    if (folder / PUBLIC_KEYS).exists():
        return
    with _alone(folder):
        if (folder / PUBLIC_KEYS).exists():
            return
        if not (folder / PRIVATE_KEY).exists():
            write_whole(folder / PRIVATE_KEY, _new_key(), 0o600)
        _write_keys(folder, [_described(_signing_key(folder).public_key())])


def sign_anew(folder: Path, signer: Signer = Signer.OPERATOR) -> str:
    """Make another key sign from now on, and give its kid. Tokens of earlier keys stay good until those are retired."""
    make_keys(folder)
    with _alone(folder):
        return _make_another(folder, signer)


def _make_another(folder: Path, signer: Signer) -> str:
    private = _new_key()
    public = _described(_loaded(private).public_key())
    _write_keys(folder, [public, *public_keys(folder)])  # first it is known, then it signs
    write_whole(folder / signer.file, private, 0o600)
    return str(public["kid"])


def retire(folder: Path, kid: str) -> None:
    """Let no token of a key be good any more. Raises UnknownKey, also for the key that signs."""
    make_keys(folder)
    with _alone(folder):
        kept = [key for key in public_keys(folder) if key["kid"] != kid]
        if kid in signing_kids(folder) or len(kept) == len(public_keys(folder)):
            raise UnknownKey(kid)
        _write_keys(folder, kept)


def revoke(folder: Path, revocation: Revocation) -> None:
    """Take back tokens. Twice is once: the earlier entry stays."""
    with _alone(folder):
        known = revocations(folder)
        same = (revocation.token_id, revocation.subject)
        if revocation.token_id and same in [(one.token_id, one.subject) for one in known]:
            return
        entries = [vars(one) | {"revoked_at": one.revoked_at.isoformat()} for one in (*known, revocation)]
        write_whole(folder / REVOKED, json.dumps({"revoked": entries}, ensure_ascii=False, indent=1).encode(), 0o644)


def signing_key(folder: Path, signer: Signer = Signer.OPERATOR) -> tuple[str, Ed25519PrivateKey]:
    """The kid and the key with which to sign. The gateway's is made when it first signs."""
    make_keys(folder)
    if not (folder / signer.file).exists() and signer is not Signer.OPERATOR:
        with _alone(folder):
            if not (folder / signer.file).exists():
                _make_another(folder, signer)
    key = _signing_key(folder, signer)
    return str(_described(key.public_key())["kid"]), key


def signing_kid(folder: Path) -> str:
    """The kid of the key that signs here; empty on a machine that has only the public ones."""
    return signing_key(folder)[0] if (folder / PRIVATE_KEY).exists() else ""


def signing_kids(folder: Path) -> dict[str, Signer]:
    """Who signs with which key, by its kid; those whose private key is here."""
    return {signing_key(folder, one)[0]: one for one in Signer if (folder / one.file).exists()}


def public_keys(folder: Path) -> list[dict[str, Any]]:
    """The public keys whose tokens are good, as in the file, newest first."""
    make_keys(folder)
    content = _read(folder / PUBLIC_KEYS)
    return list(content.get("keys", []))


def proving_keys(folder: Path) -> PyJWKSet:
    """The same, ready to prove a signature. An object of its own for every version of the file."""
    make_keys(folder)
    return _key_set(*_marked(folder / PUBLIC_KEYS))


def revocations(folder: Path) -> tuple[Revocation, ...]:
    """What was taken back."""
    path = folder / REVOKED
    return _revoked(*_marked(path)) if path.exists() else ()


@lru_cache(maxsize=8)
def _key_set(path: Path, _mark: tuple[int, ...]) -> PyJWKSet:
    content = _read(path)
    try:
        return PyJWKSet.from_dict(content)
    except (PyJWKSetError, AttributeError, TypeError) as fault:
        raise KeysUnreadable(f"{path}: {fault}") from None


@lru_cache(maxsize=8)
def _revoked(path: Path, _mark: tuple[int, ...]) -> tuple[Revocation, ...]:
    content = _read(path)
    try:
        return tuple(
            Revocation(
                token_id=str(one["token_id"]),
                subject=str(one["subject"]),
                revoked_at=datetime.fromisoformat(one["revoked_at"]).astimezone(UTC),
                reason=str(one["reason"]),
            )
            for one in content["revoked"]
        )
    except (KeyError, TypeError, ValueError) as fault:
        raise KeysUnreadable(f"{path}: {fault!r}") from None


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError) as fault:
        raise KeysUnreadable(f"{path}: {fault}") from None
    if not isinstance(content, dict):
        raise KeysUnreadable(f"{path}: must be one JSON object")
    return content


def _marked(path: Path) -> tuple[Path, tuple[int, ...]]:
    """A path, and what changes when its content does."""
    stat = path.stat()
    return path, (stat.st_ino, stat.st_mtime_ns, stat.st_size)


def _described(key: Ed25519PublicKey) -> dict[str, Any]:
    """As a JWK; its kid is the thumbprint of RFC 7638, so that the same key has the same name everywhere."""
    jwk = OKPAlgorithm.to_jwk(key, as_dict=True)
    essence = json.dumps({name: jwk[name] for name in ("crv", "kty", "x")}, separators=(",", ":"))
    kid = base64.urlsafe_b64encode(hashlib.sha256(essence.encode()).digest()).rstrip(b"=").decode()
    return jwk | {"kid": kid, "alg": "EdDSA", "use": "sig"}


def _write_keys(folder: Path, keys: list[dict[str, Any]]) -> None:
    write_whole(folder / PUBLIC_KEYS, json.dumps({"keys": keys}, indent=1).encode(), 0o644)


def _new_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _signing_key(folder: Path, signer: Signer = Signer.OPERATOR) -> Ed25519PrivateKey:
    return _loaded((folder / signer.file).read_bytes())


def _loaded(pem: bytes) -> Ed25519PrivateKey:
    key = serialization.load_pem_private_key(pem, password=None)
    assert isinstance(key, Ed25519PrivateKey)
    return key


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
