"""What councils can be asked.

The `subject` of a command is the issue of its session: commands on one issue are done in the order in which they came.
"""

from datetime import datetime

from marshmallow import validate

from services.councils.domain.session import issue_of
from shared.bus.rpc.messages import reason_for, request, unit_code
from shared.contracts.base import checked, text
from shared.contracts.requests import RequestReason, Want
from shared.contracts.vocabulary import MoneySource


@request
class GetSession:
    """A session: hall, hour, agenda, and who is invited, with the ids by which they are recorded."""

    session_id: str = text(longest=140)


@request
class ListSessions:
    """Sessions of a unit and of those inside it that begin from `starts_from` on and before `starts_to`."""

    unit_code: str = unit_code()
    starts_from: datetime | None = None
    starts_to: datetime | None = None


@request
class ListHalls:
    """A unit's halls 议事厅, and when they are open."""

    unit_code: str = unit_code()


@request
class ListDeputies:
    """Whom a unit can invite as of now: deputies and experts, with their ids."""

    unit_code: str = unit_code()


@request
class PostponeSession:
    """Ask to put a session off; another of its chair and clerks decides. The new date is then the system's to set.

    Time, efficiency and rank are no reasons, whatever the words say.

    `reason` is one of: hall_lost 会场无法使用, quorum_away 已知到会不足法定人数, weather 恶劣天气, death 丧事,
    health_order 卫生健康部门要求, emergency 突发事件处置, illness 当事人病重. `words` are published beside it.
    """

    session_id: str = text(longest=140)
    reason: RequestReason = reason_for(Want.POSTPONEMENT)
    words: str = text(longest=500, shortest=0, default="")
    idempotency_key: str = text(longest=100)

    @property
    def subject(self) -> str:
        return issue_of(self.session_id)


@request
class PutOnAgenda:
    """One more item beside the issue itself: what may be moved, and at most so much of whose money it takes.

    The notice goes out again; where it would be too late for the session's date, the session moves to a later one.
    """

    session_id: str = text(longest=140)
    matter: str = text(longest=500)
    amount_fen: int = checked(validate.Range(min=0))
    money: MoneySource
    idempotency_key: str = text(longest=100)

    @property
    def subject(self) -> str:
        return issue_of(self.session_id)
