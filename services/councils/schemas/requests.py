"""What councils can be asked.

The `subject` of a command is the issue of its session: commands on one issue are done in the order in which they came.
"""

from datetime import datetime

from services.councils.domain.session import issue_of
from shared.bus.rpc.messages import request, unit_code
from shared.contracts.base import text


@request
class GetSession:
    session_id: str = text(longest=140)


@request
class ListSessions:
    """Sessions of a unit and of those inside it that begin from `starts_from` on and before `starts_to`."""

    unit_code: str = unit_code()
    starts_from: datetime | None = None
    starts_to: datetime | None = None


@request
class ListHalls:
    unit_code: str = unit_code()


@request
class ListDeputies:
    unit_code: str = unit_code()


@request
class PostponeSession:
    """The new date is the system's to set. Time, efficiency and rank are no reasons."""

    session_id: str = text(longest=140)
    reason: str = text(longest=500)
    idempotency_key: str = text(longest=100)

    @property
    def subject(self) -> str:
        return issue_of(self.session_id)
