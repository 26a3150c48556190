"""A resolution 决议: the tasks that follow from a carried motion, each with its five things and what they cost whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.deliberation.domain.errors import ResolutionRefused


class ResolvedTask(Protocol):
    """A task with leader, department, person, co-units and time limit."""

    @property
    def what(self) -> str: ...
    @property
    def leader(self) -> str: ...
    @property
    def department(self) -> str: ...
    @property
    def person(self) -> str: ...
    @property
    def co_units(self) -> list[str]: ...
    @property
    def due_at(self) -> datetime: ...


@dataclass(eq=False)
class Resolution:
    """What a session resolved. It is published as it was adopted."""

    id: str
    motion_id: str
    session_id: str
    issue_id: str
    unit_code: str
    motion: str
    tasks: int
    adopted_by: str
    adopted_at: datetime
    published_at: datetime
    displayed_until: datetime


def check_tasks(tasks: Sequence[ResolvedTask], *, at: datetime) -> None:
    """Raises ResolutionRefused, naming each task and what it lacks."""
    faults = {f"tasks.{number}": found for number, task in enumerate(tasks) if (found := _faults(task, at))}
    if not tasks:
        faults["tasks"] = ["A resolution names at least one task."]
    if faults:
        raise ResolutionRefused("a task needs leader, department, person, co-units and time limit", faults)


def _faults(task: ResolvedTask, at: datetime) -> list[str]:
    faults = [f"{name} is missing." for name in ("what", "leader", "department", "person") if _is_blank(task, name)]
    if any(not unit.strip() for unit in task.co_units):
        faults.append("co_units names an empty unit.")
    if task.due_at <= at:
        faults.append("due_at is not in the future.")
    return faults


def _is_blank(task: ResolvedTask, name: str) -> bool:
    return not str(getattr(task, name)).strip()
