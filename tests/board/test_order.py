"""Publishers may be heard in any order among each other, in batches of any size: the board comes out the same."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.board.service import BoardService
from services.board.storage import tables
from shared.contracts.flow import LISTENERS
from tests.board.dump import dump
from tests.board.samples import heard
from tests.harness import Bus, heard_by

MONDAY = datetime(2026, 3, 2, 1, tzinfo=UTC)


def interleaved(publishers: list[str]):
    """All events, each publisher's in its order, as this list of publishers takes turns."""
    waiting = {name: iter(events) for name, events in heard().items()}
    return [next(waiting[name]) for name in publishers]


ONE_BY_ONE = [name for name, events in heard().items() for _ in events]


def told(bus: Bus, events, cuts: set[int]) -> None:
    """In batches that end where they are cut. Each event has the same id in every order."""
    batch = []
    for number, event in enumerate(events, 1):
        batch.append(bus.sent(event, f"{event.wire_type}:{event.subject}"))
        if number in cuts or number == len(events):
            bus.deliver(*batch)
            batch = []


@pytest.fixture
def in_order(engine):
    bus = Bus(engine, BoardService, MONDAY)
    told(bus, interleaved(ONE_BY_ONE), set())
    return dump(engine)


def emptied(engine) -> Bus:
    with engine.begin() as connection:
        for table in (*tables.generation[1], tables.bus.inbox):
            connection.execute(table.delete())
    return Bus(engine, BoardService, MONDAY)


def test_it_hears_what_it_is_bound_to():
    assert set(heard_by(BoardService)) == set(LISTENERS["board"])


def test_every_sample_leaves_its_trace(in_order):
    of_issues = {event.wire_type for events in heard().values() for event in events if hasattr(event, "issue_id")}
    of_issues -= {
        event.wire_type for events in heard().values() for event in events if not getattr(event, "issue_id", "x")
    }
    told_kinds = {row[3] for row in in_order["stories"]}
    assert told_kinds == of_issues
    assert [len(in_order[name]) > 0 for name in in_order] == [True] * len(in_order)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(turns=st.permutations(ONE_BY_ONE), cuts=st.sets(st.integers(1, len(ONE_BY_ONE)), max_size=8))
def test_whoever_is_heard_first_the_board_comes_out_the_same(engine, in_order, turns, cuts):
    bus = emptied(engine)

    told(bus, interleaved(turns), cuts)

    assert dump(engine) == in_order
