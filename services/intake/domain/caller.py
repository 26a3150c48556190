"""By what the person is known whose matter it is: the hotline's reference, else the phone; nothing that many may have.

Whoever calls for somebody else is not that person: of ten neighbours for whom one calls there are ten, and a mother for
whom her daughter calls is the same as when she calls herself, if their phone says so.
"""

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
    """The same for the same person, and empty where two people might have it: anonymous, masked, or a filler."""
    caller_known = _known(caller.ref, caller.phone)
    if not caller.concerned_name and not caller.concerned_phone:
        return caller_known
    name = _plain(caller.concerned_name)
    through_caller = f"{caller_known}|{name}" if caller_known and _tells(name) else ""
    return _known("", caller.concerned_phone) or through_caller


def _known(given_ref: str, given_phone: str) -> str:
    ref, phone = _plain(given_ref), _plain(given_phone)
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
