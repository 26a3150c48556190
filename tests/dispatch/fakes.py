"""Repositories that keep everything in a dict."""

from collections.abc import Collection

from services.dispatch.domain.errors import UnknownIssue, UnknownTask
from services.dispatch.domain.issue import Issue
from services.dispatch.domain.task import Task, TaskState
from tests.fakes import FakeWork


class FakeIssues:
    def __init__(self) -> None:
        self.kept: dict[str, Issue] = {}

    def preload(self, ids: Collection[str]) -> None:
        self.preloaded = set(ids)

    def find(self, issue_id: str) -> Issue | None:
        return self.kept.get(issue_id)

    def get_for_task(self, task_id: str) -> Issue:
        if (issue := self.find(task_id.rpartition("/")[0])) is None:
            raise UnknownTask(task_id)
        return issue

    def add(self, issue: Issue) -> None:
        assert issue.id not in self.kept
        self.kept[issue.id] = issue


class FakeTasks:
    def __init__(self, issues: FakeIssues) -> None:
        self._issues = issues

    def get(self, task_id: str) -> Task:
        return self._issues.get_for_task(task_id).task(task_id)

    def of_issue(self, issue_id: str) -> list[Task]:
        if (issue := self._issues.find(issue_id)) is None:
            raise UnknownIssue(issue_id)
        return issue.tasks

    def of_unit(self, unit: str, states: Collection[TaskState], *, after: str = "", most: int = 100) -> list[Task]:
        every = sorted((task for issue in self._issues.kept.values() for task in issue.tasks), key=lambda task: task.id)
        inside = [task for task in every if task.unit_code.startswith(unit) and task.state in states]
        return [task for task in inside if task.id > after][:most]


def a_work() -> FakeWork:
    issues = FakeIssues()
    return FakeWork(issues=issues, tasks=FakeTasks(issues))
