"""What can be read off an order by itself, before anything is looked up: place, category, disposition, gist."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.intake.domain.catalogue import Catalogue, Category
from services.intake.domain.complaint import fingerprint_of
from services.intake.domain.likeness import Gist
from services.intake.domain.own_words import words_of
from services.intake.domain.place import Located, locate
from services.intake.domain.respondent import Respondents, as_lines
from shared.contracts.hotline import ComplaintFiledV1
from shared.contracts.vocabulary import DispatchKind, Disposition, SlaClass
from shared.directory.dated import DatedUnits


@dataclass(frozen=True, slots=True)
class Reading:
    """An order as we understand it."""

    fingerprint: str
    located: Located
    category: Category
    sla_class: SlaClass
    dispatch_kind: DispatchKind
    disposition: Disposition | None
    suggested_disposition: Disposition | None
    gist: Gist
    respondents: str = ""

    @property
    def unit_code(self) -> str:
        return self.located.unit_code

    @property
    def goes_its_way(self) -> bool:
        """Whether it is for a unit at once, without a clerk and without an answer on the spot."""
        return self.disposition is None and self.located.doubt is None


class Reader:
    """Reads orders by a catalogue and the units of an instant."""

    def __init__(self, catalogue: Catalogue, units: DatedUnits, respondents: Callable[[], Respondents]) -> None:
        self.catalogue = catalogue
        self.units = units
        self._respondents = respondents

    def read(self, event: ComplaintFiledV1) -> Reading:
        content = event.content[: self.catalogue.matching.content_characters]
        located, against = self.locate(event.place.unit_codes, event.place.address, f"{event.title}\n{content}"), ""
        if event.respondent:
            named = self._respondents().named(event.respondent, located.unit_code, self.units)
            located, against = located._replace(unit_code=named.unit_code), as_lines(named.respondents)
        is_emergency = event.disposition is Disposition.EMERGENCY_LINE
        category = self.catalogue.category_of(event.category, event.title, event.content)
        return Reading(
            fingerprint=fingerprint_of(event),
            located=located,
            category=category,
            sla_class=SlaClass.EMERGENCY if is_emergency else event.sla_class or category.sla_class,
            dispatch_kind=event.dispatch_kind or (DispatchKind.DIRECT if located.is_clear else DispatchKind.RELAYED),
            disposition=None if is_emergency else event.disposition,
            suggested_disposition=event.disposition if is_emergency else self.catalogue.disposition_of(event.title),
            respondents=against,
            gist=words_of(event).gist(self.catalogue.matching.likeness_characters),
        )

    def locate(self, unit_codes: Sequence[str], address: str, text: str = "") -> Located:
        return locate(unit_codes, (address, text), self.units)


class Readings:
    """What was read in one unit of work, so that a batch reads every order once."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[ComplaintFiledV1, Reading]] = {}

    def of(self, event: ComplaintFiledV1, reader: Reader) -> Reading:
        kept = self._kept.get(id(event))
        if kept is None:
            kept = self._kept[id(event)] = (event, reader.read(event))  # holding the event keeps its id its own
        return kept[1]
