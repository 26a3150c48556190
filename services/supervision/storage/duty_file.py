"""Reads the duty list that lies beside the service."""

import tomllib
from functools import cache
from pathlib import Path

from services.supervision.domain.duty_list import BadDutyList, DutyList

SHIPPED = Path(__file__).resolve().parents[1] / "duty_list.toml"


@cache
def duty_list(path: Path = SHIPPED) -> DutyList:
    """The duty list of a file. Raises BadDutyList, which names what is wrong."""
    try:
        return DutyList.read(tomllib.loads(path.read_text(encoding="utf-8")), path.name)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise BadDutyList(f"{path.name}: can't be read: {fault}") from None
