"""Whose turn it is while a task is open, and what happens when nobody moves. By when is the task's `due_at`."""

from services.dispatch.domain.task import AT_WORK, TaskState
from shared.auth import Role
from shared.contracts.requests import Want
from shared.waits import Wait

CLIMBS = "到期未办结，督办亮红灯，议题按时限提级；任务仍在本岗，直至办结或由上级另行安排"

AT_THE_DESK = frozenset({Role.HANDLER, Role.LEADER})
"""A leader where the roster has them at the desk: at night, on days off, or for somebody who is away."""
SIGNING = Wait(
    roles=AT_THE_DESK,
    act="签收，或在异议期内申请退回并说明理由；不同意退回的可申诉一次；议事决议交办而依法不能办的，说明理由不予承办",
    calls=("dispatch.sign_for_task", "dispatch.return_task", "dispatch.appeal_request", "dispatch.decline_task"),
    otherwise=CLIMBS,
)
DECIDING = Wait(
    roles=frozenset({Role.LEADER, Role.SUPERVISOR}),
    act="批复退单：同意改派或不同意，写明理由；申请人和承办单位本身不得批复",
    calls=("dispatch.get_request", "dispatch.decide_request"),
    otherwise="到期无人批复的，视为不同意，任务仍由原岗办理",
)
DOING = Wait(
    roles=AT_THE_DESK,
    act="办理并附佐证办结；暂时办不了的说明原因",
    calls=("dispatch.finish_task", "dispatch.reach_milestone", "dispatch.block_task", "dispatch.fail_task"),
    otherwise=CLIMBS,
)
ACCEPTING = Wait(
    roles=frozenset({Role.LEADER}),
    act="验收，或退回重办并说明理由",
    calls=("dispatch.accept_task", "dispatch.send_back_task"),
    otherwise="任务不算办结，议题时限照常计算，到期提级",
)
WAITS: dict[TaskState, Wait] = {
    TaskState.ASSIGNED: SIGNING,
    **dict.fromkeys(AT_WORK, DOING),
    TaskState.DONE: ACCEPTING,
}
OF_REQUESTS: dict[Want, Wait] = {Want.TASK_RETURN: DECIDING}
"""Of what a department asked for, until it is decided."""
