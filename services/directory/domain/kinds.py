"""All kinds of entries: those that are told to others, and the two that stay here."""

from services.directory.domain.errors import UnknownKind
from services.directory.domain.people import PersonFacts, PersonPart, ResidentFacts, ResidentPart
from shared.contracts.base import Event
from shared.directory.kinds import KINDS, Kind

PERSON = Kind("person", PersonPart, PersonFacts, Event)
RESIDENT = Kind("resident", ResidentPart, ResidentFacts, Event, about="person")

ALL = {kind.name: kind for kind in (*KINDS, PERSON, RESIDENT)}
PRIVATE = frozenset({PERSON.name, RESIDENT.name})


def kind_named(name: str) -> Kind:
    """Raises UnknownKind, which names those there are."""
    if name not in ALL:
        raise UnknownKind(f"there is no kind {name!r}", {"kind": [f"Must be one of: {', '.join(ALL)}."]})
    return ALL[name]
