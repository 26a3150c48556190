"""What comes in by call and not from the hotline: a visit, a letter, a form. It goes the same way as any order.

Its number is made from who filed it under which key, so that the same filing again is the same order, however late.
"""

import hashlib
from base64 import b32encode

from shared.contracts.vocabulary import OwnChannel, RequestKind

PROPOSING = frozenset({RequestKind.PROPOSAL, RequestKind.IDEA})
_LETTERS = {OwnChannel.VISIT: "V", OwnChannel.LETTER: "L", OwnChannel.ONLINE: "O"}
_DIGITS = 12


def order_no_of(channel: OwnChannel, filer: str, key: str) -> str:
    """Such as V-7KZ3MQ2XAB5C."""
    digest = hashlib.sha256(f"{filer}\0{key}".encode()).digest()
    return f"{_LETTERS[channel]}-{b32encode(digest).decode()[:_DIGITS]}"


def resident_ref(subject: str) -> str:
    """By what a resident is known who files online. The phone they give is nobody's proof, and tells nobody apart."""
    return f"resident:{subject}"
