"""Who is invited: a mix with enough residents, the same by the same draw."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.councils.domain.invitation import Mix, drawn, is_resident, seat_experts
from shared.contracts.vocabulary import DeputyCategory
from tests.councils.builders import a_deputy, a_seating, some_deputies, some_experts, the_book

MIX = Mix(deputies=9, least_residents=4, experts=1, mediation_experts=3)


def draw_deputies(pool, draw, busy=frozenset()):
    return a_seating().seat(drawn([one for one in pool if one.person not in busy], draw))


@given(some.integers(30, 120), some.text(max_size=20), some.sets(some.integers(0, 119)))
def test_those_invited_are_free_different_and_a_third_of_them_residents(count, draw, busy_numbers):
    pool = some_deputies(count)
    busy = {f"D{number:03}" for number in busy_numbers}

    invited = draw_deputies(pool, draw, busy)

    free = [person for person in pool if person.person not in busy]
    residents = sum(map(is_resident, free))
    assert len({person.person for person in invited}) == len(invited) <= MIX.deputies
    assert len(invited) == MIX.deputies or len(free) < MIX.deputies or residents < MIX.least_residents
    assert not busy & {person.person for person in invited}
    assert 3 * sum(is_resident(person) for person in invited) >= len(invited)


def test_the_same_draw_gives_the_same_people_and_another_draw_others():
    pool = some_deputies(109)

    first = draw_deputies(pool, "I-1/S1")

    assert first == draw_deputies(list(reversed(pool)), "I-1/S1")
    assert first != draw_deputies(pool, "I-1/S2")


def test_no_category_beside_the_residents_has_two_seats_while_another_has_none():
    invited = draw_deputies(some_deputies(109), "I-1/S1")

    others = [person.category for person in invited or [] if not is_resident(person)]
    assert len(others) == len(set(others)) == MIX.deputies - MIX.least_residents


def test_nobody_is_invited_when_too_few_residents_are_free():
    pool = some_deputies(60, categories=[DeputyCategory.LANE_CHIEF, DeputyCategory.CPPCC_MEMBER])

    assert draw_deputies(pool, "I-1/S1") == []


def test_experts_are_of_different_fields_as_far_as_possible():
    invited = seat_experts(drawn(some_experts(8), "I-1/S1"), 4)

    assert len({person.category for person in invited}) == 4


@pytest.mark.parametrize("residents", [0, 2, 10])
def test_a_mix_without_a_third_of_residents_is_refused(residents):
    with pytest.raises(ValueError, match="least_residents"):
        Mix(deputies=9, least_residents=residents, experts=1, mediation_experts=3)


@pytest.mark.parametrize(
    ("deputies", "residents", "experts", "mediation_experts"),
    [(1, 1, 0, 1), (9, 3, 0, 1), (9, 9, 0, 1), (101, 34, 0, 1)],
    ids=["one deputy", "exactly a third", "residents only", "as many as can be"],
)
def test_a_mix_may_go_to_each_of_its_limits(deputies, residents, experts, mediation_experts):
    assert Mix(deputies, residents, experts, mediation_experts).deputies == deputies


@pytest.mark.parametrize(
    ("mix", "named"),
    [
        ((0, 0, 0, 1), "^deputies"),
        ((102, 34, 0, 1), "^deputies"),
        ((8, 2, 0, 1), "^least_residents"),
        ((9, 3, -1, 1), "^mediation_experts"),
        ((9, 3, 0, 0), "^mediation_experts"),
    ],
)
def test_a_mix_beyond_its_limits_is_refused_by_name(mix, named):
    with pytest.raises(ValueError, match=named):
        Mix(*mix)


def test_the_mix_that_ships_keeps_to_the_policys_share_of_residents():
    assert 3 * the_book().mix.least_residents >= the_book().mix.deputies


def test_a_category_that_nobody_knows_is_no_residents():
    assert not is_resident(a_deputy(1, "observer"))
