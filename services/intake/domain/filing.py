"""What comes in by call and not from the hotline: a visit, a letter, a form. It goes the same way as any order.

Its number is made from who filed it under which key, so that the same filing again is the same order, however late.
"""

import hashlib

from services.intake.domain.spelling import spelled
from shared.contracts.vocabulary import IssueOrigin, OwnChannel, RequestKind

PROPOSING = frozenset({RequestKind.PROPOSAL, RequestKind.IDEA})
_LETTERS = {OwnChannel.VISIT: "V", OwnChannel.LETTER: "P", OwnChannel.ONLINE: "W"}
_DIGITS = 12


def order_no_of(channel: OwnChannel, filer: str, key: str) -> str:
    """Such as V-7KZ3MQ2XAB5C (visit), P- (post) or W- (web)."""
    return f"{_LETTERS[channel]}-{_digits(filer, key)}"


def issue_id_of(origin: IssueOrigin, raiser: str, key: str) -> str:
    """Of an issue that begins without an order, such as I-deputy-7KZ3MQ2XAB5C."""
    return f"I-{origin.value}-{_digits(raiser, key)}"


def resident_ref(subject: str) -> str:
    """By what a resident is known who files online. The phone they give is nobody's proof, and tells nobody apart."""
    return f"resident:{subject}"


def _digits(whose: str, key: str) -> str:
    return spelled(hashlib.sha256(f"{whose}\0{key}".encode()).digest(), _DIGITS)
