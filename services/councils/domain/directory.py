"""The directory of a unit, made from a seed where nobody has entered one: halls, deputies and experts.

The same seed gives the same directory, whenever and in whatever order units are asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from services.councils.domain.hall import Hall, HallKind
from services.councils.domain.person import ExpertField, Person, PersonRole
from shared.contracts.vocabulary import DeputyCategory
from shared.units import Tier, Unit, tier_of

NAME_ENDINGS = ("居民委员会", "居委会", "村委会", "社区")


@dataclass(frozen=True)
class HallPlan:
    """How many halls of a kind each unit of a tier has."""

    tier: Tier
    kind: HallKind
    count: int
    label: str
    opening_hours: str


@dataclass(frozen=True)
class Names:
    """What generated names and addresses are put together from."""

    surnames: str
    given: Sequence[str]
    roads: Sequence[str]


@dataclass(frozen=True)
class DirectoryPlan:
    """What a directory is generated from."""

    seed: int
    grid_deputies: int
    hall_order: Sequence[HallKind]
    deputies: Mapping[Tier, int]
    categories: Mapping[DeputyCategory, int]
    experts: Mapping[ExpertField, int]
    halls: Sequence[HallPlan]
    names: Names


@dataclass(frozen=True)
class Directory:
    """The halls and people of one unit."""

    unit_code: str
    halls: Sequence[Hall]
    people: Sequence[Person]

    @property
    def deputies(self) -> list[Person]:
        return [person for person in self.people if person.role is PersonRole.DEPUTY]

    @property
    def experts(self) -> list[Person]:
        return [person for person in self.people if person.role is PersonRole.EXPERT]


def make_directory(unit: Unit, plan: DirectoryPlan, *, within: str = "") -> Directory:
    """Generate a unit's directory. A grid has a hall of its own, named after the community it lies `within`;

    its deputies are its community's.
    """
    draw = Random(f"{plan.seed}/directory/{unit.code}")
    halls = [
        _hall(unit, within, hall_plan, number, plan.names, draw)
        for hall_plan in plan.halls
        if hall_plan.tier is unit.tier
        for number in range(1, hall_plan.count + 1)
    ]
    people = _deputies(unit, plan, draw)
    if unit.tier >= Tier.STREET:
        people += _experts(unit, plan, draw)
    return Directory(unit.code, halls, people)


def deputies_of_grid(grid_code: str, community: Sequence[Person], plan: DirectoryPlan) -> list[Person]:
    """Those of a community's deputies who sit for one of its grids; always the same ones."""
    assert tier_of(grid_code) is Tier.GRID
    ordered = sorted(community, key=lambda person: person.id)
    draw = Random(f"{plan.seed}/grid/{grid_code}")
    return draw.sample(ordered, min(plan.grid_deputies, len(ordered)))


def shared_out(total: int, weights: Mapping[DeputyCategory, int]) -> dict[DeputyCategory, int]:
    """Seats by category in proportion to the weights, largest remainders first; they add up to the total."""
    whole = sum(weights.values())
    seats = {category: total * weight // whole for category, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda category: (-(total * weights[category] % whole), category))
    for category in by_remainder[: total - sum(seats.values())]:
        seats[category] += 1
    return seats


def short_name(unit: Unit) -> str:
    """A unit's name as it stands in front of a hall's: without the committee behind it."""
    for ending in NAME_ENDINGS:
        if len(unit.name) > len(ending) and unit.name.endswith(ending):
            return short_name(Unit(unit.code, unit.name.removesuffix(ending), unit.tier, unit.kind))
    return unit.name


def _hall(unit: Unit, within: str, plan: HallPlan, number: int, names: Names, draw: Random) -> Hall:
    counted = f"（{number}）" if plan.count > 1 else ""
    unit_name = within + short_name(unit)
    place = f"{unit_name}{draw.choice(names.roads)}{draw.randint(1, 60)}号"
    return Hall(
        id=f"{unit.code}/{plan.kind}-{number}",
        unit_code=unit.code,
        kind=plan.kind,
        name=f"{unit_name}{plan.label}{counted}",
        address="网上" if plan.kind is HallKind.ONLINE else place,
        opening_hours=plan.opening_hours,
        contact=f"议事厅联络员 {_name(names, draw)}，电话 010-0000{draw.randint(0, 9999):04}",
    )


def _deputies(unit: Unit, plan: DirectoryPlan, draw: Random) -> list[Person]:
    seats = shared_out(plan.deputies.get(unit.tier, 0), plan.categories)
    categories = [category for category, count in seats.items() for _ in range(count)]
    return [
        Person(f"{unit.code}/D{number:03}", unit.code, PersonRole.DEPUTY, _name(plan.names, draw), category.value)
        for number, category in enumerate(categories, 1)
    ]


def _experts(unit: Unit, plan: DirectoryPlan, draw: Random) -> list[Person]:
    fields = [field for field, count in plan.experts.items() for _ in range(count)]
    return [
        Person(f"{unit.code}/X{number:02}", unit.code, PersonRole.EXPERT, _name(plan.names, draw), field.value)
        for number, field in enumerate(fields, 1)
    ]


def _name(names: Names, draw: Random) -> str:
    return draw.choice(names.surnames) + draw.choice(names.given)
