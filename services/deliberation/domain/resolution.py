"""A resolution 决议: the tasks that follow from a carried motion, each with its five things and what they cost whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.deliberation.domain.errors import OffTheNotice, ResolutionRefused
from shared.contracts.assigning import check_five_things, check_funding
from shared.contracts.deliberation import ResolvedTaskPart
from shared.contracts.vocabulary import MoneySource
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


def check_tasks(
    tasks: Sequence[ResolvedTaskPart],
    *,
    at: datetime,
    leaves_as_is: bool = False,
    money: MoneySource = MoneySource.NONE,
) -> None:
    """`money` is whose the motion was moved on. Nobody else's is spent by it, but for what is given freely.

    Raises ResolutionRefused, IncompleteAssignment, FundingNotWhole or OffTheNotice, naming each task and field.
    """
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
    if foreign := {
        f"{field}funding": said for field, task in zip(fields, tasks, strict=True) if (said := _foreign(task, money))
    }:
        raise OffTheNotice(
            "the motion was moved without this money: put it on the agenda with its amount (councils.put_on_agenda), "
            "and move it when that was announced",
            foreign,
        )


def _faults(task: ResolvedTaskPart, at: datetime) -> Fields:
    faults = {} if task.what.strip() else {"what": ["Missing."]}
    return faults | ({"due_at": ["Must be in the future."]} if task.due_at <= at else {})


def _foreign(task: ResolvedTaskPart, money: MoneySource) -> list[str]:
    """The shares of money that was not moved."""
    free = (MoneySource.NONE, MoneySource.DONATIONS, money)
    return [f"{share.payer}: money of {share.money}." for share in task.funding if share.money not in free]
