"""What a task needs before it is given: the five things, and who bears its cost.

A council may resolve what passes here, and dispatch then carries out the same. Whoever moves it hears the same words.
"""

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from shared.contracts.deliberation import FundingSharePart
from shared.contracts.vocabulary import ContributionKind, MoneySource
from shared.errors import Fields, Refused

ROUNDING = 1e-6
"""Thirds have no exact decimal: shares that differ from the whole by no more than this are rounding, not a gap."""


class FundingNotWhole(Refused):
    """The funding shares of a task must add up to the whole."""

    code = "funding_not_whole"


class IncompleteAssignment(Refused):
    """A task has leader, department, person, co-units and time limit, or it is not assigned."""

    code = "incomplete_assignment"


class Assigned(Protocol):
    """责任领导, 责任部门, 责任人, 配合部门, 完成时限."""

    @property
    def leader(self) -> str: ...
    @property
    def department(self) -> str: ...
    @property
    def person(self) -> str: ...
    @property
    def co_units(self) -> Sequence[str]: ...
    @property
    def due_at(self) -> datetime: ...


def check_five_things(*tasks: Assigned, fields: Sequence[str] = ("",)) -> None:
    """Raises IncompleteAssignment with all that is missing. `fields` are the beginnings of the names, one a task."""
    faults: Fields = {}
    for task, field in zip(tasks, fields, strict=True):
        faults |= {f"{field}{name}": said for name, said in _missing(task).items()}
    if faults:
        raise IncompleteAssignment(f"the assignment lacks {', '.join(faults)}", faults)


def _missing(task: Assigned) -> Fields:
    faults = {name: ["Missing."] for name in ("leader", "department", "person") if not getattr(task, name).strip()}
    if not task.co_units or not all(unit.strip() for unit in task.co_units):
        faults["co_units"] = ["Missing: name at least one."]
    if task.due_at.tzinfo is None:
        faults["due_at"] = ["Must say its offset from UTC."]
    return faults


def check_funding(shares: Sequence[FundingSharePart], *, field: str = "funding") -> None:
    """Raises FundingNotWhole unless there are no shares, or each has a payer of its own and they add up to 1.

    Money says whose it is, for by that it is told who can decide on it.

    A gift in kind, or hours, need no share, but say what is given.
    """
    payers = {(share.payer.strip(), share.kind) for share in shares}
    parts = [share for share in shares if share.kind is ContributionKind.MONEY or share.share_ratio]
    total = math.fsum(share.share_ratio for share in parts)
    faults = []
    if any(not payer for payer, _ in payers) or len(payers) < len(shares):
        faults.append("Each share needs a payer of its own.")
    if any(share.share_ratio <= 0 for share in parts):
        faults.append("Each share is more than nothing.")
    if any(share.kind is ContributionKind.MONEY and share.money is MoneySource.NONE for share in shares):
        whose = ", ".join(one for one in MoneySource if one is not MoneySource.NONE)
        faults.append(f"Whose money it is stands in `money`: {whose}.")
    if any(share.kind is not ContributionKind.MONEY and not share.given.strip() for share in shares):
        faults.append("What is given in kind or in hours is said in `given`.")
    if parts and abs(total - 1) > ROUNDING:
        faults.append(f"The shares add up to {total:.9g}, not to 1.")
    if faults:
        raise FundingNotWhole(fields={field: faults})
