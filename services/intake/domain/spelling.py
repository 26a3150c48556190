"""Signs that people read out and copy by hand: digits and letters without I, L, O and U, which pass for others."""

from base64 import b32encode

_OURS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TO_OURS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", _OURS)
_AS_MEANT = str.maketrans("ILO", "110")


def spelled(digest: bytes, signs: int) -> str:
    """The beginning of a digest in such signs, five bits each."""
    return b32encode(digest).decode().translate(_TO_OURS)[:signs]


def as_meant(written: str) -> str:
    """What somebody wrote down, without spaces and dashes, in signs that are ours."""
    return "".join(sign for sign in written.upper() if sign.isalnum()).translate(_AS_MEANT)
