"""Who must move while something is open in deliberation, and what happens when nobody does. By when: `due_at`."""

from services.deliberation.domain.minutes import MinutesState
from shared.auth import Role
from shared.waits import Wait

OVERDUE = "逾期记入异常事件,由督办处置并对外可查;决议照常执行"

CIRCULATING = Wait(
    roles=frozenset({Role.CHAIR, Role.CLERK}),
    act="整理会议纪要,送到会人员核对",
    calls=("deliberation.circulate_minutes",),
    otherwise=OVERDUE,
)
ANSWERING = Wait(
    roles=frozenset({Role.CHAIR, Role.CLERK}),
    act="答复到会人员对纪要的异议;异议成立的,附上更正",
    calls=("deliberation.answer_objection", "deliberation.correct_minutes"),
    otherwise=OVERDUE,
)
SIGNING = Wait(
    roles=frozenset({Role.CHAIR, Role.CLERK}),
    act="异议期满后签署会议纪要:主持人、记录员各签一次",
    calls=("deliberation.get_minutes", "deliberation.sign_minutes"),
    otherwise=OVERDUE,
)
WAITS: dict[MinutesState, Wait] = {MinutesState.DRAFT: CIRCULATING, MinutesState.CIRCULATED: SIGNING}
"""Of minutes. While an objection has no answer, `ANSWERING` comes before the signatures."""
