"""Issues and tasks come out of both databases as they went in, and a batch costs a handful of statements."""

from contextlib import AbstractContextManager
from typing import Any

import pytest
from sqlalchemy import Engine, inspect, select
from sqlalchemy.exc import IntegrityError

from services.dispatch.domain.errors import UnknownIssue, UnknownTask
from services.dispatch.domain.issue import Issue, IssueState
from services.dispatch.domain.task import Milestone, Task, TaskState
from services.dispatch.schemas.replies import TasksReply
from services.dispatch.schemas.requests import ListTasks, SignForTask
from services.dispatch.storage import tables
from services.dispatch.storage.repository import DispatchStore
from services.dispatch.use_cases import events, queries, tasks
from shared.bus.rpc.messages import read_request
from shared.bus.work import reading, transaction
from shared.contracts.deliberation import FundingSharePart
from shared.contracts.vocabulary import ContributionKind, TaskOrigin
from tests.dispatch.builders import (
    COMMUNITY,
    GRID,
    MONDAY,
    POLICY,
    STREET,
    a_handler,
    a_leader,
    a_share,
    a_task,
    an_issue,
    days,
    finished,
    five_things,
    issue_escalated,
    issue_listed,
    issue_raised,
)
from tests.fakes import a_moment
from tests.harness import statements_of


def a_store(engine: Engine) -> AbstractContextManager[DispatchStore]:
    """A unit of work of its own, committed at the end."""
    return transaction(engine, DispatchStore)


def keep(engine: Engine, issue: Issue) -> None:
    """With its tasks."""
    with a_store(engine) as store:
        store.issues.add(issue)
        for task in issue.tasks:
            store.tasks.add(task)


def open_in(store: DispatchStore, unit: str) -> list[Task]:
    return [task for task in store.tasks.of(unit_code=unit) if task.is_open]


def raise_issues(store: DispatchStore, *ids: str, **changes: Any) -> None:
    for one in ids:
        events.open_issue(store, issue_raised(one, **changes), a_moment(MONDAY))


def test_the_migration_makes_what_the_tables_say(engine):
    made = inspect(engine)

    for table in tables.metadata.sorted_tables:
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
        funding=[
            a_share("街道", 1.0),
            FundingSharePart(payer="志愿队", kind=ContributionKind.HOURS, given="清理 40 小时"),
        ],
    )
    finished(task)
    task.milestone = Milestone.ACCEPTANCE
    issue.withdraw_tasks(STREET, "属该街道")
    keep(engine, issue)
    with a_store(engine) as store:
        found = store.issues.find("I-1")

        assert found is not issue
        assert found == issue


def test_a_change_is_kept_with_its_new_task(engine):
    keep(engine, an_issue())
    with a_store(engine) as store:
        issue = store.issues.lock("I-1")
        issue.hears("I-1/E1")
        store.tasks.add(a_task(issue))
    with a_store(engine) as store:
        found = store.issues.find("I-1")

        assert (found.heard, [task.id for task in found.tasks]) == (["I-1/E1"], ["I-1/T1"])


def test_a_change_of_a_task_is_kept_with_its_issue(engine):
    issue = an_issue()
    a_task(issue)
    keep(engine, issue)
    with a_store(engine) as store:
        store.issues.lock_for_task("I-1/T1").task("I-1/T1").sign_for()
    with a_store(engine) as store:
        assert store.tasks.get("I-1/T1").state is TaskState.SIGNED_FOR


def test_what_is_restored_is_the_issue_with_its_tasks(engine):
    issue = an_issue()
    a_task(issue)
    keep(engine, issue)
    with a_store(engine) as store:
        issue = store.issues.lock("I-1")
        issue.task("I-1/T1").sign_for()
        store.mark()
        issue = store.issues.lock("I-1")
        issue.task("I-1/T1").fail()
        issue.await_resolution()
        store.tasks.add(a_task(issue))
        store.restore()
        kept = store.issues.lock("I-1")

        assert [(task.id, task.state) for task in kept.tasks] == [("I-1/T1", TaskState.SIGNED_FOR)]
        assert not kept.is_awaiting_resolution
    with a_store(engine) as store:
        assert store.issues.get("I-1") == kept


def test_the_tenth_task_comes_after_the_second(engine):
    issue = an_issue()
    made = [a_task(issue).id for _ in range(11)]
    keep(engine, issue)
    with a_store(engine) as store:
        assert [task.id for task in store.issues.get("I-1").tasks] == made


@pytest.fixture
def warm(engine: Engine) -> Engine:
    """The directory is in memory, as after the first batch."""
    with a_store(engine) as store:
        for unit in (GRID, COMMUNITY):
            events.prepare(store, [issue_raised(unit_code=unit)], a_moment(MONDAY))
    return engine


def test_a_batch_is_loaded_at_once(warm):
    with a_store(warm) as store, statements_of(warm) as seen:
        events.prepare(store, [issue_raised("I-1"), issue_listed("I-1"), issue_raised("I-2")], a_moment(MONDAY))

        assert [store.issues.find_and_lock(one) for one in ("I-1", "I-2")] == [None, None]
        assert len(seen) == 2  # the issues, and whether the directory has changed


def test_a_batch_of_new_issues_is_read_at_once_and_written_in_few_statements(warm):
    heard = [issue_raised(f"I-{number}") for number in range(500)]
    with statements_of(warm) as seen, a_store(warm) as store:
        events.prepare(store, heard, a_moment(MONDAY))
        for one in heard:
            events.open_issue(store, one, a_moment(MONDAY))
        reads = len(seen)

    assert reads == 2  # the issues, and whether the directory has changed
    assert len(seen) < 6
    assert len(store.outbox.rows) == 500


def test_what_is_heard_of_new_issues_in_the_batch_that_raised_them_costs_no_more(warm):
    raised, listed = ([make(f"I-{number}") for number in range(50)] for make in (issue_raised, issue_listed))
    with a_store(warm) as store, statements_of(warm) as seen:
        events.prepare(store, [*raised, *listed], a_moment(MONDAY))
        for first, following in zip(raised, listed, strict=True):
            events.open_issue(store, first, a_moment(MONDAY))
            events.await_resolution(store, following, a_moment(MONDAY))

        assert len(seen) == 2


def test_a_mixed_batch_of_known_issues_is_read_in_three_statements(warm):
    ids = [f"I-{number}" for number in range(50)]
    with a_store(warm) as store:
        raise_issues(store, *ids)
    listed = [issue_listed(one) for one in ids]
    climbs = [issue_escalated(one, was_handled=True) for one in ids]
    with a_store(warm) as store, statements_of(warm) as seen:
        events.prepare(store, [*listed, *climbs], a_moment(MONDAY))
        for one, climb in zip(listed, climbs, strict=True):
            events.await_resolution(store, one, a_moment(MONDAY))
            events.move_issue(store, climb, a_moment(MONDAY))

        assert len(seen) == 3
    with a_store(warm) as store:
        assert len(open_in(store, COMMUNITY)) == 50


def test_who_sits_where_is_read_for_a_whole_batch_in_a_statement_a_kind(engine):
    heard = [issue_raised(f"I-{n}", unit_code=f"11010501700{n % 7 + 1}00{n % 5 + 1}") for n in range(100)]
    with a_store(engine) as store, statements_of(engine) as seen:
        events.prepare(store, heard, a_moment(MONDAY))
        before = len(seen)
        for one in heard:
            events.open_issue(store, one, a_moment(MONDAY))

        assert len(seen) == before
        assert [sum("directory_periods" in one for one in seen), len({one.unit_code for one in heard})] == [7, 35]


def test_a_batch_of_commands_is_read_in_two_statements_and_written_in_few(engine):
    ids = [f"I-{number}" for number in range(50)]
    with a_store(engine) as store:
        raise_issues(store, *ids)
    asked = [SignForTask(task_id=f"{one}/T1", idempotency_key="k") for one in ids]
    with statements_of(engine) as seen, a_store(engine) as store:
        events.prepare(store, asked, a_moment(MONDAY))
        for request in asked:
            store.mark()
            tasks.sign_for_task(store, request, a_moment(MONDAY, asked_by=a_handler(GRID)))
        reads = len(seen)

    assert reads == 2
    assert len(seen) < 5
    with a_store(engine) as store:
        assert [task.state for task in open_in(store, GRID)] == [TaskState.SIGNED_FOR] * 50


def test_the_same_issue_twice_in_one_batch_is_one_issue(engine):
    with a_store(engine) as store:
        events.prepare(store, [issue_raised(), issue_raised()], a_moment(MONDAY))
        raise_issues(store, "I-1", "I-1")
    with a_store(engine) as store:
        assert [task.id for task in store.tasks.of(issue_id="I-1")] == ["I-1/T1"]


def test_a_unit_finds_its_own_tasks_and_those_inside_it(engine):
    with a_store(engine) as store:
        for issue_id, unit in (("I-1", GRID), ("I-2", COMMUNITY), ("I-3", STREET), ("I-4", "110105018001001")):
            raise_issues(store, issue_id, unit_code=unit)
    with a_store(engine) as store:
        found = {
            unit: [task.task_id for task in list_tasks(store, unit_code=unit).tasks]
            for unit in (GRID, COMMUNITY, STREET)
        }

    assert found == {
        GRID: ["I-1/T1"],
        COMMUNITY: ["I-1/T1", "I-2/T1"],
        STREET: ["I-1/T1", "I-2/T1", "I-3/T1"],
    }


def list_tasks(store: DispatchStore, **fields: Any) -> TasksReply:
    return queries.list_tasks(store, read_request(ListTasks, fields), a_moment(MONDAY, asked_by=a_leader(GRID)))


def test_tasks_are_listed_by_issue_and_by_unit(engine):
    with a_store(engine) as store:
        raise_issues(store, "I-1")
        raise_issues(store, "I-2", category="heating")
    with reading(engine, DispatchStore) as store:
        found = [
            list_tasks(store, issue_id="I-1"),
            list_tasks(store, unit_code=STREET),
            list_tasks(store, unit_code=GRID),
        ]

    assert [[task.task_id for task in one.tasks] for one in found] == [["I-1/T1"], ["I-1/T1", "I-2/T1"], ["I-1/T1"]]


def test_a_long_list_comes_in_pages(engine):
    with a_store(engine) as store:
        raise_issues(store, "I-1", "I-2")
    with reading(engine, DispatchStore) as store:
        page = list_tasks(store, unit_code=GRID, most=1)
        rest = list_tasks(store, unit_code=GRID, after=page.next_after, most=5)

    assert [task.task_id for task in (*page.tasks, *rest.tasks)] == ["I-1/T1", "I-2/T1"]
    assert rest.next_after == ""


def test_only_tasks_in_the_wanted_states_are_listed(engine):
    issue = an_issue()
    a_task(issue).move_up()
    a_task(issue)
    keep(engine, issue)
    with a_store(engine) as store:
        assert [task.id for task in open_in(store, GRID)] == ["I-1/T2"]
        states = store.connection.execute(select(tables.tasks.c.state).order_by(tables.tasks.c.number))
        assert [row.state for row in states] == [TaskState.MOVED_UP, TaskState.ASSIGNED]


def test_what_is_not_there_is_said_not_to_be(engine):
    with a_store(engine) as store:
        with pytest.raises(UnknownTask):
            store.issues.lock_for_task("I-9/T1")
        with pytest.raises(UnknownTask):
            store.tasks.get("I-9/T1")
        with pytest.raises(UnknownIssue):
            store.issues.get("I-9")


def test_a_task_number_is_given_once(engine):
    with a_store(engine) as store:
        raise_issues(store, "I-1")
    with pytest.raises(IntegrityError), a_store(engine) as store:
        store.tasks.add(a_task(an_issue()))


def test_questions_are_answered_by_a_look_that_only_reads(engine):
    with a_store(engine) as store:
        raise_issues(store, "I-1", due_at=MONDAY + days(3))
    with reading(engine, DispatchStore) as store:
        task = store.tasks.get("I-1/T1")

        assert (task.due_at, task.state) == (MONDAY + days(3), TaskState.ASSIGNED)


def test_a_closed_issue_stays_closed_in_the_database(engine):
    issue = an_issue()
    a_task(issue)
    issue.close()
    keep(engine, issue)
    with a_store(engine) as store:
        found = store.issues.find("I-1")

        assert (found.state, found.tasks[0].state) == (IssueState.CLOSED, TaskState.ENDED)


def test_tasks_that_have_ended_are_listed_where_they_are_asked_for(engine):
    issue = an_issue()
    a_task(issue).move_up()
    a_task(issue)
    keep(engine, issue)
    with a_store(engine) as store:
        listed = [list_tasks(store, unit_code=GRID, ended_too=ended_too).tasks for ended_too in (False, True)]

    assert [[task.task_id for task in tasks] for tasks in listed] == [["I-1/T2"], ["I-1/T1", "I-1/T2"]]
