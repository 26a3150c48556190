"""What is kept comes back as it was, on both databases, and what is taken can't be taken twice."""

from contextlib import AbstractContextManager
from dataclasses import asdict, replace

import pytest
from sqlalchemy import Engine, inspect
from sqlalchemy.exc import IntegrityError

from services.councils.domain.errors import SessionNotAhead
from services.councils.domain.postponement import Postponement
from services.councils.domain.session import SessionState
from services.councils.schemas.requests import GetSession, ListSessions, PostponeSession
from services.councils.storage.repository import CouncilsStore
from services.councils.storage.tables import metadata
from services.councils.use_cases import events, postponements, queries, sessions
from shared.auth import Caller, Role
from shared.bus.timers.timers import Due
from shared.bus.work import transaction
from shared.contracts.requests import RequestReason
from shared.contracts.vocabulary import PostponementReason
from tests.councils.builders import (
    COMMUNITY,
    DAY,
    DISTRICT,
    GRID,
    ISSUE,
    MONDAY_9AM,
    STREET,
    a_listed,
    a_session,
    escalated,
    listed,
    opened,
    units_where,
)
from tests.fakes import a_moment
from tests.harness import statements_of
from tests.told import tell

AT = a_moment(MONDAY_9AM, asked_by=Caller("clerk", frozenset({Role.CLERK}), STREET))


def a_store(engine: Engine) -> AbstractContextManager[CouncilsStore]:
    """A unit of work of its own, committed at the end."""
    return transaction(engine, CouncilsStore)


def plan(store, *issue_ids):
    """Fire these timers together, as the bus does."""
    fired = [Due("plan", issue_id, MONDAY_9AM) for issue_id in issue_ids]
    events.prepare(store, fired, AT)
    for due in fired:
        sessions.plan_session(store, due, AT)


def taken_at(store, session, starts_at):
    return store.bookings.taken([session.hall_id], session.people_ids, starts_at, starts_at)


def everything_of(session):
    return {(one, session.starts_at) for one in (session.hall_id, *session.people_ids)}


def test_the_migration_makes_what_the_tables_say(engine):
    made = inspect(engine)

    for table in metadata.sorted_tables:
        assert {column["name"] for column in made.get_columns(table.name)} == set(table.columns.keys())
        indexes = {index["name"] for index in made.get_indexes(table.name) if not index.get("duplicates_constraint")}
        assert {index.name for index in table.indexes} <= indexes


def test_a_listing_comes_back_as_it_was(engine):
    kept = a_listed(call_by=MONDAY_9AM + DAY)
    kept.pass_on(STREET, MONDAY_9AM + DAY, calls_again=True)
    expected = asdict(kept)
    with a_store(engine) as store:
        store.listings.add(kept)

    with a_store(engine) as store:
        assert asdict(store.listings.find(ISSUE)) == expected
        assert store.listings.find("none") is None


def test_a_session_comes_back_with_its_invitees_and_postponements(engine):
    kept = a_session()
    was = kept.starts_at
    kept.postpone(
        Postponement(PostponementReason.HALL_LOST, "停电", "clerk", MONDAY_9AM, was, was + DAY),
        latest=was + 7 * DAY,
        due_at=was + DAY,
    )
    expected = asdict(kept)
    with a_store(engine) as store:
        store.sessions.add(kept)

    with a_store(engine) as store:
        assert asdict(store.sessions.get(kept.id)) == expected


def test_a_change_is_seen_by_whoever_asks_again_to_change_it(engine):
    with a_store(engine) as store:
        store.sessions.add(a_session())
        store.sessions.lock(a_session().id).open(MONDAY_9AM, due_at=MONDAY_9AM + DAY)
        assert store.sessions.lock(a_session().id).state is SessionState.OPEN

    with a_store(engine) as store:
        assert store.sessions.get(a_session().id).state is SessionState.OPEN


@pytest.mark.parametrize("alike", [{"hall_id": "H9"}, {"deputies": [], "experts": []}])
def test_the_database_refuses_to_book_a_hall_or_person_twice_for_one_hour(engine, alike):
    with a_store(engine) as store:
        store.bookings.book(a_session())

    with pytest.raises(IntegrityError), a_store(engine) as store:
        store.bookings.book(a_session(id=f"{ISSUE}/S2", **_with_someone(alike)))

    with a_store(engine) as store:
        store.bookings.book(a_session(id=f"{ISSUE}/S2", starts_at=MONDAY_9AM + 5 * DAY))


def _with_someone(alike):
    someone = replace(a_session().deputies[0], person_id="D99")
    return alike | ({"deputies": [someone]} if "deputies" in alike else {})


def test_what_is_given_back_can_be_taken_again(engine):
    session = a_session()
    with a_store(engine) as store:
        store.bookings.book(session)
        store.bookings.release(session)
        store.bookings.release(session)
        assert not store.bookings.taken([session.hall_id], session.people_ids, MONDAY_9AM, MONDAY_9AM + 9 * DAY)
        store.bookings.book(session)

    with a_store(engine) as store:
        taken = store.bookings.taken([session.hall_id], ["D1"], session.starts_at, session.starts_at)
        assert taken == {(session.hall_id, session.starts_at), ("D1", session.starts_at)}
        assert not store.bookings.taken([session.hall_id], ["D1"], MONDAY_9AM, session.starts_at - DAY)


def test_sessions_of_a_unit_that_has_ended_are_listed_where_its_successor_lies_also_by_its_own_code(engine):
    elsewhere = "110105002001"
    tell(engine, *units_where(COMMUNITY, MONDAY_9AM, elsewhere))
    with a_store(engine) as store:
        store.sessions.add(a_session())

    with a_store(engine) as store:
        found = {
            unit: [one.session_id for one in queries.list_sessions(store, ListSessions(unit_code=unit), AT).sessions]
            for unit in ("110105002", STREET, COMMUNITY, DISTRICT)
        }
    assert found == {"110105002": [a_session().id], STREET: [], COMMUNITY: [a_session().id], DISTRICT: [a_session().id]}


def test_sessions_are_listed_by_unit_and_time(engine):
    with a_store(engine) as store:
        for number, unit in enumerate([GRID, COMMUNITY, STREET, "110105002"]):
            at = MONDAY_9AM + (9 - number) * DAY
            store.sessions.add(a_session(id=f"I-{number}/S1", unit_code=unit, starts_at=at))

    with a_store(engine) as store:
        found = queries.list_sessions(store, ListSessions(unit_code=STREET), AT)
        assert [one.session_id for one in found.sessions] == ["I-2/S1", "I-1/S1", "I-0/S1"]
        assert not found.is_cut
        later = ListSessions(unit_code=DISTRICT, starts_from=MONDAY_9AM + 7 * DAY, starts_to=MONDAY_9AM + 9 * DAY)
        assert [one.session_id for one in queries.list_sessions(store, later, AT).sessions] == ["I-2/S1", "I-1/S1"]


def test_the_way_of_an_issue_through_the_service(engine):
    with a_store(engine) as store:
        for number in range(12):
            events.list_issue(store, listed(unit=GRID, issue=f"I-{number}"), AT)
    with a_store(engine) as store:
        plan(store, *(f"I-{number}" for number in range(12)))
    with a_store(engine) as store:
        request = PostponeSession(session_id="I-3/S1", reason=RequestReason.HALL_LOST, idempotency_key="k")
        postponements.postpone_session(store, request, AT)
        events.open_session(store, opened(store.sessions.get("I-4/S1")), AT)
        events.move_issue(store, escalated(MONDAY_9AM, issue="I-3"), AT)
    with a_store(engine) as store:
        plan(store, "I-3")
    with a_store(engine) as store:
        states = [queries.get_session(store, GetSession(session_id=f"I-{n}/S1"), AT).state for n in (3, 4, 5)]
        assert states == ["moved_up", "open", "notice_published"]
        assert store.sessions.get("I-3/S2").unit_code == STREET


def test_an_hour_that_is_given_back_goes_to_another_session_in_the_same_unit_of_work(engine):
    first, second = a_session(), a_session(id=f"{ISSUE}/S2", experts=[])
    with a_store(engine) as store:
        store.bookings.book(first)

    with a_store(engine) as store:
        assert taken_at(store, first, first.starts_at) == everything_of(first)
        store.bookings.release(first)
        assert not taken_at(store, first, first.starts_at)
        store.bookings.book(second)
        store.bookings.release(first)
        assert taken_at(store, first, first.starts_at) == everything_of(second)

    with a_store(engine) as store:
        assert taken_at(store, first, first.starts_at) == everything_of(second)
        store.bookings.release(second)
    with a_store(engine) as store:
        assert not taken_at(store, first, first.starts_at)


def test_nobody_takes_what_another_session_took_in_the_same_unit_of_work(engine):
    with a_store(engine) as store:
        store.bookings.book(a_session())
        with pytest.raises(ValueError, match="taken"):
            store.bookings.book(a_session(id=f"{ISSUE}/S2"))


def test_what_is_undone_leaves_every_booking_as_it_was(engine):
    first, second, third = (a_session(id=f"{ISSUE}/S{n}", starts_at=MONDAY_9AM + n * DAY) for n in (1, 2, 3))
    with a_store(engine) as store:
        store.bookings.book(first)

    with a_store(engine) as store:
        store.bookings.book(second)
        store.mark()
        store.bookings.release(first)
        store.bookings.release(second)
        store.bookings.book(third)
        store.restore()
        assert taken_at(store, third, third.starts_at) == set()

    with a_store(engine) as store:
        hours = {at for _, at in store.bookings.taken([first.hall_id], ["D1"], MONDAY_9AM, MONDAY_9AM + 9 * DAY)}
        assert hours == {first.starts_at, second.starts_at}


def test_timers_that_fire_together_cost_few_statements_and_book_around_each_other(engine):
    issues = [f"I-{number}" for number in range(20)]
    with a_store(engine) as store:
        for issue in (*issues, "I-before"):
            events.list_issue(store, listed(issue=issue), AT)
    with a_store(engine) as store:
        plan(store, "I-before")  # the units are known from here on
    with statements_of(engine) as seen, a_store(engine) as store:
        plan(store, *issues)

    with a_store(engine) as store:
        planned = [store.sessions.get(f"{issue}/S1") for issue in issues]
        booked = [one for session in planned for one in everything_of(session)]
        assert len(booked) == len(set(booked))
    assert len([one for one in seen if one.startswith("SELECT")]) == 3 + 2, seen
    assert len([one for one in seen if not one.startswith("SELECT")]) <= 8, seen


def test_a_batch_of_news_and_commands_is_prepared_for_in_two_reads(engine):
    issues = [f"I-{number}" for number in range(6)]
    with a_store(engine) as store:
        for issue in issues:
            events.list_issue(store, listed(issue=issue), AT)
    with a_store(engine) as store:
        plan(store, *issues)
        news = [opened(store.sessions.get(f"{issue}/S1")) for issue in issues]
        moved = escalated(MONDAY_9AM, issue="I-5")
    request = PostponeSession(session_id="I-5/S1", reason=RequestReason.HALL_LOST, idempotency_key="k")

    with statements_of(engine) as seen, a_store(engine) as store:
        events.prepare(store, [*news[:5], moved, request], AT)
        for one in news[:5]:
            events.open_session(store, one, AT)
        events.move_issue(store, moved, AT)
        with pytest.raises(SessionNotAhead):
            postponements.postpone_session(store, request, AT)

    assert len([one for one in seen if one.startswith("SELECT")]) == 2, seen
