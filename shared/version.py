"""Which version of the suite this is, as its project file says."""

import tomllib
from functools import cache

from shared.settings import PROJECT_FOLDER


@cache
def version() -> str:
    with (PROJECT_FOLDER / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])
