"""What can be read off an order by itself, before anything is looked up: place, category, disposition, gist."""

from dataclasses import dataclass

from services.intake.domain.catalogue import Catalogue, Category
from services.intake.domain.complaint import fingerprint_of
from services.intake.domain.likeness import Gist
from services.intake.domain.own_words import words_of
from services.intake.domain.place import Located, PlaceUnknown, locate
from shared.contracts.hotline import ComplaintFiledV1
from shared.contracts.vocabulary import DispatchKind, Disposition, SlaClass
from shared.directory.dated import DatedUnits


@dataclass(frozen=True, slots=True)
class Reading:
    """An order as we understand it. `place_faults` is not empty when it names units we don't have."""

    fingerprint: str
    located: Located | None
    place_faults: tuple[str, ...]
    category: Category
    sla_class: SlaClass
    dispatch_kind: DispatchKind
    disposition: Disposition | None
    gist: Gist

    @property
    def unit_code(self) -> str:
        return self.located.unit_code if self.located else ""


class Reader:
    """Reads orders by a catalogue and the units of an instant."""

    def __init__(self, catalogue: Catalogue, units: DatedUnits) -> None:
        self.catalogue = catalogue
        self.units = units

    def read(self, event: ComplaintFiledV1) -> Reading:
        located, faults = self._located(event)
        category = self.catalogue.category_of(event.category, event.title, event.content)
        is_clear = located is not None and located.is_clear
        return Reading(
            fingerprint=fingerprint_of(event),
            located=located,
            place_faults=faults,
            category=category,
            sla_class=event.sla_class or category.sla_class,
            dispatch_kind=event.dispatch_kind or (DispatchKind.DIRECT if is_clear else DispatchKind.RELAYED),
            disposition=event.disposition or self.catalogue.disposition_of(event.title),
            gist=words_of(event).gist(self.catalogue.matching.likeness_characters),
        )

    def _located(self, event: ComplaintFiledV1) -> tuple[Located | None, tuple[str, ...]]:
        content = event.content[: self.catalogue.matching.content_characters]
        texts = (event.place.address, f"{event.title}\n{content}")
        try:
            return locate(event.place.unit_codes, texts, self.units), ()
        except PlaceUnknown as fault:
            return None, tuple(fault.messages)


class Readings:
    """What was read in one unit of work, so that a batch reads every order once."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[ComplaintFiledV1, Reading]] = {}

    def of(self, event: ComplaintFiledV1, reader: Reader) -> Reading:
        kept = self._kept.get(id(event))
        if kept is None:
            kept = self._kept[id(event)] = (event, reader.read(event))  # holding the event keeps its id its own
        return kept[1]
