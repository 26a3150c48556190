"""How often things happen in a rehearsal, read from `shares.toml`, and the words of made-up complaints."""

import tomllib
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

FOLDER = Path(__file__).parent


@cache
def shares() -> Any:
    """`shares().handlers.return_ratio`; tables with made-up keys, such as hours, stay dicts."""
    read = tomllib.loads((FOLDER / "shares.toml").read_text(encoding="utf-8"))
    return SimpleNamespace(**{name: SimpleNamespace(**section) for name, section in read.items()})


@cache
def texts() -> dict[str, Any]:
    """Templates of complaints by category, and the parts they are filled with."""
    return tomllib.loads((FOLDER / "texts.toml").read_text(encoding="utf-8"))
