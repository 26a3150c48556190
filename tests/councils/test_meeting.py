"""The first hour that suits everybody, and that nobody is ever booked twice."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from services.councils.domain.meeting import first_free_slot, first_meeting
from services.councils.domain.obstacle import hindrance
from services.councils.domain.slot import slots_between
from shared.contracts.directory_words import DeputyRole
from shared.contracts.vocabulary import DeputyCategory, Obstacle, SessionKind
from tests.councils.builders import (
    DAY,
    MONDAY_9AM,
    a_council,
    a_deputy,
    a_hall,
    a_seating,
    shanghai,
    some_deputies,
    some_experts,
    the_book,
)

COUNCIL = a_council([a_hall(1), a_hall(2)], some_deputies(40), some_experts(6))


def slots():
    return list(slots_between(MONDAY_9AM, MONDAY_9AM + 60 * DAY, the_book().slots, the_book().calendar))


def find(booked, kind=SessionKind.ORDINARY, council=COUNCIL, draw="I-1/S1"):
    return first_meeting(slots(), council, booked, seating=a_seating(kind), draw=draw)


@settings(max_examples=25)
@given(some.lists(some.sampled_from([SessionKind.ORDINARY, SessionKind.MEDIATION]), max_size=40))
def test_however_many_sessions_are_planned_no_hall_and_nobody_is_booked_twice(kinds):
    booked = set()
    for number, kind in enumerate(kinds):
        meeting = find(booked, kind, draw=f"I-{number}/S1")
        people = [one.person for one in (*meeting.deputies, *meeting.experts)]
        taken = {(one, meeting.starts_at) for one in (meeting.hall.id, *people)}
        assert not taken & booked
        assert len(taken) == 1 + len(meeting.deputies) + len(meeting.experts)
        booked |= taken


def test_the_preferred_hall_is_taken_and_the_next_one_when_it_is_not_free():
    first = find(set())
    second = find({(first.hall.id, first.starts_at)})

    assert first.hall is COUNCIL.halls[0]
    assert second.hall is COUNCIL.halls[1]
    assert first.starts_at == second.starts_at == slots()[0]


def test_without_a_free_hall_the_next_hour_is_taken():
    booked = {(hall.id, slots()[0]) for hall in COUNCIL.halls}

    assert find(booked).starts_at == slots()[1]


def test_a_mediation_waits_until_enough_experts_are_free_and_an_ordinary_session_does_not():
    booked = {(expert.person, slots()[0]) for expert in COUNCIL.experts[:4]}

    assert find(booked, SessionKind.MEDIATION).starts_at == slots()[1]
    assert find(booked).starts_at == slots()[0]


def test_there_is_no_meeting_where_too_few_deputies_are():
    assert find(set(), council=a_council(COUNCIL.halls, some_deputies(4))) is None


def test_a_hall_and_people_who_are_named_must_all_be_free():
    hall, people = COUNCIL.halls[0].id, [one.person for one in COUNCIL.deputies[:9]]
    booked = {(hall, slots()[0]), (people[8], slots()[1]), (COUNCIL.halls[1].id, slots()[2])}

    assert next_date(COUNCIL, people, booked) == slots()[2]
    assert first_free_slot(slots()[:2], COUNCIL, hall, people, booked, MONDAY_9AM) is None


def next_date(council, people=(), booked=frozenset()):
    return first_free_slot(slots(), council, COUNCIL.halls[0].id, people, booked, MONDAY_9AM)


def test_a_session_is_put_off_to_a_day_on_which_its_hall_is_open_and_everybodys_term_runs():
    closed = a_hall(1, closed_on=["2026-03-02", "2026-03-04"])
    until_thursday = a_deputy(1, "lane_chief", valid_to=shanghai(2026, 3, 5))
    since_tuesday = a_deputy(2, "lane_chief", valid_to=shanghai(2026, 3, 3), person="gone")

    assert next_date(a_council([closed], [])) == shanghai(2026, 3, 3, 19)
    assert next_date(a_council([closed], [until_thursday]), [until_thursday.person]) == shanghai(2026, 3, 3, 19)
    assert (
        next_date(
            a_council([a_hall(1, closed_on=["2026-03-02", "2026-03-03", "2026-03-04"])], [until_thursday]),
            [until_thursday.person],
        )
        is None
    )
    assert next_date(a_council([], [since_tuesday])) is None


def test_whose_term_has_ended_already_holds_up_no_new_date():
    gone = a_deputy(1, "lane_chief", valid_to=MONDAY_9AM)

    assert next_date(a_council(COUNCIL.halls, [gone]), [gone.person]) == slots()[0]


def test_a_deputy_whose_term_ends_before_the_session_is_not_invited_and_one_whose_begins_is():
    ends_at = slots()[0]
    before = [replace(one, valid_to=ends_at) for one in some_deputies(40)]
    after = [a_deputy(number, one.category, valid_from=ends_at) for number, one in enumerate(before, 200)]

    meeting = find(set(), council=a_council(COUNCIL.halls, [*before, *after]))

    assert meeting.starts_at == ends_at
    assert {one.person for one in meeting.deputies} <= {one.person for one in after}


def test_a_hall_that_has_ended_is_closed_that_day_or_shut_at_that_hour_is_not_taken():
    first, second, third = slots()[:3]  # Monday, Tuesday and Wednesday at 19:00
    halls = [
        a_hall(1, valid_to=first),
        a_hall(2, closed_on=["2026-03-02"]),
        a_hall(3, opening_hours="周一、周二 9:00-17:00；周三 9:00-21:00"),
    ]

    assert find(set(), council=a_council(halls, some_deputies(40))).hall is halls[1]
    assert find(set(), council=a_council(halls, some_deputies(40))).starts_at == second
    assert find(set(), council=a_council(halls[::2], some_deputies(40))).starts_at == third


def test_a_hall_whose_hours_nobody_can_read_is_taken_and_closes_on_its_days():
    hall = a_hall(1, opening_hours="电话预约", closed_on=["2026-03-02"])

    assert find(set(), council=a_council([hall], some_deputies(40))).starts_at == slots()[1]


def test_nobody_is_invited_twice_as_two_deputies_or_as_deputy_and_expert():
    deputies = some_deputies(20)
    again = [replace(one, id=f"{one.id}-again", category="lane_chief") for one in deputies]
    experts = [replace(one, id=f"{one.id}-expert", role=DeputyRole.EXPERT, category="lawyer") for one in deputies]

    meeting = find(set(), council=a_council(COUNCIL.halls, [*deputies, *again], experts))

    invited = [one.person for one in (*meeting.deputies, *meeting.experts)]
    assert len(invited) == len(set(invited)) == 10


def test_eight_deputies_hold_a_session_and_five_where_no_more_are_free():
    eight = a_council(COUNCIL.halls, some_deputies(8))
    busy = {(f"D{number:03}", slot) for number in (3, 4, 5) for slot in slots()}

    assert len(find(set(), council=eight).deputies) == 8
    assert len(find(busy, council=eight).deputies) == 5


def test_a_hall_is_large_enough_for_those_invited():
    halls = [a_hall(1, capacity=9), a_hall(2, capacity=10)]

    assert find(set(), council=a_council(halls, some_deputies(40), some_experts(1))).hall is halls[1]
    assert find(set(), council=a_council(halls[:1], some_deputies(40), some_experts(1))) is None


@pytest.mark.parametrize(
    ("halls", "deputies", "named"),
    [
        ([a_hall()], some_deputies(4), (Obstacle.TOO_FEW_DEPUTIES, 5, 4)),
        ([a_hall()], some_deputies(9, categories=[DeputyCategory.LANE_CHIEF]), (Obstacle.TOO_FEW_RESIDENTS, 2, 0)),
        ([], some_deputies(9), (Obstacle.NO_HALL, 1, 0)),
        ([a_hall(capacity=8)], some_deputies(9), (Obstacle.HALL_TOO_SMALL, 9, 8)),
        ([a_hall(opening_hours="周一至周日 9:00-9:30")], some_deputies(9), (Obstacle.NO_HALL_OPEN, 2, 0)),
        ([a_hall()], some_deputies(9), (Obstacle.NO_FREE_HOUR, len(slots()), 0)),
    ],
)
def test_the_rule_that_cant_be_met_is_named_with_what_it_takes(halls, deputies, named):
    found = hindrance(a_council(halls, deputies), a_seating(), slots())

    assert (found.obstacle, found.needed, found.found) == named
