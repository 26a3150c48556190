"""The five things 办 names: leader, department, person, co-units, time limit. Without them nothing is assigned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.dispatch.domain.errors import IncompleteAssignment


@dataclass(frozen=True)
class FiveThings:
    """责任领导, 责任部门, 责任人, 配合部门, 完成时限. Making one that lacks any of them raises IncompleteAssignment.

    The ids are those of the directory; empty where a resolution names whom the directory does not know.
    """

    leader: str
    department: str
    person: str
    co_units: Sequence[str]
    due_at: datetime
    organisation_id: str = ""
    desk_id: str = ""
    person_id: str = ""

    def __post_init__(self) -> None:
        faults = {name: ["Missing."] for name in ("leader", "department", "person") if not getattr(self, name).strip()}
        if not self.co_units or not all(unit.strip() for unit in self.co_units):
            faults["co_units"] = ["Missing: name at least one."]
        if self.due_at.tzinfo is None:
            faults["due_at"] = ["Must say its offset from UTC."]
        if faults:
            raise IncompleteAssignment(f"the assignment lacks {', '.join(faults)}", faults)
