"""The first hour that suits everybody, and that nobody is ever booked twice."""

from hypothesis import given, settings
from hypothesis import strategies as some

from services.councils.domain.meeting import Council, first_free_slot, first_meeting
from services.councils.domain.slot import slots_between
from shared.contracts.vocabulary import SessionKind
from tests.councils.builders import DAY, MONDAY_9AM, a_hall, some_deputies, some_experts, the_book

COUNCIL = Council([a_hall(1), a_hall(2)], some_deputies(40), some_experts(6))


def slots():
    return list(slots_between(MONDAY_9AM, MONDAY_9AM + 60 * DAY, the_book().slots, the_book().calendar))


def find(booked, kind=SessionKind.ORDINARY, council=COUNCIL, draw="I-1/S1"):
    return first_meeting(slots(), council, booked, mix=the_book().mix, kind=kind, draw=draw)


@settings(max_examples=25)
@given(some.lists(some.sampled_from([SessionKind.ORDINARY, SessionKind.MEDIATION]), max_size=40))
def test_however_many_sessions_are_planned_no_hall_and_nobody_is_booked_twice(kinds):
    booked = set()
    for number, kind in enumerate(kinds):
        meeting = find(booked, kind, draw=f"I-{number}/S1")
        taken = {(one.id, meeting.starts_at) for one in (meeting.hall, *meeting.deputies, *meeting.experts)}
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
    booked = {(expert.id, slots()[0]) for expert in COUNCIL.experts[:4]}

    assert find(booked, SessionKind.MEDIATION).starts_at == slots()[1]
    assert find(booked).starts_at == slots()[0]


def test_there_is_no_meeting_where_too_few_deputies_are():
    assert find(set(), council=Council(COUNCIL.halls, some_deputies(8), [])) is None


def test_a_hall_and_people_who_are_named_must_all_be_free():
    hall, people = COUNCIL.halls[0].id, [person.id for person in COUNCIL.deputies[:9]]
    booked = {(hall, slots()[0]), (people[8], slots()[1]), (COUNCIL.halls[1].id, slots()[2])}

    assert first_free_slot(slots(), hall, people, booked) == slots()[2]
    assert first_free_slot(slots()[:2], hall, people, booked) is None
