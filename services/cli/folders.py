"""Where the project and everything it makes at run time are. Nothing is ever written outside the var folder."""

from pathlib import Path

from shared.settings import PROJECT_FOLDER, settings

ROOT = PROJECT_FOLDER


def in_var(*names: str) -> Path:
    return settings().var_folder.joinpath(*names)


def broker_folder() -> Path:
    return in_var("broker")


def topology_file() -> Path:
    """The broker loads this at start; `topology` and `up` write it."""
    return in_var("broker", "topology.json")


def supervisor_folder() -> Path:
    return in_var("supervisor")


def log_folder() -> Path:
    return in_var("log")
