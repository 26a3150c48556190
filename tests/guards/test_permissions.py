"""Every row of the table of calls is tried: by every role, from the right unit, from others, and without a token.

Each service stands on a database of its own, with a world (`tests/<service>/world.py`) that has one request for every
call, made so that whoever may make it gets it done. Before a row is tried the database is put back as it was made, so
that no row finds what another has left.
"""

import importlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from sqlalchemy import inspect, text

from services import home_of
from services.evaluation.domain.errors import PeriodNotPublished
from shared.auth import Role
from shared.errors import NotAllowed, NotAuthenticated
from shared.settings import settings
from shared.storage.engine import close_engines, make_engine
from tests.databases import copy_migrated
from tests.evaluation.world import SECRET
from tests.guards.rpc_table import BOUND_TO_UNITS, ROWS, Reach, Row
from tests.harness import Bus, HandClock, Request
from tests.intake.world import CALLER
from tests.staff import a_token

DISTRICT, OTHER_STREET = "110105", "110105999"
EVERY_ROW = pytest.mark.parametrize("row", ROWS, ids=str)


class World:
    """The processes of one service on one database, and what each can be asked there."""

    def __init__(self, home: str) -> None:
        copy_migrated([home], settings().var_folder)
        self.engine = make_engine(home, "sqlite")
        made = importlib.import_module(f"tests.{home}.world")
        clock = HandClock(made.BEGIN)
        self.processes = {service.name: Bus(self.engine, service, clock) for service in made.SERVICES}
        self.requests: dict[str, Request] = made.requests(*self.processes.values())
        self.employ_all()
        self._as_made = sqlite3.connect(":memory:")
        with self.connected() as connection:
            connection.backup(self._as_made)
        self._answers: dict[Row, dict[Role, Any]] = {}
        self.changed_by: dict[Row, set[str]] = {}

    def answers(self, row: Row) -> dict[Role, Any]:
        """What each role was answered from the right unit: those of the row first, so that one of them acts. Once."""
        if row not in self._answers:
            unit = self.requests[row.method].unit
            others = set(Role) - row.roles
            self.put_back()
            before = self.contents()
            answers = {role: self.ask(row, role, unit) for role in sorted(row.roles)}
            self.changed_by[row] = {name for name, rows in self.contents().items() if rows != before[name]}
            self._answers[row] = answers | {role: self.ask(row, role, unit) for role in sorted(others)}
        return self._answers[row]

    def ask(self, row: Row, role: Role | None, unit: str) -> Any:
        """The reply or the refusal."""
        key = {"idempotency_key": "asked"} if row.acts else {}
        call = (row.method, self.requests[row.method].content | key)
        return self.processes[row.service].ask_all([call], role, unit)[0]

    def employ_all(self) -> None:
        """So that nobody's post is told amid what a call changes."""
        asked_from = {unit for request in self.requests.values() for unit in (request.unit, *units_outside(request))}
        for unit in sorted(asked_from | {DISTRICT}):
            for role in Role:
                a_token(self.engine, role, unit, f"{role}-1")

    def put_back(self) -> None:
        with self.connected() as connection:
            self._as_made.backup(connection)

    @contextmanager
    def connected(self) -> Iterator[sqlite3.Connection]:
        """As the driver has it."""
        with closing(self.engine.raw_connection()) as connection:
            yield connection.driver_connection

    def contents(self) -> dict[str, list[Any]]:
        with self.engine.connect() as connection:
            names = inspect(connection).get_table_names()
            return {name: list(connection.execute(text(f"SELECT * FROM {name}")).all()) for name in names}

    def close(self) -> None:
        self._as_made.close()
        self.engine.dispose()


@pytest.fixture(scope="module")
def world_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Row], World]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GONGSHANG_VAR", str(tmp_path_factory.mktemp("worlds")))
        patch.setenv("GONGSHANG_DATABASE", "sqlite")
        settings.cache_clear()
        close_engines()
        worlds: dict[str, World] = {}

        def world_of_row(row: Row) -> World:
            home = home_of(row.service)
            if home not in worlds:
                worlds[home] = World(home)
            return worlds[home]

        yield world_of_row
        for world in worlds.values():
            world.close()
    settings.cache_clear()
    close_engines()


def units_outside(request: Request) -> list[str]:
    """Another street, and a unit inside the lowest that may ask."""
    return [OTHER_STREET, f"{request.unit}003"]


@EVERY_ROW
def test_it_is_refused_to_every_role_but_those_of_its_row(world_of, row):
    answers = world_of(row).answers(row)

    assert {role for role, answer in answers.items() if not isinstance(answer, NotAllowed)} == row.roles


@EVERY_ROW
def test_somebody_who_may_ask_gets_a_reply_and_only_what_acts_leaves_something_behind(world_of, row):
    world = world_of(row)
    replies = [answer for role, answer in world.answers(row).items() if isinstance(answer, dict) and role in row.roles]

    assert replies, world.answers(row)
    assert bool(world.changed_by[row] - {"replies"}) is row.acts
    assert ("replies" in world.changed_by[row]) is row.acts


@EVERY_ROW
def test_from_another_unit_it_is_refused_where_the_row_says_so_and_from_above_it_is_not(world_of, row):
    world = world_of(row)
    bound = row.roles if row.reach in BOUND_TO_UNITS else set()
    outside = units_outside(world.requests[row.method])

    for role in row.roles:
        world.put_back()
        refused = {unit for unit in (*outside, DISTRICT) if isinstance(world.ask(row, role, unit), NotAllowed)}
        is_bound = row.reach is Reach.OWN_DESK or (row.reach is Reach.OWN_TASKS and role is Role.HANDLER)
        above = {DISTRICT} if is_bound else set()
        assert refused == (above | set(outside) if role in bound else set()), role


@EVERY_ROW
def test_without_a_token_it_is_refused(world_of, row):
    assert isinstance(world_of(row).ask(row, None, ""), NotAuthenticated)


@pytest.mark.parametrize("row", [row for row in ROWS if row.reach is Reach.PUBLISHED], ids=str)
def test_the_public_is_shown_no_period_that_is_not_published(world_of, row):
    answers = world_of(row).answers(row)

    assert isinstance(answers[Role.PUBLIC], PeriodNotPublished) or SECRET not in str(answers[Role.PUBLIC])
    assert SECRET in str(answers[Role.EVALUATOR])


@pytest.mark.parametrize("row", [row for row in ROWS if row.service == "intake"], ids=str)
def test_no_reply_of_intake_but_of_a_reading_says_who_called(world_of, row):
    if row.method == "read_order":
        assert [said for said in CALLER if said in str(world_of(row).answers(row))] == list(CALLER)
        return
    assert not [said for said in CALLER if said in str(world_of(row).answers(row))]
