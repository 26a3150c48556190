"""Personal words under lock while the bus keeps them: messages that wait, that failed, or that nobody can read.

Sealed with AES-GCM under a key of the suite's own in the keys folder, made at first use. Whoever loses it loses only
what waits or could not be read. What was kept before there was a seal, or was never sealed, opens as it is.
"""

import base64
import hashlib
import os
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

from shared.settings import settings

KEY_FILE = "bus-messages.key"
KEY_BYTES, NONCE_BYTES, KEY_ID_BYTES = 32, 12, 4
MARK = b"\0sealed\1"
MARK_IN_TEXT = base64.b64encode(MARK)[:10].decode()


class BadKeyFile(ValueError):
    """A file with a key is damaged. It is never overwritten: what was sealed would be lost."""


class WrongKey(ValueError):
    """This was sealed with another key, or is damaged."""


def sealed(plain: bytes) -> bytes:
    """Different each time, also for the same bytes."""
    key, nonce = _key(settings().keys_folder), os.urandom(NONCE_BYTES)
    head = MARK + _id_of(key)
    return head + nonce + AESGCM(key).encrypt(nonce, plain, head)


def is_sealed(kept: bytes) -> bool:
    return kept.startswith(MARK)


def opened(kept: bytes) -> bytes:
    """Raises WrongKey."""
    if not is_sealed(kept):
        return kept
    key, start = _key(settings().keys_folder), len(MARK) + KEY_ID_BYTES
    head, nonce, content = kept[:start], kept[start : start + NONCE_BYTES], kept[start + NONCE_BYTES :]
    if head != MARK + _id_of(key):
        raise WrongKey(f"this was sealed with another key than the one in {KEY_FILE}")
    try:
        return AESGCM(key).decrypt(nonce, content, head)
    except (InvalidTag, ValueError):
        raise WrongKey("this was sealed with our key, and is damaged") from None


def sealed_text(plain: str) -> str:
    """Words under the same seal as a text, for where a text is kept."""
    return base64.b64encode(sealed(plain.encode())).decode()


def opened_text(kept: str) -> str:
    """Raises WrongKey."""
    return opened(base64.b64decode(kept)).decode() if kept.startswith(MARK_IN_TEXT) else kept


class Sealed(TypeDecorator[bytes]):
    """A column whose bytes are sealed in the table and plain outside. What can't be opened comes out sealed."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> Any:
        return value if value is None else sealed(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        try:
            return opened(bytes(value))
        except WrongKey:
            return bytes(value)


def made_once(path: Path, length: int) -> bytes:
    """The random bytes in a file, made if it isn't there; of several processes that do so at once, all use the same."""
    if not path.exists():
        _make(path, length)
    return path.read_bytes()


@cache
def _key(folder: Path) -> bytes:
    key = made_once(folder / KEY_FILE, KEY_BYTES)
    if len(key) != KEY_BYTES:
        raise BadKeyFile(f"{KEY_FILE} must have {KEY_BYTES} bytes, not {len(key)}")
    return key


def _id_of(key: bytes) -> bytes:
    return hashlib.sha256(key).digest()[:KEY_ID_BYTES]


def _make(path: Path, length: int) -> None:
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(os.urandom(length))
    try:
        os.link(beside, path)
    except FileExistsError:
        return
    finally:
        beside.unlink()
