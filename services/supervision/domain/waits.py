"""Whose turn it is while something is open in supervision, and what happens when nobody moves."""

from services.supervision.domain.case import CaseState
from shared.auth import Role
from shared.contracts.requests import Want
from shared.contracts.vocabulary import IncidentKind
from shared.waits import Wait

HOLDING = Wait(
    roles=frozenset({Role.LEADER}),
    act="在时限内办结；下级仍在办理的可接手；超出本级职责或能力的，写明理由提级",
    calls=("escalation.preview", "escalation.escalate", "dispatch.list_tasks", "dispatch.take_over_task"),
    otherwise="到期由督办时钟自动提级；区级到期则列为异常事件",
)
SETTLING = Wait(
    roles=frozenset({Role.SUPERVISOR}),
    act="处置异常事件：记录在案、重新办理，或以未解决结案并公开",
    calls=("supervision.get_case", "supervision.settle_incident"),
    otherwise="一直列在清单上，时间线对外可查",
)
ARBITRATING = Wait(
    roles=frozenset({Role.SUPERVISOR}),
    act="裁定由谁办理：留区办理（记录在案），或退回并写明理由，退回后不得再次提级",
    calls=("supervision.return_down", "supervision.settle_incident"),
    otherwise="裁定前由区级承办，到期列为异常事件",
)
MENDING = Wait(
    roles=frozenset({Role.CLERK, Role.LEADER}),
    act="在名录中补齐所缺的代表或议事厅，会议即可召集",
    calls=("directory.propose_entry", "directory.change_entry"),
    otherwise="每日及名录变动时重试；议题时限照常计算，到期提级",
)
CLOSING = Wait(
    roles=frozenset({Role.CHAIR, Role.CLERK}),
    act="议毕闭会",
    calls=("deliberation.close_session",),
    otherwise="一直列在清单上，直到闭会为止",
)
LOOKING_BACK = Wait(
    roles=frozenset({Role.SUPERVISOR}),
    act="回头看：到现场核实问题是否反弹",
    calls=("supervision.record_look_back",),
    otherwise="一直列在清单上，逾期天数可查",
)
DECIDING = Wait(
    roles=frozenset({Role.LEADER, Role.SUPERVISOR}),
    act="批复延期申请：同意或不同意，写明理由；申请人本人不得批复",
    calls=("supervision.get_request", "supervision.decide_request"),
    otherwise="到期无人批复的，按政策视为不同意，时限不变",
)
RECORDING = Wait(
    roles=frozenset({Role.CLERK, Role.LEADER}),
    act="催请被征询单位答复；收到来函后登记，由申请人以外的人登记",
    calls=("supervision.get_request", "supervision.record_answer"),
    otherwise="到期未答复的，记为未答复，层级时限恢复计时",
)
APPROVING = Wait(
    roles=frozenset({Role.LEADER, Role.SUPERVISOR}),
    act="审批疑难挂账：核对原因、计划、责任单位、答复和复核日期；申请人本人不得审批",
    calls=("supervision.get_request", "supervision.decide_request"),
    otherwise="到期无人审批的，视为不同意，时限照常计算",
)
CONSENTING = Wait(
    roles=frozenset({Role.LEADER, Role.SUPERVISOR}),
    act="批复示范性项目申请：同意或不同意，写明理由；申请人本人不得批复",
    calls=("supervision.get_request", "supervision.decide_request"),
    otherwise="到期无人批复的，视为不同意，不得以示范为由提级",
)
REVIEWING = Wait(
    roles=frozenset({Role.LEADER, Role.SUPERVISOR}),
    act="复核疑难挂账：定下次复核日期继续挂账，或移出",
    calls=("supervision.list_pending", "supervision.review_pending"),
    otherwise="逾期未复核的移出挂账，各时限恢复计时",
)
"""Of an issue on the pending list whose day of review has come."""
WAITS: dict[CaseState, Wait] = {CaseState.OPEN: HOLDING}
"""Of cases. `LOOKING_BACK` is the row of every look-back that is due, `REVIEWING` of what is pending."""
OF_INCIDENTS: dict[IncidentKind, Wait] = {
    IncidentKind.BACKSTOP: SETTLING,
    IncidentKind.OVERDUE: SETTLING,
    IncidentKind.DISPUTED: ARBITRATING,
    IncidentKind.NOT_ASKED: SETTLING,
    IncidentKind.LAPSED: SETTLING,
    IncidentKind.UNSCHEDULABLE: MENDING,
    IncidentKind.LEFT_OPEN: CLOSING,
    IncidentKind.UNSIGNED: SETTLING,
    IncidentKind.UNFOLLOWED: SETTLING,
}
"""Of incidents that are open."""
OF_REQUESTS: dict[Want, Wait] = {
    Want.EXTENSION: DECIDING,
    Want.COOPERATION: RECORDING,
    Want.PENDING: APPROVING,
    Want.DEMONSTRATION: CONSENTING,
}
"""Of what somebody asked for, until it is decided."""
