"""The five things 办 names: leader, department, person, co-units, time limit. Without them nothing is assigned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.contracts.assigning import check_five_things


@dataclass(frozen=True)
class FiveThings:
    """责任领导, 责任部门, 责任人, 配合部门, 完成时限. Making one that lacks any of them raises IncompleteAssignment.

    The ids are those of the directory. Where a resolution names whom it does not know they are of who answers for it.
    """

    leader: str
    department: str
    person: str
    co_units: Sequence[str]
    due_at: datetime
    organisation_id: str
    desk_id: str
    person_id: str = ""
    assisting_ids: Sequence[str] = ()

    def __post_init__(self) -> None:
        check_five_things(self)
