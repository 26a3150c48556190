"""Whose turn it is while an order is open, and what happens when nobody moves.

An order that waits for a clerk is intake's own; once it is in hand, those who hold its issue are asked by the others.
"""

from services.intake.domain.complaint import ComplaintState
from shared.auth import Role
from shared.contracts.requests import Want
from shared.waits import Wait

SETTLING = Wait(
    roles=frozenset({Role.CLERK}),
    act="确定承办单位；不属本区的由区退回热线；属六类情形的直接答复",
    calls=("intake.settle_order", "intake.return_to_hotline", "intake.answer_order"),
    otherwise="逾期由能覆盖所提地点的单位承办（无法覆盖的由区承办），并列为异常事件",
)
WORDING = Wait(
    roles=frozenset({Role.CLERK}),
    act="为上会议题拟定并确认公开表述，定公开类别",
    calls=("intake.list_wordings", "intake.confirm_wording"),
    otherwise="通知、公示和页面只写类别和地点",
)
"""An issue on a deliberation list whose words nobody has confirmed: deputies would know no more than its category."""
FOLLOWING = Wait(
    roles=frozenset({Role.CLERK}),
    act="跟进移交 110、119、120 的紧急事项并记录结果",
    calls=("intake.follow_handover",),
    otherwise="逾期无人跟进列为异常事件，仍列在清单上；工单本身照常办理",
)
"""An emergency that was handed over, until somebody says what came of it."""
VERIFYING = Wait(
    roles=frozenset({Role.CLERK}),
    act="核实联名诉求的签名人数",
    calls=("intake.verify_signatures",),
    otherwise="逾期未核实的，仍按其所称人数计，仍列在清单上",
)
"""A petition that is in hand, until a clerk has said how many of who signed it are real."""
ANSWERING = Wait(
    roles=frozenset({Role.CLERK}),
    act="等候热线答复退单、剔除或再次回访的申请；临近期限的，请热线答复；不同意的可申诉一次",
    calls=("intake.list_hotline_requests", "intake.appeal_request"),
    otherwise="热线逾期未答复的，维持原状；其后答复的，以热线为准",
)
DECIDING = Wait(
    roles=frozenset({Role.CLERK}),
    act="批复转办或撤回议题的申请：同意或不同意，写明理由；申请人本人不得批复",
    calls=("intake.get_request", "intake.decide_request"),
    otherwise="到期无人批复的，视为不同意，维持原状",
)
PROTECTING = Wait(
    roles=frozenset({Role.CLERK}),
    act="批复恢复办理或调整紧急程度的申请：同意或不同意，写明理由；申请人本人不得批复",
    calls=("intake.get_request", "intake.decide_request"),
    otherwise="到期无人批复的，恢复办理，紧急程度提高；降低的维持原状",
)
"""Silence takes nothing from who called."""
OF_REQUESTS: dict[Want, Wait] = {
    **dict.fromkeys((Want.RETURN, Want.EXCLUSION, Want.CALLBACK), ANSWERING),
    **dict.fromkeys((Want.TRANSFER, Want.WITHDRAWAL), DECIDING),
    **dict.fromkeys((Want.REINSTATEMENT, Want.URGENCY), PROTECTING),
}
"""Of what the hotline decides, or a clerk above."""
WAITS: dict[ComplaintState, Wait] = {ComplaintState.TO_SETTLE: SETTLING}

IN_HAND = frozenset({ComplaintState.LINKED, ComplaintState.REDO, ComplaintState.REPLIED, ComplaintState.CALLED_BACK})
"""It goes the way of its issue: dispatch and supervision say whose turn it is, and evaluation whom to call back."""

ENDS = frozenset(
    {
        ComplaintState.RETURNED,
        ComplaintState.RECALLED,
        ComplaintState.WITHDRAWN,
        ComplaintState.MERGED,
        ComplaintState.ANSWERED,
        ComplaintState.REFERRED,
        ComplaintState.URGED,
        ComplaintState.CLOSED,
    }
)
"""Nobody need move. What urges another order ends with it."""
