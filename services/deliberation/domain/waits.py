"""Who must move while something is open in deliberation, and what happens when nobody does.

By when is a motion's session to be closed, and the minutes' `due_at`.
"""

from services.deliberation.domain.display import DisplayState
from services.deliberation.domain.minutes import MinutesState
from services.deliberation.domain.motion import MotionState
from services.deliberation.domain.poll import PollState
from shared.auth import Role
from shared.waits import Wait

OVERDUE = "逾期记入异常事件，由督办处置并对外可查；决议照常执行"

UNDECIDED = "会议不能闭会；逾期未闭会的记入异常事件"


def _next(act: str, *calls: str) -> Wait:
    roles = frozenset({Role.CHAIR, Role.CLERK})
    return Wait(roles=roles, act=act, calls=tuple(f"deliberation.{call}" for call in calls), otherwise=UNDECIDED)


OF_MOTIONS: dict[MotionState, Wait] = {
    MotionState.STATED: _next("动议待附议，或由动议人撤回", "second_motion", "withdraw_motion"),
    MotionState.SECONDED: _next("请反对方陈述，没有的也记录在案", "state_opposition"),
    MotionState.OPPOSED: _next("组织辩论，双方轮流发言", "record_turn", "close_debate"),
    MotionState.DEBATED: _next("请议事能手发表意见，没有的也记录在案", "give_opinion"),
    MotionState.ADVISED: _next("表决，或交各户、业主逐户表决", "vote", "open_poll"),
    MotionState.VOID: _next("人数不足，表决无效：到会人数够了再表决，或者闭会", "vote", "close_session"),
    MotionState.CARRIED: _next("动议已通过：形成决议，列明任务", "adopt_resolution"),
}
"""Of motions in a session that is open. A carried one waits until it has its resolution, a polled one for its poll."""

POLLING = Wait(
    roles=frozenset({Role.CHAIR, Role.CLERK}),
    act="逐户收票录入，由另一人对照核对；期满计票",
    calls=(
        "deliberation.get_poll",
        "deliberation.enter_papers",
        "deliberation.check_papers",
        "deliberation.count_poll",
    ),
    otherwise="期满由系统按已核对的票计票；未交的不算同意，未核对的不计",
)
OF_POLLS: dict[PollState, Wait] = {PollState.OPEN: POLLING}
"""Of polls, until they are counted."""

RESOLVING = Wait(
    roles=frozenset({Role.CHAIR, Role.CLERK}),
    act="逐户表决已通过：按选定的方案形成决议，列明任务",
    calls=("deliberation.get_poll", "deliberation.adopt_resolution"),
    otherwise="议题时限照常计算，到期未形成决议的提级",
)
"""Of a motion that a poll carried, when its session is over."""

REVIEWING = Wait(
    roles=frozenset({Role.CHAIR, Role.CLERK}),
    act="答复对公示决议的异议（部门不予承办的，不得维持）：维持、退回重议或转报上级，说明理由",
    calls=("deliberation.get_resolution", "deliberation.review_objection"),
    otherwise="逾期视为退回：决议不再执行，未完成的任务撤回，议题重新列入议程",
)
OF_DISPLAYS: dict[DisplayState, Wait] = {DisplayState.CONTESTED: REVIEWING}
"""Of resolutions. One on display that nobody objects to is in force by itself when its last day is over."""

CIRCULATING = Wait(
    roles=frozenset({Role.CHAIR, Role.CLERK}),
    act="整理会议纪要，送到会人员核对",
    calls=("deliberation.circulate_minutes",),
    otherwise=OVERDUE,
)
ANSWERING = Wait(
    roles=frozenset({Role.CHAIR, Role.CLERK}),
    act="答复到会人员对纪要的异议；异议成立的，附上更正",
    calls=("deliberation.answer_objection", "deliberation.correct_minutes"),
    otherwise=OVERDUE,
)
SIGNING = Wait(
    roles=frozenset({Role.CHAIR, Role.CLERK}),
    act="异议期满后签署会议纪要：主持人、记录员各签一次",
    calls=("deliberation.get_minutes", "deliberation.sign_minutes"),
    otherwise=OVERDUE,
)
WAITS: dict[MinutesState, Wait] = {MinutesState.DRAFT: CIRCULATING, MinutesState.CIRCULATED: SIGNING}
"""Of minutes. While an objection has no answer, `ANSWERING` comes before the signatures."""
