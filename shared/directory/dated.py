"""The units as of an instant: with the parents that they have then, and with what came after those that ended."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain

from shared.units import NoCoveringUnit, Tier, Unit, UnitDirectory, parent_of, tier_of
from shared.units.places import NamedPlace, PlaceFinder


class DatedUnits(UnitDirectory):
    """As `UnitDirectory`; who lies inside whom is what the directory says, and only by default what codes say."""

    def __init__(
        self,
        units: Iterable[Unit],
        parents: Mapping[str, str],
        successors: Mapping[str, Sequence[str]],
        *,
        neighbours: Iterable[Unit] = (),
    ) -> None:
        ours = list(units)
        super().__init__(ours, neighbours)
        self._named_places: Sequence[NamedPlace] = ()
        self._parents = {unit.code: parents.get(unit.code) or parent_of(unit.code) for unit in ours}
        self._successors = successors
        self._above: dict[str, tuple[str, ...]] = {}
        self._below: dict[str, tuple[str, ...]] = {}
        self._inside: dict[str, list[str]] = defaultdict(list)
        for code, parent in sorted(self._parents.items()):
            if parent is not None:
                self._inside[parent].append(code)

    @property
    def district(self) -> str:
        """The code of the district; empty while no unit is known."""
        return next((unit.code for unit in self.of_tier(Tier.DISTRICT)), "")

    def parent_of(self, code: str) -> str | None:
        """The unit above; None for a district. A unit that has ended has the parent its code names."""
        return self._parents[code] if code in self._parents else parent_of(code)

    def ancestors_of(self, code: str) -> tuple[str, ...]:
        """The units above, nearest first."""
        known = self._above.get(code)
        if known is not None:
            return known
        above: list[str] = []
        while (parent := self.parent_of(above[-1] if above else code)) is not None and parent not in above:
            above.append(parent)
        if code in self._parents:
            self._above[code] = tuple(above)
        return tuple(above)

    def lineage_of(self, code: str) -> tuple[str, ...]:
        """A unit and those above it, itself first."""
        return (code, *self.ancestors_of(code))

    def so_far_up(self, code: str, tiers: int) -> str:
        """The unit so many tiers above; the district where there are not so many."""
        lineage = self.lineage_of(code)
        return lineage[min(tiers, len(lineage) - 1)]

    def at_least(self, code: str, tier: Tier) -> str:
        """The unit itself, or the nearest above it, that stands so high; itself where none does."""
        return next((one for one in self.lineage_of(code) if tier_of(one) >= tier), code)

    def community_of(self, code: str) -> str:
        """The community that a unit lies in or is; empty for what is above communities."""
        return next((one for one in self.lineage_of(code) if tier_of(one) is Tier.COMMUNITY), "")

    def is_within(self, code: str, unit: str) -> bool:
        """Whether `code` is `unit` itself or lies inside it now."""
        return code == unit or unit in self.ancestors_of(code)

    def covering_unit(self, codes: Iterable[str]) -> str:
        """The lowest unit that covers all of them. Raises NoCoveringUnit."""
        first, *others = list(codes)
        for unit in self.lineage_of(first):
            if all(self.is_within(other, unit) for other in others):
                return unit
        raise NoCoveringUnit(f"no unit covers all of: {', '.join((first, *others))}")

    def children_of(self, code: str) -> tuple[Unit, ...]:
        return tuple(self.get(one) for one in self._inside.get(code, ()))

    def inside(self, code: str) -> list[str]:
        """The unit and all inside it that hold now, whichever tier."""
        return list(self._all_inside(code))

    def _all_inside(self, code: str) -> tuple[str, ...]:
        known = self._below.get(code)
        if known is None:
            below = chain.from_iterable(self._all_inside(one) for one in self._inside.get(code, ()))
            known = (code, *below)
            if code in self._parents:
                self._below[code] = known
        return known

    def know_places(self, places: Sequence[NamedPlace]) -> None:
        """Find these in texts from now on, beside the units."""
        if places is not self._named_places:
            self._named_places = places
            vars(self).pop("_places", None)

    @cached_property
    def _places(self) -> PlaceFinder:
        return PlaceFinder(self._by_code, self._named_places)

    def standing_for(self, code: str) -> tuple[str, ...]:
        """The unit that a code means, however it is written; once it has ended what came after it. Empty if unknown."""
        unit = self.find(code)
        return (unit.code,) if unit is not None else self.successors_of(code)

    def successors_of(self, code: str) -> tuple[str, ...]:
        """What stands in a unit's place now: itself while it holds, else those that came after it; none if unknown."""
        return tuple(dict.fromkeys(self._after(code, frozenset())))

    def _after(self, code: str, seen: frozenset[str]) -> Iterator[str]:
        """Those that name each other as successors are passed by."""
        if code in self._parents:
            yield code
        elif code not in seen:
            for one in self._successors.get(code, ()):
                yield from self._after(one, seen | {code})

    def has_ended(self, code: str) -> bool:
        """Whether it was a unit of ours once."""
        return code in self._successors and code not in self._parents

    def heir_of(self, code: str) -> str:
        """Who holds now what a unit held: itself while it holds; of several successors the unit that covers them all;

        without one the unit above. Whoever knows a place chooses among `successors_of` by it instead.
        """
        if code in self._parents:
            return code
        successors, above = self.successors_of(code), self.parent_of(code)
        if successors:
            return self.covering_unit(successors)
        return self.heir_of(above) if above is not None else code

    def ever_inside(self, code: str) -> list[str]:
        """As `inside`, and those that have ended and whose successors lie inside: for what happened there before."""
        ended = (one for one in self._successors if one not in self._parents)
        return [*self.inside(code), *(one for one in ended if self.is_within(self.heir_of(one), code))]
