"""A message as it is shown to who has no need to read it: its shape, its codes and instants, and not its words."""

import re
from typing import Any

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/+-]{0,99}")
SHOWN = re.compile(
    r"(?:^|_)(?:order_no|id|ids|code|codes|at|on|kind|type|source|subject|specversion|time|datacontenttype)$"
)
OF_A_PERSON = re.compile(r"(?:\+?86)?1[3-9]\d{9}|\d{17}[\dXx]")
"""A phone, or the number of an identity card, under whatever name."""
PERSONAL = {"caller", "respondent"}


def masked(message: Any, name: str = "") -> Any:
    """Texts as how many signs they have, but for codes and instants under names that say they are such."""
    if isinstance(message, dict):
        is_personal = name in PERSONAL
        return {_key(key): masked(inner, "caller" if is_personal else key) for key, inner in message.items()}
    if isinstance(message, list):
        return [masked(inner, name) for inner in message]
    if message is None or isinstance(message, bool):
        return message
    text = str(message)
    is_code = SHOWN.search(name) and CODE.fullmatch(text)
    return message if is_code and not (OF_A_PERSON.fullmatch(text) and name != "order_no") else _mask(text)


def _key(key: str) -> str:
    """Names are given by contracts; one that is none may be anything."""
    return key if CODE.fullmatch(key) and not OF_A_PERSON.fullmatch(key) else _mask(key)


def _mask(text: str) -> str:
    return f"*** ({len(text)} signs)"
