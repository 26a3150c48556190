"""The board made anew is the board that was lived: each event once, those on their way and those in trouble too."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from services.board.service import BoardService
from services.board.storage import tables
from services.cli.main import main
from services.cli.proof.lagging import Behind, board_behind
from services.cli.suite.rebuild import Rebuild, one_rebuild_at_a_time
from shared.bus.inbox.reading import Delivery
from shared.bus.log.reading import events_of
from shared.bus.tables import EventStatus
from shared.bus.work import Store, transaction
from shared.contracts.envelope import CONTENT_TYPE
from shared.settings import settings
from shared.storage.engine import close_engines, make_engine
from tests.board.dump import dump
from tests.board.samples import heard
from tests.databases import KINDS, lent
from tests.harness import Bus, HandClock
from tests.told import tell

NOW = datetime(2026, 3, 10, 2, tzinfo=UTC)
SOURCES = ("intake", "deliberation", "supervision")
Engines = dict[str, Engine]


@pytest.fixture(params=KINDS)
def engines(request: pytest.FixtureRequest) -> Iterator[Engines]:
    """The board, and three that have announced the samples of all their events."""
    with lent(request, "board", *SOURCES) as url:
        made = {name: make_engine(name, url) for name in ("board", *SOURCES)}
        tell(made["board"])
        for name in SOURCES:
            with transaction(made[name], Store) as work:
                for event in heard()[name]:
                    work.outbox.add(event, at=NOW)
        yield made
        for one in made.values():
            one.dispose()


def announced(engines: Engines, name: str) -> list[Delivery]:
    """As the broker brings them."""
    return [
        Delivery(1, one.position, one.body, CONTENT_TYPE, one.event_id, one.type, {})
        for one in events_of(engines[name])
    ]


def all_announced(engines: Engines) -> list[Delivery]:
    return [one for name in SOURCES for one in announced(engines, name)]


def rebuilt(engines: Engines) -> Any:
    rebuild = Rebuild(engines["board"], {name: engines[name] for name in SOURCES}, a_bus(engines).moments)
    return rebuild.run()


def a_bus(engines: Engines) -> Bus:
    return Bus(engines["board"], BoardService, HandClock(NOW))


def inbox(engine: Engine, status: EventStatus) -> list[str]:
    of = tables.bus.inbox.c
    with engine.connect() as connection:
        return list(connection.scalars(select(of.event_id).where(of.status == status.value)))


def test_it_is_the_same_table_by_table(engines):
    board = engines["board"]
    a_bus(engines).deliver(*all_announced(engines))
    lived = dump(board)

    made = rebuilt(engines)

    assert (made.generation, made.events, made.not_heard_before) == (2, len(all_announced(engines)), 0)
    assert dump(board) == dump(board, 2) == lived
    assert len(lived["stories"]) > 50


def test_it_may_be_made_anew_again_and_goes_on_from_there(engines):
    board, bus = engines["board"], a_bus(engines)
    first, *others = all_announced(engines)
    bus.deliver(first)
    assert rebuilt(engines).generation == 2
    assert rebuilt(engines).generation == 1
    before = dump(board)

    bus.deliver(*others)

    assert dump(board) == before, "they were in it already"


def test_what_is_on_its_way_is_in_it_once_and_changes_nothing_when_it_comes(engines):
    board, bus = engines["board"], a_bus(engines)
    *came, last = all_announced(engines)
    bus.deliver(*came)

    made = rebuilt(engines)
    with_all = dump(board)
    bus.deliver(last, last)

    assert made.not_heard_before == 1
    assert dump(board) == with_all
    assert last.message_id in {row[1] for row in with_all["stories"]}


def test_what_waited_in_trouble_is_taken_in_and_waits_no_more(engines):
    board, bus = engines["board"], a_bus(engines)
    bus.deliver(*all_announced(engines))
    whole = dump(board)
    of = tables.bus.inbox.c
    parked = announced(engines, "supervision")[-1].message_id
    with board.begin() as connection:
        connection.execute(tables.bus.inbox.update().where(of.event_id == parked).values(status="parked", body=b""))
        stories = tables.generation[1].stories
        connection.execute(stories.delete().where(stories.c.event_id == parked))

    rebuilt(engines)

    assert dump(board) == whole
    assert inbox(board, EventStatus.PARKED) == []


@pytest.mark.parametrize("engines", ["sqlite"], indirect=True)
def test_the_command_says_what_it_did_and_without_a_board_what_to_do(engines, capsys, monkeypatch, tmp_path):
    a_bus(engines).deliver(*all_announced(engines)[1:])

    assert main(["board", "rebuild", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["events"], made["not_heard_before"]) == (len(all_announced(engines)), 1)

    monkeypatch.setenv("GONGSHANG_VAR", str(tmp_path / "empty"))
    settings.cache_clear()
    close_engines()
    assert main(["board", "rebuild"]) == 1
    assert "Run ./gongshang migrate first" in capsys.readouterr().err


@pytest.mark.parametrize("engines", ["sqlite"], indirect=True)
def test_of_two_at_once_the_second_is_told_so(engines, capsys):
    with one_rebuild_at_a_time():
        assert main(["board", "rebuild"]) == 1

    assert "being rebuilt by another command" in capsys.readouterr().err


@pytest.mark.parametrize("engines", ["sqlite"], indirect=True)
def test_how_far_it_is_behind_is_what_was_announced_and_not_taken_in(engines):
    *came, last = all_announced(engines)
    a_bus(engines).deliver(*came)
    close_engines()

    behind = board_behind()
    assert behind is not None
    assert (behind.events, behind.length(NOW + timedelta(seconds=3))) == (1, timedelta(seconds=3))

    a_bus(engines).deliver(last)
    assert board_behind() == Behind(0, None)
