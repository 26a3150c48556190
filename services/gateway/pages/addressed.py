"""What the address of a list asks for: every filter by its name, and where to go on."""

from enum import StrEnum
from typing import TypeVar

from flask import request

from services.gateway.places import place_named
from shared.errors import BadRequest, NotAllowed
from shared.units import is_within

E = TypeVar("E", bound=StrEnum)
LONGEST = 200


def asked(name: str) -> str:
    """As it stands in the address, empty where it does not."""
    return request.args.get(name, "").strip()[:LONGEST]


def asked_of(kind: type[E], name: str) -> E | None:
    """One of these words, None where nothing is asked. Raises BadRequest for another word."""
    word = asked(name)
    if not word:
        return None
    try:
        return kind(word)
    except ValueError:
        raise BadRequest(f"no such {name}", {name: [f"Must be one of: {', '.join(kind)}."]}) from None


def asked_unit() -> str:
    """The code of a unit of the district, empty where none is asked. Raises BadRequest for another code."""
    code = asked("unit")
    if code and place_named(code) is None:
        raise BadRequest("no such unit", {"unit": ["Must be the code of a unit of this district."]})
    return code


def asked_within(own: str) -> str:
    """The same inside one's own unit, which is meant where none is asked. Raises also NotAllowed for another."""
    unit = asked_unit() or own
    if not is_within(unit, own):
        raise NotAllowed(f"{unit} is looked at by who works in it or above it, not by {own}")
    return unit


def cursor() -> str:
    """Where the page before ended."""
    return asked("after")
