"""The organisations 机构 that can be given work, by their names and by the units that they serve."""

from collections.abc import Iterable

from shared.contracts.directory import OrganisationPart
from shared.contracts.directory_words import Standing
from shared.directory.dated import DatedUnits


class Organisations:
    """As they hold at one instant. What can only be asked is not among them: it is given no task."""

    def __init__(self, organisations: Iterable[OrganisationPart]) -> None:
        self._serving: dict[tuple[str, str], list[OrganisationPart]] = {}
        for one in sorted(organisations, key=lambda one: one.id):
            if one.standing is Standing.COMMANDED:
                for name in dict.fromkeys((one.name, one.id, *one.aliases)):
                    for unit in one.serves or [one.unit]:
                        self._serving.setdefault((name, unit), []).append(one)

    def serving(self, unit_code: str, name: str, units: DatedUnits) -> list[OrganisationPart]:
        """Those of that name or id that serve a unit, or a unit that it lies in; the nearest first."""
        around = units.lineage_of(unit_code)
        return [one for unit in around for one in self._serving.get((name, unit), ())]
