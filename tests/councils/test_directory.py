"""The generated directory: numbers of the programme, the same from the same seed."""

from collections import Counter
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.councils.domain.directory import deputies_of_grid, make_directory, shared_out
from services.councils.domain.hall import HallKind
from services.councils.storage.council_file import read_council_file
from shared.contracts.vocabulary import DeputyCategory
from shared.units import UnitDirectory
from tests.councils.builders import DISTRICT, STREET

UNITS = UnitDirectory.load()
COMMUNITY, GRID = "110105001024", "110105001024001"


def directory_of(code):
    return make_directory(UNITS.get(code), read_council_file().directory)


def test_a_community_has_its_halls_and_deputies_of_all_thirteen_categories():
    directory = directory_of(COMMUNITY)

    kinds = Counter(hall.kind for hall in directory.halls)
    assert kinds == {"community": 1, "compound": 2, "entrance": 3, "online": 2}
    assert len(directory.deputies) == 109
    assert {person.category for person in directory.deputies} == set(DeputyCategory)


def test_only_halls_of_which_there_are_several_are_counted_in_their_names():
    names = {hall.id.rpartition("/")[2]: hall.name for hall in directory_of(COMMUNITY).halls}

    assert "（" not in names["community-1"]
    assert [names[f"compound-{number}"][-3:] for number in (1, 2)] == ["（1）", "（2）"]


def test_a_grid_has_a_hall_and_thirty_deputies_of_its_community():
    community = directory_of(COMMUNITY)

    deputies = deputies_of_grid(GRID, community.deputies, read_council_file().directory)

    assert [hall.kind for hall in directory_of(GRID).halls] == [HallKind.GRID]
    assert len({person.id for person in deputies}) == 30
    assert {person.id for person in deputies} <= {person.id for person in community.deputies}


@pytest.mark.parametrize(("code", "deputies"), [(STREET, 60), (DISTRICT, 80)])
def test_street_and_district_have_deputies_and_experts_of_every_field(code, deputies):
    directory = directory_of(code)

    assert len(directory.deputies) == deputies
    assert len({person.category for person in directory.experts}) == 4


def test_the_same_seed_gives_the_same_directory_and_another_seed_another():
    other = make_directory(UNITS.get(COMMUNITY), replace(read_council_file().directory, seed=2))

    again = [[asdict(person) for person in directory_of(COMMUNITY).people] for _ in range(2)]

    assert again[0] == again[1]
    assert [asdict(person) for person in other.people] != again[0]


WEIGHTS = some.dictionaries(some.sampled_from(list(DeputyCategory)), some.integers(1, 50), min_size=1)


@given(some.integers(0, 300), WEIGHTS)
def test_seats_by_category_add_up_to_the_whole(total, weights):
    seats = shared_out(total, weights)

    assert sum(seats.values()) == total
    whole = sum(weights.values())
    assert all(abs(seats[category] - total * weight / whole) < 1 for category, weight in weights.items())
