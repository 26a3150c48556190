"""Finding and keeping on both databases: read once, written as it is at the end, and undone without a trace."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Column, Connection, Engine, Integer, MetaData, String, Table, event, select

from shared.errors import NotFound
from shared.storage import Appending, Repository
from shared.storage.engine import make_engine, writing
from shared.storage.work import Work

metadata = MetaData()
tasks = Table(
    "tasks",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("issue_id", String(20), nullable=False),
    Column("holder", String(20), nullable=False),
    Column("attempt", Integer, nullable=False),
)
looks = Table("looks", metadata, Column("key", String(20), primary_key=True), Column("words", String(20)))


@dataclass
class Task:
    id: str
    issue_id: str
    holder: str = "grid"
    attempt: int = 1


@dataclass(frozen=True)
class Look:
    key: str
    words: str = ""


class Tasks(Repository[Task]):
    entity, table = Task, tasks
    movable = frozenset({"holder"})

    def unknown(self, key: str) -> NotFound:
        return NotFound(f"no task {key}")


class Looks(Appending[Look]):
    table, columns, once = looks, ["key", "words"], "key"


class Desk(Work):
    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.tasks, self.looks = Tasks(self), Looks(self)


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = make_engine("desk", database)
    with made.begin() as connection:
        if made.dialect.name == "postgresql":
            connection.exec_driver_sql("CREATE SCHEMA IF NOT EXISTS desk")
        metadata.create_all(connection)
    yield made
    made.dispose()


class Working:
    """`with Working(engine) as desk`: committed at the end; counts the statements."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self.statements = engine, 0

    def __enter__(self) -> Desk:
        self._held = writing(self._engine)
        self._held.__enter__()
        self._begun = self._engine.begin()
        self.desk = Desk(self._begun.__enter__())
        event.listen(self._engine, "before_cursor_execute", self._count)
        return self.desk

    def __exit__(self, kind, error, trace) -> None:
        if kind is None:
            self.desk.flush()
        event.remove(self._engine, "before_cursor_execute", self._count)
        self._begun.__exit__(kind, error, trace)
        self._held.__exit__(None, None, None)

    def _count(self, *_: object) -> None:
        self.statements += 1


def kept(engine: Engine) -> dict[str, tuple[str, int]]:
    with engine.connect() as connection:
        rows = connection.execute(select(tasks.c.id, tasks.c.holder, tasks.c.attempt))
        return {row.id: (row.holder, row.attempt) for row in rows}


def some_tasks(engine: Engine, *ids: str) -> None:
    with Working(engine) as desk:
        for name in ids:
            desk.tasks.add(Task(name, "I-1"))


def test_what_is_added_is_written_as_it_is_at_the_end(engine):
    with Working(engine) as desk:
        task = Task("T1", "I-1")
        desk.tasks.add(task)
        task.attempt = 2

    assert kept(engine) == {"T1": ("grid", 2)}


def test_what_changed_is_written_without_anybody_saying_so(engine):
    some_tasks(engine, "T1", "T2")

    with Working(engine) as desk:
        desk.tasks.lock("T1").holder = "street"

    assert kept(engine) == {"T1": ("street", 1), "T2": ("grid", 1)}


def test_of_what_changed_only_its_columns_are_written(engine):
    some_tasks(engine, "T1", "T2")

    with Working(engine) as desk:
        desk.tasks.get("T1").attempt = 2
        desk.tasks.get("T2").holder = "street"
        if engine.dialect.name == "postgresql":  # SQLite lets nobody else write meanwhile
            with engine.begin() as elsewhere:
                elsewhere.execute(tasks.update().where(tasks.c.id == "T1").values(holder="meanwhile"))

    meanwhile = "meanwhile" if engine.dialect.name == "postgresql" else "grid"
    assert kept(engine) == {"T1": (meanwhile, 2), "T2": ("street", 1)}


def test_what_is_found_twice_is_one_object_and_one_query(engine):
    some_tasks(engine, "T1")

    working = Working(engine)
    with working as desk:
        desk.tasks.lock_all(["T1", "T9"])
        assert desk.tasks.find("T1") is desk.tasks.lock("T1")
        assert desk.tasks.find_and_lock("T9") is None
    assert working.statements == 1


def test_what_is_not_there_is_named(engine):
    with Working(engine) as desk:
        with pytest.raises(NotFound, match="T9"):
            desk.tasks.get("T9")
        with pytest.raises(NotFound, match="T9"):
            desk.tasks.lock("T9")


def test_a_list_has_what_is_new_and_what_moved_in_and_not_what_moved_away(engine):
    some_tasks(engine, "T1", "T2", "T3")

    with Working(engine) as desk:
        desk.tasks.lock("T1").holder = "street"
        desk.tasks.add(Task("T4", "I-1", holder="street"))
        assert [one.id for one in desk.tasks.of(holder="street")] == ["T1", "T4"]
        assert [one.id for one in desk.tasks.of(holder="grid")] == ["T2", "T3"]
        assert [one.id for one in desk.tasks.of(issue_id="I-1", holder="grid")] == ["T2", "T3"]


def test_of_many_only_those_can_be_read_that_are_asked_for_ever(engine):
    some_tasks(engine, "T1", "T2")

    with Working(engine) as desk:
        desk.tasks.load_of("issue_id", ["I-1"], tasks.c.id != "T1")
        desk.tasks.add(Task("T3", "I-1"))
        assert [one.id for one in desk.tasks.of(issue_id="I-1")] == ["T2", "T3"]


def test_a_list_of_what_is_still_to_come_needs_no_query(engine):
    working = Working(engine)
    with working as desk:
        desk.tasks.none_of("issue_id", "I-1")
        desk.tasks.add(Task("T1", "I-1"))
        assert [one.id for one in desk.tasks.of(issue_id="I-1")] == ["T1"]
        assert working.statements == 0


def test_what_is_locked_after_it_was_looked_at_is_read_anew(engine):
    if engine.dialect.name == "sqlite":
        pytest.skip("one transaction of SQLite has the whole database")
    some_tasks(engine, "T1")

    with Working(engine) as desk:
        seen = desk.tasks.get("T1")
        with Working(engine) as other:
            other.tasks.lock("T1").attempt = 7
        assert desk.tasks.lock("T1") is seen
        assert seen.attempt == 7


def test_what_was_changed_without_a_lock_is_not_locked_afterwards(engine):
    if engine.dialect.name == "sqlite":
        pytest.skip("one transaction of SQLite has the whole database")
    some_tasks(engine, "T1")

    with Working(engine) as desk:
        desk.tasks.get("T1").attempt = 3
        with pytest.raises(AssertionError, match="before it was locked"):
            desk.tasks.lock("T1")


def test_what_is_restored_leaves_no_trace_and_what_was_done_before_stays(engine):
    some_tasks(engine, "T1", "T2")

    with Working(engine) as desk:
        desk.tasks.lock("T1").attempt = 2
        desk.looks.add(Look("before"))
        desk.mark()
        desk.tasks.lock("T1").attempt = 3
        desk.tasks.lock("T2").holder = "street"
        desk.tasks.add(Task("T3", "I-1"))
        desk.looks.add(Look("after"))
        desk.restore()
        assert [one.id for one in desk.tasks.of(issue_id="I-1")] == ["T1", "T2"]
        desk.tasks.add(Task("T3", "I-1", holder="community"))

    assert kept(engine) == {"T1": ("grid", 2), "T2": ("grid", 1), "T3": ("community", 1)}
    with engine.connect() as connection:
        assert list(connection.scalars(select(looks.c.key))) == ["before"]


def test_what_is_added_once_stays_as_it_is(engine):
    for words in ("first", "second"):
        with Working(engine) as desk:
            desk.looks.add(Look("K", words))
            desk.looks.add(Look("K", words))

    with engine.connect() as connection:
        assert list(connection.scalars(select(looks.c.words))) == ["first"]


def test_two_things_with_one_key_are_refused(engine):
    with Working(engine) as desk:
        desk.tasks.add(Task("T1", "I-1"))
        with pytest.raises(ValueError, match="there already"):
            desk.tasks.add(Task("T1", "I-2"))
