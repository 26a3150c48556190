"""Halls, deputies and experts drawn from a seed, for exercises. The same seed gives the same ones for every unit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from services.directory.domain.exercise_plan import ExercisePlan, HallPlan, shared_out
from services.directory.domain.making import Draft
from services.directory.domain.people import PersonFacts
from shared.contracts.directory import DeputyFacts, HallFacts
from shared.contracts.directory_words import DeputyRole, HallKind
from shared.directory.dated import DatedUnits
from shared.units import Tier, Unit

NAME_ENDINGS = ("居民委员会", "居委会", "村委会", "社区")
LINK = "https://yishi.example.org"


@dataclass(frozen=True)
class Drawing:
    """What is drawn for all units of a district."""

    plan: ExercisePlan
    units: DatedUnits
    seed: int
    full: bool

    def councils(self) -> Iterator[Draft]:
        """Every unit with its halls, its deputies, and from the street upwards experts on call."""
        codes = {tier: [unit.code for unit in self.units.of_tier(tier)] for tier in Tier}
        deputies = self.plan.deputies_for(codes, full=self.full)
        communities = len(codes[Tier.COMMUNITY])
        halls = [
            (hall, self.plan.halls_for(hall, codes[hall.tier], communities, full=self.full)) for hall in self.plan.halls
        ]
        for tier in Tier:
            for unit in self.units.of_tier(tier):
                draw = Random(f"{self.seed}/directory/{unit.code}")
                yield from self._halls(unit, halls, draw)
                yield from self._deputies(unit, deputies.get(unit.code, 0), draw)
                if tier >= Tier.STREET:
                    yield from self._experts(unit, draw)

    def _halls(self, unit: Unit, halls: Sequence[tuple[HallPlan, Mapping[str, int]]], draw: Random) -> Iterator[Draft]:
        within = self.units.parent_of(unit.code) if unit.tier is Tier.GRID else None
        name = (short_name(self.units.get(within).name) if within else "") + short_name(unit.name)
        for plan, counts in halls:
            count = counts.get(unit.code, 0)
            for number in range(1, count + 1):
                yield self._hall(unit.code, name, plan, number, count, draw)

    def _hall(self, unit_code: str, unit_name: str, plan: HallPlan, number: int, count: int, draw: Random) -> Draft:
        is_online = plan.kind is HallKind.ONLINE
        counted = f"（{number}）" if count > 1 else ""
        place = f"{unit_name}{draw.choice(self.plan.names.roads)}{draw.randint(1, 60)}号"
        facts = HallFacts(
            name=f"{unit_name}{plan.label}{counted}",
            unit=unit_code,
            kind=plan.kind,
            address="网上" if is_online else place,
            opening_hours=plan.opening_hours,
            contact=f"议事厅联络员 {self.plan.names.person(draw)}，电话 010-0000{draw.randint(0, 9999):04}",
            capacity=plan.capacity,
            link=f"{LINK}/{unit_code}/{number}" if is_online else "",
        )
        return Draft("hall", f"{unit_code}/{plan.kind}-{number}", facts)

    def _deputies(self, unit: Unit, count: int, draw: Random) -> Iterator[Draft]:
        seats = shared_out(count, self.plan.categories)
        categories = [category.value for category, seated in seats.items() for _ in range(seated)]
        for number, category in enumerate(categories, start=1):
            yield from self._person(unit.code, f"D{number:03}", DeputyRole.DEPUTY, category, draw)

    def _experts(self, unit: Unit, draw: Random) -> Iterator[Draft]:
        fields = [field for field, count in self.plan.experts.items() for _ in range(count)]
        for number, field in enumerate(fields, start=1):
            yield from self._person(unit.code, f"X{number:02}", DeputyRole.EXPERT, field, draw)

    def _person(self, unit_code: str, number: str, role: DeputyRole, category: str, draw: Random) -> Iterator[Draft]:
        """Somebody, and what they are in the unit."""
        id, name = f"{unit_code}/{number}", self.plan.names.person(draw)
        yield Draft("person", id, PersonFacts(name=name, unit=unit_code))
        yield Draft(
            "deputy", id, DeputyFacts(person=id, person_name=name, unit=unit_code, role=role, category=category)
        )


def short_name(name: str) -> str:
    """A unit's name as it stands in front of a hall's: without the committee behind it."""
    ending = next((one for one in NAME_ENDINGS if len(name) > len(one) and name.endswith(one)), None)
    return short_name(name.removesuffix(ending)) if ending else name
