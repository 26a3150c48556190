"""What is kept comes back as it was, on both databases, and what is taken can't be taken twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import partial

import pytest
from sqlalchemy import Engine, inspect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.councils import use_cases
from services.councils.domain.directory import make_directory
from services.councils.domain.postponement import Postponement
from services.councils.domain.session import SessionState
from services.councils.schemas import GetSession, ListSessions, PostponeSession
from services.councils.storage.repository import CouncilsStore
from services.councils.storage.tables import metadata
from shared.auth import Caller, Role
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
    the_book,
    the_policies,
)


@contextmanager
def a_store(engine: Engine) -> Iterator[CouncilsStore]:
    """A unit of work of its own, committed at the end."""
    with Session(engine, expire_on_commit=False) as session:
        store = CouncilsStore(session)
        yield store
        store.flush()
        session.commit()


def plan(store, issue_id):
    policy_for = partial(the_policies().at, MONDAY_9AM)
    use_cases.plan_session(store, issue_id, book=the_book(), policy_for=policy_for, now=MONDAY_9AM)


def test_the_migration_makes_what_the_tables_say(engine):
    made = inspect(engine)

    for table in metadata.sorted_tables:
        assert {column["name"] for column in made.get_columns(table.name)} == set(table.columns.keys())
        indexes = {index["name"] for index in made.get_indexes(table.name) if not index.get("duplicates_constraint")}
        assert {index.name for index in table.indexes} <= indexes


def test_a_listing_comes_back_as_it_was(engine):
    kept = a_listed(call_by=MONDAY_9AM + DAY)
    expected = asdict(kept)
    with a_store(engine) as store:
        store.listings.add(kept)

    with a_store(engine) as store:
        assert asdict(store.listings.find(ISSUE)) == expected
        assert store.listings.find("none") is None


def test_a_session_comes_back_with_its_invitees_and_postponements(engine):
    kept = a_session()
    was = kept.starts_at
    kept.postpone(Postponement("停电", "clerk", MONDAY_9AM, was, was + DAY), latest=was + 7 * DAY)
    expected = asdict(kept)
    with a_store(engine) as store:
        store.sessions.add(kept)

    with a_store(engine) as store:
        assert asdict(store.sessions.get(kept.id)) == expected


def test_a_change_is_seen_by_whoever_asks_again_to_change_it(engine):
    with a_store(engine) as store:
        store.sessions.add(a_session())
        store.sessions.find_to_change(a_session().id).open(MONDAY_9AM)
        assert store.sessions.find_to_change(a_session().id).state is SessionState.OPEN

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


def test_a_directory_comes_back_as_it_was_made(engine):
    made = make_directory(the_book().units.get(STREET), the_book().plan)
    expected = sorted((asdict(one) for one in (*made.halls, *made.people)), key=lambda one: one["id"])
    with a_store(engine) as store:
        assert store.directories.find(STREET) is None
        store.directories.add(made)

    with a_store(engine) as store:
        found = store.directories.find(STREET)
        assert sorted((asdict(one) for one in (*found.halls, *found.people)), key=lambda one: one["id"]) == expected


def test_sessions_are_listed_by_unit_and_time(engine):
    with a_store(engine) as store:
        for number, unit in enumerate([GRID, COMMUNITY, STREET, "110105002"]):
            at = MONDAY_9AM + (9 - number) * DAY
            store.sessions.add(a_session(id=f"I-{number}/S1", unit_code=unit, starts_at=at))

    with a_store(engine) as store:
        found = use_cases.list_sessions(store, ListSessions(unit_code=STREET)).sessions
        assert [one.session_id for one in found] == ["I-2/S1", "I-1/S1", "I-0/S1"]
        later = ListSessions(unit_code=DISTRICT, starts_from=MONDAY_9AM + 7 * DAY, starts_to=MONDAY_9AM + 9 * DAY)
        assert [one.session_id for one in use_cases.list_sessions(store, later).sessions] == ["I-2/S1", "I-1/S1"]


def test_the_way_of_an_issue_through_the_service(engine):
    with a_store(engine) as store:
        for number in range(12):
            use_cases.list_issue(store, listed(unit=GRID, issue=f"I-{number}"), now=MONDAY_9AM)
    with a_store(engine) as store:
        for number in range(12):
            plan(store, f"I-{number}")
    with a_store(engine) as store:
        session = store.sessions.get("I-3/S1")
        request = PostponeSession(session_id=session.id, reason="议事厅漏水", idempotency_key="k")
        by, policy_for = Caller("clerk", Role.CLERK, STREET), partial(the_policies().at, MONDAY_9AM)
        use_cases.postpone_session(store, request, by=by, book=the_book(), policy_for=policy_for, now=MONDAY_9AM)
        use_cases.open_session(store, opened(store.sessions.get("I-4/S1")))
        use_cases.move_issue(store, escalated(MONDAY_9AM, issue="I-3"), at=MONDAY_9AM, now=MONDAY_9AM)
    with a_store(engine) as store:
        plan(store, "I-3")
    with a_store(engine) as store:
        states = [use_cases.get_session(store, GetSession(session_id=f"I-{n}/S1")).state for n in (3, 4, 5)]
        assert states == ["moved_up", "open", "notice_published"]
        assert store.sessions.get("I-3/S2").unit_code == STREET
