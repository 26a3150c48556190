"""What people ask councils for: to look at the directory and sessions, and for another date."""

import pytest

from services.councils.domain.errors import PostponedTooOften, SessionNotAhead, UnknownSession
from services.councils.schemas.requests import GetSession, ListDeputies, ListHalls, ListSessions, PostponeSession
from services.councils.use_cases import events, postponements, queries
from services.councils.use_cases.queries import MOST_SESSIONS
from shared.auth import Caller, Role
from shared.contracts.councils import SessionPostponedV1
from shared.contracts.requests import RequestReason
from shared.contracts.vocabulary import PostponementReason
from shared.errors import NotAllowed
from shared.requests.messages import DecideRequest
from shared.units import BadUnitCode, UnknownUnit
from tests.councils.builders import (
    COMMUNITY,
    DAY,
    GRID,
    HOUR,
    MONDAY_9AM,
    STREET,
    a_hall,
    a_session,
    a_work,
    listed_and_planned,
    opened,
    the_policy,
)
from tests.fakes import a_moment

CLERK = Caller("clerk-1", frozenset({Role.CLERK}), STREET)
CHAIR = Caller("chair-1", frozenset({Role.CHAIR}), COMMUNITY)
CHAIR_ELSEWHERE = Caller("chair-2", frozenset({Role.CHAIR}), "110105002")
AT = a_moment(MONDAY_9AM, asked_by=CLERK)


@pytest.fixture
def work():
    return a_work()


def postpone(work, session, reason=PostponementReason.HALL_LOST, by=CLERK, now=MONDAY_9AM):
    """One asks, another agrees."""
    request = PostponeSession(session_id=session.id, reason=RequestReason(reason.value), idempotency_key="k")
    asked = postponements.postpone_session(work, request, a_moment(now, asked_by=by))
    agreed = DecideRequest(request_id=asked.request_id, grant=True, reason="属实", idempotency_key="k")
    postponements.decide_request(work, agreed, a_moment(now, asked_by=CHAIR))
    return session


def test_a_session_is_put_off_to_a_date_of_the_systems_choice_for_the_same_people(work):
    session = listed_and_planned(work)
    was, invited = session.starts_at, session.people_ids

    answer = postpone(work, session)

    (event,) = work.outbox.of(SessionPostponedV1)
    assert (event.was_to_start_at, event.starts_at, event.reason) == (
        was,
        answer.starts_at,
        PostponementReason.HALL_LOST,
    )
    assert was < answer.starts_at <= was + the_policy().postpone.within
    assert session.people_ids == invited
    taken = work.bookings.taken([session.hall_id], invited, was, was + 30 * DAY)
    assert taken == {(one, answer.starts_at) for one in (session.hall_id, *invited)}


@pytest.mark.parametrize("reason", [one for one in PostponementReason if one is not PostponementReason.AGENDA_ADDED])
def test_a_reason_of_the_list_is_good(work, reason):
    session = listed_and_planned(work)
    was = session.starts_at

    postpone(work, session, reason)

    assert [(one.reason, one.was_to_start_at) for one in session.postponements] == [(reason, was)]
    assert session.starts_at > was


def test_putting_off_again_and_again_ends_with_the_policys_times(work):
    session = listed_and_planned(work)
    first = session.starts_at

    for _ in range(the_policy().postpone.times):
        postpone(work, session)
    with pytest.raises(PostponedTooOften):
        postpone(work, session)

    assert first < session.starts_at <= first + the_policy().postpone.within
    assert session.is_ahead


def test_everybody_has_time_to_hear_of_the_new_date(work):
    session = listed_and_planned(work)
    now = session.starts_at - HOUR

    answer = postpone(work, session, now=now)

    assert answer.starts_at >= now + the_policy().notice.urgent


def test_nobody_puts_off_a_session_elsewhere_or_after_it_began(work):
    session = listed_and_planned(work)

    with pytest.raises(NotAllowed):
        postpone(work, session, by=CHAIR_ELSEWHERE)
    events.open_session(work, opened(session), AT)
    with pytest.raises(SessionNotAhead):
        postpone(work, session)
    assert not work.outbox.of(SessionPostponedV1)


def test_a_unit_has_its_own_halls_and_a_grid_thirty_of_its_communitys_deputies(work):
    halls = queries.list_halls(work, ListHalls(unit_code=COMMUNITY), AT)
    deputies = queries.list_deputies(work, ListDeputies(unit_code=GRID), AT)

    assert len(halls.halls) == 8
    assert len(deputies.deputies) == 30


def test_a_hall_is_shown_as_it_is_now_with_its_address_its_hours_and_whom_to_ask():
    facts = {"opening_hours": "周一至周五 9:00-21:00", "closed_on": ["2026-10-01"], "capacity": 40}
    before = a_hall(address="东里1号", valid_to=MONDAY_9AM)
    now = a_hall(address="西里2号", contact="联络员 010-00000000", valid_from=MONDAY_9AM, **facts)

    (hall,) = queries.list_halls(a_work(before, now), ListHalls(unit_code=COMMUNITY), AT).halls

    assert (hall.address, hall.contact, hall.capacity) == ("西里2号", "联络员 010-00000000", 40)
    assert (hall.opening_hours, hall.closed_on) == ("周一至周五 9:00-21:00", ["2026-10-01"])


def test_what_is_looked_at_first_is_what_is_used_later(work):
    looked_at = queries.list_deputies(work, ListDeputies(unit_code=COMMUNITY), AT)

    session = listed_and_planned(work)

    known = {(one.person_id, one.name) for one in looked_at.deputies}
    assert {(one.person_id, one.name) for one in session.deputies} <= known


def test_a_session_is_found_by_its_id(work):
    session = listed_and_planned(work)

    assert queries.get_session(work, GetSession(session_id=session.id), AT).title == session.title


@pytest.mark.parametrize(("there", "is_cut"), [(MOST_SESSIONS, False), (MOST_SESSIONS + 1, True)])
def test_a_list_of_sessions_has_its_most_and_says_when_there_are_more(work, there, is_cut):
    work.sessions.list_in = lambda unit, starts_from, starts_to, most: [a_session()] * min(there, most)

    reply = queries.list_sessions(work, ListSessions(unit_code=STREET), AT)

    assert (len(reply.sessions), reply.is_cut) == (MOST_SESSIONS, is_cut)


def test_a_unit_or_session_that_does_not_exist_is_named(work):
    with pytest.raises(UnknownUnit):
        queries.list_halls(work, ListHalls(unit_code="110105099"), AT)
    with pytest.raises(BadUnitCode):
        queries.list_sessions(work, ListSessions(unit_code="11"), AT)
    with pytest.raises(UnknownSession, match="none") as refused:
        queries.get_session(work, GetSession(session_id="none"), AT)
    assert list(refused.value.fields) == ["session_id"]
