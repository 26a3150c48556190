"""What people ask councils for: to look at the directory and sessions, and for another date."""

from contextlib import suppress
from functools import partial

import pytest

from services.councils import use_cases
from services.councils.domain.errors import NoDateLeft, ReasonRefused, SessionNotAhead, UnknownSession
from services.councils.schemas import GetSession, ListDeputies, ListHalls, ListSessions, PostponeSession
from shared.auth import Caller, Role
from shared.contracts.councils import SessionPostponedV1
from shared.errors import NotAllowed
from shared.units import BadUnitCode, UnknownUnit
from tests.councils.builders import (
    COMMUNITY,
    GRID,
    HOUR,
    ISSUE,
    MONDAY_9AM,
    STREET,
    listed,
    opened,
    the_book,
    the_policies,
    the_policy,
)
from tests.councils.fakes import a_work

CLERK = Caller("clerk-1", Role.CLERK, STREET)
CHAIR_ELSEWHERE = Caller("chair-2", Role.CHAIR, "110105002")


@pytest.fixture
def work():
    return a_work()


def listed_and_planned(work):
    use_cases.list_issue(work, listed(), now=MONDAY_9AM)
    policy_for = partial(the_policies().at, MONDAY_9AM)
    use_cases.plan_session(work, ISSUE, book=the_book(), policy_for=policy_for, now=MONDAY_9AM)
    return work.sessions.get(f"{ISSUE}/S1")


def postpone(work, session, reason="议事厅停电", by=CLERK, now=MONDAY_9AM):
    request = PostponeSession(session_id=session.id, reason=reason, idempotency_key="k")
    policy_for = partial(the_policies().at, now)
    return use_cases.postpone_session(work, request, by=by, book=the_book(), policy_for=policy_for, now=now)


def test_a_session_is_put_off_to_a_date_of_the_systems_choice_for_the_same_people(work):
    session = listed_and_planned(work)
    was, invited = session.starts_at, session.people_ids

    answer = postpone(work, session)

    (event,) = work.outbox.of(SessionPostponedV1)
    assert (event.was_to_start_at, event.starts_at, event.reason) == (was, answer.starts_at, "议事厅停电")
    assert was < answer.starts_at <= was + the_policy().postpone.within
    assert session.people_ids == invited
    assert {at for _, at in work.bookings.kept} == {answer.starts_at}


def test_putting_off_again_and_again_ends_at_the_policys_last_day(work):
    session = listed_and_planned(work)
    first = session.starts_at

    for _ in range(20):
        with suppress(NoDateLeft):
            postpone(work, session)
    with pytest.raises(NoDateLeft):
        postpone(work, session)

    assert first < session.starts_at <= first + the_policy().postpone.within
    assert session.is_ahead


def test_everybody_has_time_to_hear_of_the_new_date(work):
    session = listed_and_planned(work)
    now = session.starts_at - HOUR

    answer = postpone(work, session, now=now)

    assert answer.starts_at >= now + the_policy().notice.urgent


def test_nobody_puts_off_a_session_by_rank_or_elsewhere_or_after_it_began(work):
    session = listed_and_planned(work)

    with pytest.raises(ReasonRefused):
        postpone(work, session, reason="领导要求改期")
    with pytest.raises(NotAllowed):
        postpone(work, session, by=CHAIR_ELSEWHERE)
    use_cases.open_session(work, opened(session))
    with pytest.raises(SessionNotAhead):
        postpone(work, session)
    assert not work.outbox.of(SessionPostponedV1)


def test_sessions_halls_and_deputies_can_be_looked_at_without_storing_anything(work):
    halls = use_cases.list_halls(work, ListHalls(unit_code=COMMUNITY), book=the_book())
    deputies = use_cases.list_deputies(work, ListDeputies(unit_code=GRID), book=the_book())

    assert len(halls.halls) == 8
    assert len(deputies.deputies) == 30
    assert not work.directories.kept


def test_what_is_looked_at_first_is_what_is_used_later(work):
    looked_at = use_cases.list_deputies(work, ListDeputies(unit_code=COMMUNITY), book=the_book())

    session = listed_and_planned(work)

    known = {(one.person_id, one.name) for one in looked_at.deputies}
    assert {(one.person_id, one.name) for one in session.deputies} <= known


def test_sessions_are_found_by_id_and_by_unit(work):
    session = listed_and_planned(work)

    assert use_cases.get_session(work, GetSession(session_id=session.id)).title == session.title
    found = use_cases.list_sessions(work, ListSessions(unit_code=STREET))
    assert [one.session_id for one in found.sessions] == [session.id]
    assert not found.is_cut


def test_a_unit_or_session_that_does_not_exist_is_named(work):
    with pytest.raises(UnknownUnit):
        use_cases.list_halls(work, ListHalls(unit_code="110105099"), book=the_book())
    with pytest.raises(BadUnitCode):
        use_cases.list_sessions(work, ListSessions(unit_code="11"))
    with pytest.raises(UnknownSession):
        use_cases.get_session(work, GetSession(session_id="none"))
