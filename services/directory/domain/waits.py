"""Whose turn it is while a change of the directory is proposed, and what happens when nobody moves."""

from services.directory.domain.change import ChangeState
from shared.auth import Role
from shared.waits import Wait

DECIDING = Wait(
    roles=frozenset({Role.LEADER, Role.SUPERVISOR}),
    act="批复街道提出的社区变更：同意或不同意，写明理由；申请人本人不得批复",
    calls=("directory.list_changes", "directory.decide_change"),
    otherwise="到期无人批复的，视为不同意，名录不变；街道可以重新提出",
)
WAITS: dict[ChangeState, Wait] = {ChangeState.PROPOSED: DECIDING}
