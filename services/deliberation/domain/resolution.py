"""A resolution 决议: the tasks that follow from a carried motion, each with its five things and what they cost whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.deliberation.domain.errors import ResolutionRefused
from shared.contracts.assigning import check_five_things, check_funding
from shared.contracts.deliberation import ResolvedTaskPart
from shared.errors import Fields


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


def check_tasks(tasks: Sequence[ResolvedTaskPart], *, at: datetime, leaves_as_is: bool = False) -> None:
    """Raises ResolutionRefused, IncompleteAssignment or FundingNotWhole, naming each task and field."""
    if leaves_as_is and tasks:
        raise ResolutionRefused(fields={"tasks": ["Where all stays as it is, nobody has a task."]})
    if not leaves_as_is and not tasks:
        raise ResolutionRefused(fields={"tasks": ["A resolution names at least one task."]})
    fields = [f"tasks.{number}." for number in range(len(tasks))]
    check_five_things(*tasks, fields=fields)
    faults: Fields = {}
    for field, task in zip(fields, tasks, strict=True):
        faults |= {f"{field}{name}": said for name, said in _faults(task, at).items()}
    if faults:
        raise ResolutionRefused("a task says what is done, and until when", faults)
    for field, task in zip(fields, tasks, strict=True):
        check_funding(task.funding, field=f"{field}funding")


def _faults(task: ResolvedTaskPart, at: datetime) -> Fields:
    faults = {} if task.what.strip() else {"what": ["Missing."]}
    return faults | ({"due_at": ["Must be in the future."]} if task.due_at <= at else {})
