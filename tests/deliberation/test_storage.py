"""Sessions on SQLite and PostgreSQL: what comes out is what went in, some rows never change, many cost little."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DatabaseError

from services.deliberation.domain.electorate import Voter
from services.deliberation.domain.errors import MotionRepeated
from services.deliberation.domain.motion import MotionState
from services.deliberation.domain.session import SessionState
from services.deliberation.domain.tally import OptionCount
from services.deliberation.schemas.polls import DwellingPart, PaperPart
from services.deliberation.schemas.requests import GetMotion, GetRecord, GetSession
from services.deliberation.service import DeliberationService
from services.deliberation.storage.append_only import APPEND_ONLY
from services.deliberation.storage.repository import DeliberationStore
from services.deliberation.storage.tables import metadata
from services.deliberation.use_cases import events, polls, queries, sessions
from shared import sealing
from shared.auth import Role
from shared.bus.work import reading, transaction
from shared.contracts import deliberation as said
from shared.contracts.vocabulary import ElectorateKind, Review, VoteOutcome
from tests.deliberation.builders import (
    CHAIR,
    CLERK,
    COMMUNITY,
    EVERYBODY,
    ISSUE,
    TUESDAY,
    Hall,
    a_moved_up,
    a_postponed,
    a_scheduled,
)
from tests.fakes import a_moment
from tests.harness import Bus, statements_of

SESSION, MOTION = f"{ISSUE}/S1", f"{ISSUE}/S1/M1"
NOW = a_moment(TUESDAY, asked_by=CHAIR)
MANY = 20
OF = {"session_id": SESSION, "motion_id": MOTION}


def a_unit(engine: Engine) -> Any:
    """A unit of work of its own, committed at the end."""
    return transaction(engine, DeliberationStore)


def a_look(engine: Engine) -> Any:
    return reading(engine, DeliberationStore)


def a_whole_session(engine: Engine) -> None:
    with a_unit(engine) as work:
        hall = Hall(work)
        hall.open()
        hall.carry()
        hall.ask(sessions.close_session)


def the_record(work: DeliberationStore) -> Any:
    return queries.get_record(work, GetRecord(session_id=SESSION), NOW)


def test_a_whole_session_comes_back_as_it_was(engine):
    a_whole_session(engine)
    with a_look(engine) as work:
        session, motion = work.sessions.get(SESSION), work.motions.get(MOTION)
        listed = queries.get_session(work, GetSession(session_id=SESSION), NOW)
        reply = queries.get_motion(work, GetMotion(motion_id=MOTION), NOW)

    assert (session.state, session.closed_at, session.deputies[0].name) == (SessionState.CLOSED, TUESDAY, "代表1")
    assert session.attendance.present_at(TUESDAY) == set(EVERYBODY)
    assert [line.motion_id for line in listed.motions] == [MOTION]
    assert (motion.seconders, motion.opinions[0].speaker, motion.resolution_id) == (("P-2",), "X-1", f"{ISSUE}/S1/R1")
    assert [(vote.number, vote.votes_for, len(vote.ballots)) for vote in reply.votes] == [(1, 7, 9)]


def test_the_record_read_from_the_database_is_whole(engine):
    a_whole_session(engine)
    with a_look(engine) as work:
        record = the_record(work)

    assert record.faults == []
    assert [entry.number for entry in record.entries] == list(range(1, len(record.entries) + 1))


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("statement", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
def test_the_database_itself_refuses_to_change_what_is_append_only(engine, table, statement):
    with a_unit(engine) as work:
        hall = Hall(work)
        hall.open()
        hall.carry()
        hold_a_poll(hall)
    column = metadata.tables[table].primary_key.columns.keys()[0]

    with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
        connection.execute(text(statement.format(table, column)))


def test_a_poll_comes_back_as_it_was(engine):
    with a_unit(engine) as work:
        hall = Hall(work)
        hall.open()
        poll_id = hold_a_poll(hall)
    with a_look(engine) as work:
        poll, tally, motion = work.polls.get(poll_id), work.tallies.find(poll_id), work.motions.get(MOTION)
        box = polls.box_of(work, poll)

    assert poll.voters == (Voter(("1室",), ("户主", "共有人"), 80_50),)
    assert [(one.number, one.signed_by) for one in box.valid] == [(1, ("户主", "共有人"))]
    assert (tally.votes, tally.outcome) == ((OptionCount(1, 1, 80_50), OptionCount(2, 0, 0)), VoteOutcome.CARRIED)
    assert (motion.state, motion.option, motion.poll_id) == (MotionState.CARRIED, "同意", poll_id)


def hold_a_poll(hall: Hall) -> str:
    """On a motion of its own, with one household that says yes. Gives its id."""
    asked = {"motion_id": hall.five_steps(motion="小广场铺装").id}
    register = [DwellingPart(dwelling="1室", holders=["户主", "共有人"], area_m2=80.5)]
    asked |= {"electorate": ElectorateKind.HOUSEHOLDS, "register": register, "days": 14}
    poll = {"poll_id": hall.ask(polls.open_poll, **asked).poll_id}
    signed = PaperPart(dwelling="1室", choice=1, signed_by=["户主", "共有人"])
    hall.ask(polls.enter_papers, by=CLERK, papers=[signed], **poll)
    hall.ask(polls.check_entered_papers, right=[1], **poll)
    return hall.ask(polls.count_poll, **poll).poll_id


def test_events_about_one_session_may_come_in_one_transaction(engine):
    with a_unit(engine) as work:
        events.call_session(work, a_scheduled(), NOW)
        events.postpone_session(work, a_postponed(), NOW)
        events.postpone_session(work, a_postponed(), NOW)
        events.move_up_session(work, a_moved_up(), NOW)
    with a_look(engine) as work:
        session, record = work.sessions.get(SESSION), the_record(work)

    assert (session.state, session.starts_at) == (SessionState.MOVED_UP, TUESDAY + timedelta(days=3))
    assert record.faults == []


def test_failures_and_inquorate_sessions_are_counted_by_issue_and_unit(engine):
    for number in (1, 2):
        with a_unit(engine) as work:
            hall = Hall(work, number, starts_at=TUESDAY + timedelta(days=number))
            hall.open(present=EVERYBODY[:3])
    with a_unit(engine) as work:
        second = work.sessions.get(f"{ISSUE}/S2")
        third = Hall(work, 3, starts_at=TUESDAY + timedelta(days=9)).session

        assert second.failure == "inquorate_twice"
        assert work.sessions.count_failed_before(third) == 1
        assert [session.number for session in work.sessions.list_before(third)] == [2, 1]


def an_open_session(engine: Engine) -> Bus:
    bus = Bus(engine, DeliberationService, TUESDAY)
    bus.hear(a_scheduled())
    ask_all(bus, "record_arrivals", [{"session_id": SESSION, "person_ids": EVERYBODY}])
    ask_all(bus, "open_session", [{"session_id": SESSION}])
    return bus


def ask_all(bus: Bus, method: str, requests: list[dict[str, Any]]) -> list[Any]:
    """As commands that wait together, each with a key of its own."""
    calls = [(method, request | {"idempotency_key": f"k{number}"}) for number, request in enumerate(requests)]
    return bus.ask_all(calls, Role.CLERK if method == "record_arrivals" else Role.CHAIR, COMMUNITY)


def test_commands_that_wait_together_make_one_record_in_which_a_refused_one_left_no_trace(engine):
    bus = an_open_session(engine)
    stated = [
        {"session_id": SESSION, "mover": "P-1", "motion": words}
        for words in ("划定十个车位", "划定十个车位", "安装路灯")
    ]

    first, repeated, second = ask_all(bus, "state_motion", stated)
    record = bus.ask("get_record", {"session_id": SESSION}, Role.CHAIR, COMMUNITY)

    assert (first["motion_id"], second["motion_id"]) == (MOTION, f"{ISSUE}/S1/M2")
    assert isinstance(repeated, MotionRepeated)
    assert [event.motion_id for event in bus.told(said.MotionStatedV1)] == [MOTION, f"{ISSUE}/S1/M2"]
    assert [entry["kind"] for entry in record["entries"]][-2:] == ["motion_stated", "motion_stated"]
    assert record["is_intact"]


def test_sessions_that_are_called_together_cost_a_handful_of_statements(engine):
    called = [a_scheduled(number) for number in range(1, MANY + 1)]
    with statements_of(engine) as seen, a_unit(engine) as work:
        events.prepare(work, called)
        for one in called:
            events.call_session(work, one, NOW)
    with a_look(engine) as work:
        assert len(work.sessions.of(issue_id=ISSUE)) == MANY

    assert len(seen) <= 3, seen


TASK = {
    "what": "施划",
    "leader": "赵",
    "department": "城管科",
    "person": "钱",
    "co_units": ["物业公司"],
    "due_at": "2099-01-01T00:00:00Z",
}
STORY: list[tuple[str, str, dict[str, Any]]] = [
    ("record_arrivals", "session_id", {"person_ids": EVERYBODY}),
    ("open_session", "session_id", {}),
    ("state_motion", "session_id", {"mover": "P-1", "motion": "划定十个车位"}),
    ("second_motion", "motion_id", {"seconder": "P-2"}),
    ("state_opposition", "motion_id", {}),
    ("close_debate", "motion_id", {}),
    ("give_opinion", "motion_id", {}),
    ("vote", "motion_id", {"ballots": [{"person_id": person, "choice": "for"} for person in EVERYBODY]}),
    ("adopt_resolution", "motion_id", {"tasks": [TASK]}),
    ("close_session", "session_id", {}),
    ("circulate_minutes", "session_id", {}),
]


def test_commands_of_many_sessions_cost_as_few_statements_as_one(engine):
    bus = Bus(engine, DeliberationService, TUESDAY)
    bus.hear(*(a_scheduled(number) for number in range(1, MANY + 1)))
    for role in (Role.CHAIR, Role.CLERK):
        bus.ask("get_session", {"session_id": SESSION}, role, COMMUNITY)  # who asks is looked up once
    of = {"session_id": f"{ISSUE}/S%d", "motion_id": f"{ISSUE}/S%d/M1"}
    for method, about, fields in STORY:
        requests = [{about: of[about] % number} | fields for number in range(1, MANY + 1)]
        with statements_of(engine) as seen:
            answers = ask_all(bus, method, requests)
        assert not [one for one in answers if isinstance(one, Exception)], method
        assert len(seen) <= (5 if engine.dialect.name == "postgresql" else 10), (method, seen)


def test_a_void_vote_and_the_one_held_after_it_are_both_kept(engine):
    bus = Bus(engine, DeliberationService, TUESDAY)
    bus.hear(a_scheduled())
    for method, about, fields in STORY[:7]:
        assert not isinstance(ask_all(bus, method, [{about: OF[about]} | fields])[0], Exception), method
    few, many = EVERYBODY[:4], EVERYBODY
    for method, people in (("record_departures", EVERYBODY[4:]), ("record_arrivals", EVERYBODY[4:])):
        voters = few if method == "record_departures" else many
        ballots = [{"person_id": person, "choice": "for"} for person in voters]
        bus.ask(method, {"session_id": SESSION, "person_ids": people, "idempotency_key": method}, Role.CHAIR, COMMUNITY)
        bus.ask("vote", {"motion_id": MOTION, "ballots": ballots, "idempotency_key": method}, Role.CHAIR, COMMUNITY)

    votes = bus.ask("get_motion", {"motion_id": MOTION}, Role.CHAIR, COMMUNITY)["votes"]
    assert [(vote["number"], vote["outcome"], len(vote["ballots"])) for vote in votes] == [
        (1, "void", 4),
        (2, "carried", 9),
    ]


def test_a_session_that_leaves_all_as_it_is_is_kept_closed(engine):
    bus = Bus(engine, DeliberationService, TUESDAY)
    bus.hear(a_scheduled())
    for method, about, fields in STORY[:9]:
        changed = {"state_motion": {"leaves_as_is": True}, "adopt_resolution": {"tasks": []}}.get(method, {})
        assert not isinstance(ask_all(bus, method, [{about: OF[about]} | fields | changed])[0], Exception), method

    assert bus.ask("get_motion", {"motion_id": MOTION}, Role.CHAIR, COMMUNITY)["leaves_as_is"]
    assert bus.ask("get_session", {"session_id": SESSION}, Role.CHAIR, COMMUNITY)["state"] == "closed"


OBJECTED = {"objector": "慕容雪晴", "reasons": "挡了我家 2 单元 304 的窗"}


def objected(bus: Bus) -> str:
    """A resolution on display to which somebody objected at the desk, and whose objection was answered."""
    bus.hear(a_scheduled())
    for method, about, fields in STORY[:9]:
        assert not isinstance(ask_all(bus, method, [{about: OF[about]} | fields])[0], Exception), method
    about = {"resolution_id": f"{SESSION}/R1"}
    bus.ask("record_objection", about | OBJECTED | {"idempotency_key": "o"}, Role.CLERK, COMMUNITY)
    answered = {"number": 1, "review": "stands", "answer": "已避让", "idempotency_key": "a"}
    bus.ask("review_objection", about | answered, Role.CHAIR, COMMUNITY)
    return f"{SESSION}/R1"


def test_what_residents_object_is_sealed_wherever_it_is_kept_and_read_by_who_may(engine):
    bus = Bus(engine, DeliberationService, TUESDAY)
    resolution = objected(bus)

    with engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        kept = "\n".join(
            str(tuple(row)) for name in tables for row in connection.execute(text(f"SELECT * FROM {name}"))
        )
    assert resolution in kept
    assert not [words for words in OBJECTED.values() if words in kept or json.dumps(words)[1:-1] in kept]
    (read,) = bus.ask("get_resolution", {"resolution_id": resolution}, Role.CLERK, COMMUNITY)["objections"]
    assert {name: read[name] for name in OBJECTED} == OBJECTED
    assert read["answer"] == "已避让"


def test_where_the_key_is_lost_objections_and_answers_stand_without_the_words(engine, monkeypatch):
    bus = Bus(engine, DeliberationService, TUESDAY)
    resolution = objected(bus)

    monkeypatch.setattr(sealing, "_key", lambda folder: bytes(sealing.KEY_BYTES))
    with a_look(engine) as work:
        (one,) = work.displays.get(resolution).objections
    assert (one.objector, one.reasons, one.review, one.answer) == ("", "", Review.STANDS, "已避让")


def test_the_migrations_make_the_tables_that_the_code_knows(engine):
    found = inspect(engine)
    for table in metadata.sorted_tables:
        names = {column["name"] for column in found.get_columns(table.name)}
        assert names == {column.name for column in table.columns}, table.name
        indexed = {index["name"] for index in found.get_indexes(table.name)}
        assert {index.name for index in table.indexes} <= indexed, table.name
