"""The one check of texts, for events, requests and files.

JSON can write characters that neither UTF-8 nor a database takes: NUL, and halves of surrogate pairs.
"""

import re
from typing import Any

UNSTORABLE = "Must not contain NUL characters or halves of surrogate pairs."

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def is_storable(text: str) -> bool:
    return _UNSTORABLE.search(text) is None


def unstorable_in(value: Any) -> str | None:
    """Where such a character stands in plain JSON values, by a dotted name such as `place.address`; None if nowhere."""
    seen: list[tuple[str, Any]] = [("", value)]
    for place, one in seen:  # grows while it is gone through, so that no nesting is too deep
        if isinstance(one, str) and not is_storable(one):
            return _UNSTORABLE.sub("\ufffd", place.removeprefix("."))
        if isinstance(one, dict):
            seen += [(f"{place}.{name}", inner) for name, member in one.items() for inner in (name, member)]
        elif isinstance(one, list):
            seen += [(f"{place}.{number}", member) for number, member in enumerate(one)]
    return None
