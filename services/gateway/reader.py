"""Who reads a page: in which language and theme, and as seen at which instant.

Language and theme are the reader's choice, each kept in a cookie that says nothing else; without one the browser's own
wish counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import g, request

from services.gateway import at_hand
from services.gateway.words.catalogue import LANGUAGES, wanted_by, zh
from services.gateway.words.times import Times

LANGUAGE, THEME = "language", "theme"
MACHINE = "machine"
THEMES: Mapping[str, str] = {MACHINE: zh("随设备"), "light": zh("浅色"), "dark": zh("深色")}


@dataclass(frozen=True, slots=True)
class Look:
    """How the reader wants it."""

    language: str
    theme: str


def look() -> Look:
    """Of whoever reads this page."""
    found: Look | None = g.get("look")
    if found is None:
        language = request.cookies.get(LANGUAGE, "")
        theme = request.cookies.get(THEME, MACHINE)
        found = g.look = Look(
            language if language in LANGUAGES else wanted_by(request.headers.get("Accept-Language", "")),
            theme if theme in THEMES else MACHINE,
        )
    return found


def times() -> Times:
    """Says instants as seen now, in the reader's language."""
    found: Times | None = g.get("times")
    if found is None:
        found = g.times = Times(look().language, at_hand.now())
    return found
