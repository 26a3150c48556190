"""Who must move while something is open in councils, and what happens when nobody does.

By when is a session's `due_at`; a listing without a session is tried again daily and whenever the directory changes.
"""

from services.councils.domain.session import AHEAD, SessionState
from shared.auth import Role
from shared.contracts.requests import Want
from shared.waits import Wait

OPENING = Wait(
    roles=frozenset({Role.CHAIR, Role.CLERK}),
    act="由一人记录到会、另一人按时召开，或者因清单内的事由申请延期",
    calls=(
        "councils.get_session",
        "deliberation.record_arrivals",
        "deliberation.open_session",
        "councils.postpone_session",
    ),
    otherwise="会议逾期作废，向社会公开，记入异常事件，系统另定日期；议题时限照常计算",
)
DECIDING = Wait(
    roles=frozenset({Role.CHAIR, Role.CLERK}),
    act="批复会议延期申请：同意或不同意，写明理由；申请人本人不得批复",
    calls=("councils.get_request", "councils.decide_request"),
    otherwise="到期无人批复的，视为不同意，会议按通知召开",
)
CLOSING = Wait(
    roles=frozenset({Role.CHAIR, Role.CLERK}),
    act="议毕闭会",
    calls=("deliberation.close_session",),
    otherwise="记入异常事件，直到闭会为止",
)
WAITS: dict[SessionState, Wait] = {**dict.fromkeys(AHEAD, OPENING), SessionState.OPEN: CLOSING}
"""Of sessions. A listing for which none can be called is an incident, and among supervision's rows."""
OF_REQUESTS: dict[Want, Wait] = {Want.POSTPONEMENT: DECIDING}
"""Of what somebody asked for, until it is decided."""
