"""Callers' personal data and residents' own words under lock: sealed with AES-GCM; callers are known elsewhere only by
a pseudonym.

Two keys of their own in one file, made at first use. Whoever loses the file loses the callers; a backup must hold it.
"""

import hashlib
import hmac
import os
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

from services.intake.domain.caller import known_by
from services.intake.domain.own_words import OwnWords, Said
from services.intake.domain.spelling import as_meant, spelled
from shared.contracts.hotline import CallerPart
from shared.sealing import BadKeyFile, WrongKey, made_once
from shared.settings import settings

KEY_FILE = "intake-callers.key"
KEY_BYTES, NONCE_BYTES = 32, 12
PSEUDONYM_LENGTH = 32
CHECK_SIGNS = 10
WORDS = "words"
TEXT = b"text"
KNOWN_TEXTS = 8192
"""Texts that a process has opened and remembers: the same open issues are compared with, batch after batch."""


class Seal:
    """Seals and opens what a caller said, also of themselves; bound to the order, so that rows can't be exchanged."""

    def __init__(self, keys: bytes) -> None:
        if len(keys) != 2 * KEY_BYTES:
            raise BadKeyFile(f"the callers' keys must have {2 * KEY_BYTES} bytes, not {len(keys)}")
        self._cipher = AESGCM(keys[:KEY_BYTES])
        self._pseudonym_key = keys[KEY_BYTES:]
        self.key_id = hashlib.sha256(keys).hexdigest()[:16]

    def pseudonym(self, caller: CallerPart) -> str:
        """The same for the same caller; empty for one who can't be told from others."""
        known = known_by(caller)
        if not known:
            return ""
        return self._mac(known.encode()).hex()[:PSEUDONYM_LENGTH]

    def check_code(self, order_no: str) -> str:
        """With which whoever has it follows this order, such as 7KZ3M-Q2XAB. Kept nowhere."""
        code = spelled(self._mac(f"check:{order_no}".encode()), CHECK_SIGNS)
        return f"{code[: CHECK_SIGNS // 2]}-{code[CHECK_SIGNS // 2 :]}"

    def is_check_code(self, code: str, order_no: str) -> bool:
        """However it is written down; in a time that tells nothing of the right one."""
        right = self.check_code(order_no).replace("-", "")
        return hmac.compare_digest(as_meant(code).encode(), right.encode())

    def _mac(self, said: bytes) -> bytes:
        return hmac.digest(self._pseudonym_key, said, "sha256")

    def close(self, caller: CallerPart, order_no: str) -> bytes:
        return self._closed(vars(caller), order_no)

    def open(self, sealed: bytes, order_no: str) -> CallerPart:
        """Raises WrongKey."""
        return CallerPart(**self._opened(sealed, order_no, f"the caller of order {order_no}"))

    def close_words(self, words: OwnWords, order_no: str) -> bytes:
        return self._closed(vars(words), f"{order_no}\0{WORDS}")

    def open_words(self, sealed: bytes, order_no: str) -> OwnWords:
        """Raises WrongKey."""
        said = self._opened(sealed, f"{order_no}\0{WORDS}", f"the words of order {order_no}")
        earlier, supplements = (tuple(map(_said, said.pop(name))) for name in ("earlier", "supplements"))
        return OwnWords(**said, earlier=earlier, supplements=supplements)

    def close_text(self, text: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, text.encode(), TEXT)

    def open_text(self, sealed: bytes) -> str:
        """Raises WrongKey."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], TEXT).decode()
        except (InvalidTag, ValueError):
            raise WrongKey("this text can't be unsealed with this key") from None

    def _closed(self, said: dict[str, Any], bound_to: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, orjson.dumps(said), bound_to.encode())

    def _opened(self, sealed: bytes, bound_to: str, what: str) -> dict[str, Any]:
        try:
            plain = self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to.encode())
        except (InvalidTag, ValueError):
            raise WrongKey(f"{what} can't be unsealed with this key") from None
        said: dict[str, Any] = orjson.loads(plain)
        return said


def _said(one: dict[str, str]) -> Said:
    return Said(datetime.fromisoformat(one["at"]), one["content"], one["title"])


class SealedText(TypeDecorator[str]):
    """A text that is sealed in its column and plain outside. What this key does not open comes out empty."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else seal_in().close_text(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else _opened_text(seal_in(), bytes(value))


@lru_cache(maxsize=KNOWN_TEXTS)
def _opened_text(seal: Seal, sealed: bytes) -> str:
    try:
        return seal.open_text(sealed)
    except WrongKey:
        return ""


def has_personal_data(caller: CallerPart) -> bool:
    return any(vars(caller).values())


@cache
def seal_in(folder: Path | None = None) -> Seal:
    """The seal with the keys in a folder (the settings' one); made there if there are none."""
    path = (folder or settings().keys_folder) / KEY_FILE
    return Seal(made_once(path, 2 * KEY_BYTES))
