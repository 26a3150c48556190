"""By what a caller is known: the hotline's reference, else the phone; nothing that may stand for many people."""

import re
import unicodedata

from shared.contracts.hotline import CallerPart

_NOBODY = """
匿名 匿名市民 匿名者 匿名用户 匿名来电 无 无名 无名氏 不详 未知 未提供 不提供 不愿透露 保密 暂无 空
anonymous unknown null none nil nan undefined private withheld n/a na
"""
NOBODY = frozenset(_NOBODY.split())
LEAST_PHONE_DIGITS, PHONE_DIGITS = 7, 11
_MASKED = re.compile(r"[*●×○□]")
_MASKED_DIGITS = re.compile(r"[*●×○□]|[xX#]{2,}")
_UNTELLING = re.compile(r"[\W_]+")


def known_by(caller: CallerPart) -> str:
    """The same for the same caller, and empty where two people might have it: anonymous, masked, or a filler."""
    ref, phone = _plain(caller.ref), _plain(caller.phone)
    if _tells(ref):
        return f"ref:{ref}"
    digits = "".join(sign for sign in phone if sign.isdigit())[-PHONE_DIGITS:]
    if _MASKED_DIGITS.search(phone) or len(digits) < LEAST_PHONE_DIGITS or len(set(digits)) == 1:
        return ""
    return f"phone:{digits}"


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _tells(ref: str) -> bool:
    essence = _UNTELLING.sub("", ref).lower()
    return bool(essence.strip("0")) and not _MASKED.search(ref) and not {ref.lower(), essence} & NOBODY
