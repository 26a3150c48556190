"""What the directory can be asked.

The `subject` of a command is the entry it is about: commands on one entry are done in the order in which they came.
"""

from datetime import datetime
from typing import Any

from marshmallow import validate

from services.directory.domain.change import ChangeState
from shared.bus.rpc.messages import request, unit_code
from shared.contracts.base import checked, each, listed, text
from shared.contracts.directory import ID

KIND = validate.Length(min=1, max=20)
LONGEST_BOOK = 400_000
"""In base64: a file of some 290 kB. What is larger is entered by command."""
WHY = validate.Length(min=2, max=1000)


@request
class GetEntry:
    """What holds at `at`; if that is not named what holds now, else what is to hold next, else what held last."""

    kind: str = checked(KIND)
    entry_id: str = checked(ID)
    at: datetime | None = None


@request
class ListEntries:
    """Entries of a kind that hold at `at`, in a unit and all inside it; a page of at most `most` after an id.

    `alone` leaves out what lies in the units inside it.
    """

    kind: str = checked(KIND)
    unit_code: str = unit_code()
    alone: bool = False
    at: datetime | None = None
    after: str = text(longest=120, shortest=0, default="")
    most: int = checked(validate.Range(min=1, max=500), default=200)


@request
class ListPosts:
    """The posts that somebody has now under a login."""

    login: str = text(longest=100)


@request
class ListChanges:
    """The journal: of one entry, or of a unit and all inside it."""

    kind: str = text(longest=20, shortest=0, default="")
    entry_id: str = text(longest=120, shortest=0, default="")
    unit_code: str = unit_code(may_be_empty=True)
    state: ChangeState | None = None
    after: str = text(longest=60, shortest=0, default="")
    most: int = checked(validate.Range(min=1, max=500), default=200)


@request
class AboutEntry:
    """A command on an entry, and why."""

    kind: str = checked(KIND)
    entry_id: str = checked(ID)
    why: str = checked(WHY)
    idempotency_key: str = text(longest=100)

    @property
    def subject(self) -> str:
        return self.entry_id


@request
class ProposeEntry(AboutEntry):
    """Something new, from `valid_from` on (now, if it is not named).

    Without `entry_id` it has the id that files give it which name none; a unit's is its code.
    """

    entry_id: str = text(longest=120, shortest=0, default="")
    facts: dict[str, Any]
    valid_from: datetime | None = None
    valid_to: datetime | None = None

    @property
    def subject(self) -> str:
        return self.entry_id or self.idempotency_key


@request
class ChangeEntry(AboutEntry):
    """From `valid_from` on these facts hold, whole; what held before stays on record."""

    facts: dict[str, Any]
    valid_from: datetime | None = None
    valid_to: datetime | None = None


@request
class EndEntry(AboutEntry):
    """It no longer holds from `valid_to` on (now, if it is not named). `replaced_by` names what comes after it."""

    valid_to: datetime | None = None
    replaced_by: list[str] = listed(each(ID, most=50))


@request
class CheckBook:
    """What a book would change: a file by its name, its bytes in base64; the catalogue's categories, name by code."""

    name: str = checked(validate.Length(min=1, max=200))
    content: str = checked(validate.Length(min=4, max=LONGEST_BOOK))
    categories: dict[str, str]


@request
class ImportBook(CheckBook):
    """The same book entered, all of it; `plan_sha256` is that of what it would change, as it was shown."""

    plan_sha256: str = text(longest=64)
    why: str = checked(WHY)
    idempotency_key: str = text(longest=100)

    @property
    def subject(self) -> str:
        return self.name


@request
class ExportBook:
    """What holds now in the caller's unit and inside it; or a template: all sheets, no rows."""

    is_template: bool = False
    categories: dict[str, str]


@request
class DecideChange:
    """Approve or reject what was proposed. Nobody decides what they asked for."""

    change_id: str = text(longest=60)
    approve: bool
    reason: str = checked(WHY)
    idempotency_key: str = text(longest=100)

    @property
    def subject(self) -> str:
        return self.change_id
