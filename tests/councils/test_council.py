"""What a unit can call on: its own halls first, and for a grid the same deputies for as long as they are there."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as some

from services.councils.domain.council import drawn_for_grid, halls_for_sessions, is_open
from shared.contracts.directory_words import HallKind
from tests.councils.builders import (
    DAY,
    GRID,
    HOUR,
    MONDAY_9AM,
    STREET,
    a_council,
    a_deputy,
    a_hall,
    shanghai,
    some_deputies,
    some_experts,
)


def test_a_units_own_halls_come_before_those_above_it():
    own, above = [a_hall(2), a_hall(1)], [a_hall(1, HallKind.STREET, STREET)]

    ordered = halls_for_sessions(own, above, [HallKind.STREET, HallKind.COMMUNITY])

    assert ordered == [own[1], own[0], above[0]]


def test_a_hall_of_a_kind_that_holds_no_sessions_is_left_out():
    assert halls_for_sessions([a_hall(1, HallKind.ONLINE)], [], [HallKind.COMMUNITY]) == []


@given(some.integers(31, 120), some.integers(0, 119), some.integers(0, 5))
def test_whoever_leaves_a_community_changes_one_seat_of_its_grids_at_most(count, gone, seed):
    community = some_deputies(count)

    seated = seats_of(drawn_for_grid(GRID, community, seed))
    afterwards = seats_of(drawn_for_grid(GRID, [one for one in community if one.person != f"D{gone:03}"], seed))

    assert len(seated) == 30
    assert len(set(seated) - set(afterwards)) <= 1


def seats_of(deputies):
    return [one.person for one in a_council([], deputies, seats=30).deputies_at(MONDAY_9AM)]


def test_the_same_seed_seats_the_same_deputies_in_a_grid_and_another_seed_others():
    community = some_deputies(109)

    first = seats_of(drawn_for_grid(GRID, community, 1))

    assert first == seats_of(drawn_for_grid(GRID, community[::-1], 1))
    assert first != seats_of(drawn_for_grid(GRID, community, 2))
    assert first != seats_of(drawn_for_grid(GRID[:-1] + "2", community, 1))


def test_seats_are_filled_up_by_those_who_are_in_office_then():
    ending = [replace(one, valid_to=MONDAY_9AM + DAY) for one in some_deputies(40)]
    council = a_council([], [*ending[:10], *some_deputies(40)[10:]], some_experts(1), seats=30)

    assert [one.person for one in council.deputies_at(MONDAY_9AM)] == [f"D{number:03}" for number in range(30)]
    assert [one.person for one in council.deputies_at(MONDAY_9AM + DAY)] == [
        f"D{number:03}" for number in range(10, 40)
    ]
    assert len(council.in_office(MONDAY_9AM)) == 41


DAYS = some.one_of(some.none(), some.integers(0, 9))


@given(some.lists(some.tuples(some.integers(0, 9), DAYS, DAYS), max_size=30), some.integers(1, 8), some.integers(0, 9))
def test_whoever_has_a_seat_at_some_instant_is_among_those_who_can_be_invited_in_that_time(terms, seats, length):
    deputies = [
        a_deputy(
            number,
            "lane_chief",
            person=f"P{person}",
            valid_from=_day(begins or 0),
            valid_to=None if ends is None else _day(ends),
        )
        for number, (person, begins, ends) in enumerate(terms)
    ]
    council = a_council([], deputies, seats=seats)

    seated = {one.person for day in range(length + 1) for one in council.deputies_at(_day(day))}

    assert seated <= council.people_ids(_day(0), _day(length))


def _day(number):
    return MONDAY_9AM + number * DAY


def test_of_many_deputies_for_few_seats_only_those_in_front_are_looked_at():
    council = a_council([], some_deputies(109), some_experts(2), seats=30)

    assert len(council.people_ids(MONDAY_9AM, MONDAY_9AM + 14 * DAY)) == 32


def test_a_day_on_which_a_hall_is_closed_is_a_day_in_shanghai():
    hall = a_hall(1, opening_hours="全天", closed_on=["2026-03-03"])

    assert is_open(hall, shanghai(2026, 3, 2, 23), HOUR)
    assert not is_open(hall, shanghai(2026, 3, 3, 0), HOUR)
    assert not is_open(hall, shanghai(2026, 3, 3, 19), HOUR)
