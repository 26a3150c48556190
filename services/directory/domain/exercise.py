"""What was made for exercises gives way to what is entered, and is never mixed with it."""

from collections.abc import Mapping

GIVING_WAY = ("organisation", "desk", "deputy", "hall")
"""Kinds of which there is, in one place, either what was entered or what was made."""


def place_of(kind: str, facts: Mapping[str, object]) -> tuple[object, ...] | None:
    """Where that is: a unit's halls; its deputies, and apart from them its experts; an organisation's desks.

    None for kinds that belong to others.
    """
    if kind == "hall":
        return (facts["unit"],)
    if kind == "deputy":
        return facts["unit"], facts["role"]
    if kind == "desk":
        return (facts["organisation"],)
    if kind == "organisation":
        return facts["unit"], facts["name"]
    return None
