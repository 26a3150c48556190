"""Whose turn it is while an order is open, and what happens when nobody moves.

An order that waits for a clerk is intake's own; once it is in hand, those who hold its issue are asked by the others.
"""

from services.intake.domain.complaint import ComplaintState
from shared.auth import Role
from shared.waits import Wait

SETTLING = Wait(
    roles=frozenset({Role.CLERK}),
    act="确定承办单位;不属本区的由区退回热线;属六类情形的直接答复",
    calls=("intake.settle_order", "intake.return_to_hotline", "intake.answer_order"),
    otherwise="逾期由能覆盖所提地点的单位承办(无法覆盖的由区承办),并列为异常事件",
)
IN_HAND = Wait(
    roles=frozenset({Role.HANDLER, Role.LEADER}),
    act="由承办单位按任务办理",
    calls=("dispatch.list_my_work", "supervision.list_my_work"),
    otherwise="诉求时限与层级时限照常计算,到期提级;区级到期列为异常事件",
)
ASKING = Wait(
    roles=frozenset({Role.CALLBACK_AGENT}),
    act="回访来电人",
    calls=("evaluation.list_callbacks_due", "evaluation.record_callback"),
    otherwise="按政策再次回访,仍未接通的按未接通计",
)
WAITS: dict[ComplaintState, Wait] = {
    ComplaintState.TO_SETTLE: SETTLING,
    ComplaintState.LINKED: IN_HAND,
    ComplaintState.REDO: IN_HAND,
    ComplaintState.REPLIED: ASKING,
    ComplaintState.CALLED_BACK: ASKING,
}
"""One that was called back waits for the callbacks of the other orders of its issue."""

ENDS = frozenset({ComplaintState.RETURNED, ComplaintState.ANSWERED, ComplaintState.URGED, ComplaintState.CLOSED})
"""Nobody need move. What urges another order ends with it."""
