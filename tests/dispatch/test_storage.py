"""Issues and tasks come out of both databases as they went in, and a batch costs a handful of statements."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event, inspect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.dispatch import use_cases
from services.dispatch.domain.errors import UnknownIssue, UnknownTask
from services.dispatch.domain.funding import FundingShare
from services.dispatch.domain.issue import IssueState
from services.dispatch.domain.task import OPEN, Milestone, TaskState
from services.dispatch.storage.repository import DispatchStore
from services.dispatch.storage.tables import metadata
from shared.bus.work import reading
from shared.contracts.vocabulary import TaskOrigin
from tests.dispatch.builders import (
    COMMUNITY,
    GRID,
    MONDAY,
    POLICY,
    STREET,
    a_task,
    an_issue,
    days,
    finished,
    five_things,
    issue_escalated,
    issue_listed,
    issue_raised,
    rules,
)


@contextmanager
def a_store(engine: Engine) -> Iterator[DispatchStore]:
    """A unit of work of its own, committed at the end."""
    with Session(engine, expire_on_commit=False) as session:
        store = DispatchStore(session)
        yield store
        store.flush()
        session.commit()


@contextmanager
def statements_of(engine: Engine) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_):
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_the_migration_makes_what_the_tables_say(engine):
    made = inspect(engine)

    for table in metadata.sorted_tables:
        assert {column["name"] for column in made.get_columns(table.name)} == set(table.columns.keys())
        assert {index.name for index in table.indexes} <= {index["name"] for index in made.get_indexes(table.name)}


def test_an_issue_comes_back_whole(engine):
    issue = an_issue(returns=["110105017003005 网格服务组"], heard=["I-1/E1"], is_awaiting_resolution=True)
    task = issue.assign(
        five_things(),
        unit_code=GRID,
        origin=TaskOrigin.RESOLUTION,
        what="加装",
        returns=POLICY.returns,
        at=MONDAY,
        funding=[FundingShare("街道", 0.6), FundingShare("居民", 0.4)],
    )
    finished(task)
    task.milestone = Milestone.ACCEPTANCE
    with a_store(engine) as store:
        store.issues.add(issue)
    with a_store(engine) as store:
        found = store.issues.find("I-1")

        assert found is not issue
        assert found == issue


def test_a_change_is_kept_with_its_new_task(engine):
    with a_store(engine) as store:
        store.issues.add(an_issue())
    with a_store(engine) as store:
        issue = store.issues.find("I-1")
        issue.hears("I-1/E1")
        a_task(issue)
    with a_store(engine) as store:
        found = store.issues.find("I-1")

        assert (found.heard, [task.id for task in found.tasks]) == (["I-1/E1"], ["I-1/T1"])


def test_a_batch_of_new_issues_is_read_at_once_and_written_in_few_statements(engine):
    events = [issue_raised(f"I-{number}") for number in range(500)]
    with a_store(engine) as store, statements_of(engine) as seen:
        use_cases.prepare(store, events)
        for one in events:
            use_cases.open_issue(store, one, **rules())
        reads = len(seen)

    assert reads == 1
    assert len(seen) < 5
    assert len(store.outbox.rows) == 500


def test_a_mixed_batch_of_known_issues_is_read_in_two_statements(engine):
    ids = [f"I-{number}" for number in range(50)]
    with a_store(engine) as store:
        for one in ids:
            use_cases.open_issue(store, issue_raised(one), **rules())
    events = [issue_listed(one) for one in ids]
    climbs = [issue_escalated(one) for one in ids]
    with a_store(engine) as store, statements_of(engine) as seen:
        use_cases.prepare(store, [*events, *climbs])
        for listed, climb in zip(events, climbs, strict=True):
            use_cases.await_resolution(store, listed)
            use_cases.move_issue(store, climb, **rules())

        assert len(seen) == 2
    with a_store(engine) as store:
        assert len(store.tasks.of_unit(COMMUNITY, OPEN)) == 50


def test_the_same_issue_twice_in_one_batch_is_one_issue(engine):
    with a_store(engine) as store:
        use_cases.prepare(store, [issue_raised(), issue_raised()])
        for _ in range(2):
            use_cases.open_issue(store, issue_raised(), **rules())
    with a_store(engine) as store:
        assert [task.id for task in store.tasks.of_issue("I-1")] == ["I-1/T1"]


def test_a_unit_finds_its_own_tasks_and_those_inside_it(engine):
    with a_store(engine) as store:
        for issue_id, unit in (("I-1", GRID), ("I-2", COMMUNITY), ("I-3", STREET), ("I-4", "110105018001001")):
            use_cases.open_issue(store, issue_raised(issue_id, unit_code=unit), **rules())
    with a_store(engine) as store:
        found = {unit: [task.id for task in store.tasks.of_unit(unit, OPEN)] for unit in (GRID, COMMUNITY, STREET)}

    assert found == {
        GRID: ["I-1/T1"],
        COMMUNITY: ["I-1/T1", "I-2/T1"],
        STREET: ["I-1/T1", "I-2/T1", "I-3/T1"],
    }


def test_only_tasks_in_the_wanted_states_are_listed(engine):
    issue = an_issue()
    a_task(issue).move_up()
    a_task(issue)
    with a_store(engine) as store:
        store.issues.add(issue)
    with a_store(engine) as store:
        assert [task.id for task in store.tasks.of_unit(GRID, OPEN)] == ["I-1/T2"]
        assert [task.id for task in store.tasks.of_unit(GRID, [TaskState.MOVED_UP])] == ["I-1/T1"]
        assert store.tasks.counts() == {"assigned": 1, "moved_up": 1}


def test_what_is_not_there_is_said_not_to_be(engine):
    with a_store(engine) as store:
        with pytest.raises(UnknownTask):
            store.issues.get_for_task("I-9/T1")
        with pytest.raises(UnknownTask):
            store.tasks.get("I-9/T1")
        with pytest.raises(UnknownIssue):
            store.tasks.of_issue("I-9")


def test_a_task_number_is_given_once(engine):
    with a_store(engine) as store:
        use_cases.open_issue(store, issue_raised(), **rules())
    with pytest.raises(IntegrityError), a_store(engine) as store:
        store.session.add(a_task(an_issue()))


def test_questions_are_answered_by_a_look_that_only_reads(engine):
    with a_store(engine) as store:
        use_cases.open_issue(store, issue_raised(due_at=MONDAY + days(3)), **rules())
    with reading(engine, DispatchStore) as store:
        task = store.tasks.get("I-1/T1")

        assert (task.due_at, task.state) == (MONDAY + days(3), TaskState.ASSIGNED)


def test_a_closed_issue_stays_closed_in_the_database(engine):
    issue = an_issue()
    a_task(issue)
    issue.close()
    with a_store(engine) as store:
        store.issues.add(issue)
    with a_store(engine) as store:
        found = store.issues.find("I-1")

        assert (found.state, found.tasks[0].state) == (IssueState.CLOSED, TaskState.ENDED)
