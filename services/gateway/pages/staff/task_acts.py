"""What can be done with a task 办理任务: one row each, by the name in its address."""

from collections.abc import Mapping
from datetime import datetime

from flask import url_for

from services.gateway.at_hand import Reply, ask
from services.gateway.pages.staff.acts import REASON, About, Act, Field
from services.gateway.pages.staff.proofs import MAY_PROVE, MUST_PROVE, with_proofs
from services.gateway.person import NotOfPost, Person
from services.gateway.places import unit_name
from services.gateway.reader import times
from services.gateway.words.catalogue import zh
from shared.auth import Role
from shared.contracts.requests import REASONS, Want

AT_A_DESK = frozenset({Role.HANDLER, Role.LEADER})
LEADER = frozenset({Role.LEADER})
ASSIGNED, DONE = frozenset({"assigned"}), frozenset({"done"})
AT_WORK = frozenset({"signed_for", "in_hand", "blocked", "sent_back"})
WORDS = Field(name="words", label=zh("说明"), help=zh("写给批复的人看。"), longest=1000)
TAKE_OVER = "take-over"
MILESTONES = ("project_approval", "procurement", "handling", "acceptance")


def reason_of(want: Want) -> Field:
    """The closed list of reasons for what is asked."""
    return Field(name="reason", label=zh("事由"), look="choose", kind="request_reason", codes=REASONS[want])


def _act(method: str, title: str, follows: str, send: str, states: frozenset[str], *fields: Field) -> Act:
    return Act(
        service="dispatch",
        method=method,
        title=title,
        follows=follows,
        send=send,
        fields=fields,
        roles=AT_A_DESK,
        states=states,
    )


ACTS: Mapping[str, Act] = {
    "sign": _act(
        "sign_for_task",
        zh("签收"),
        zh("签收后由本岗办理，期限照常计算；签收以后不能再申请退单。"),
        zh("签收任务"),
        ASSIGNED,
    ),
    "return": Act(
        service="dispatch",
        method="return_task",
        title=zh("申请退单"),
        follows=zh("由上一级的人批复。同意的改派下一个承办部门；不同意或到期无人批复的，仍由本岗办理。"),
        send=zh("提交退单申请"),
        fields=(reason_of(Want.TASK_RETURN), WORDS, MAY_PROVE),
        roles=frozenset({Role.HANDLER}),
        states=ASSIGNED,
        shaped=with_proofs,
    ),
    "decline": _act(
        "decline_task",
        zh("不予承办"),
        zh("只用于议事决议交办、依法不能办的任务；写明的理由留在记录里。"),
        zh("说明理由，不予承办"),
        ASSIGNED,
        REASON,
    ),
    "finish": Act(
        service="dispatch",
        method="finish_task",
        title=zh("办结"),
        follows=zh("提交后由负责人验收；验收通过，才算办结。"),
        send=zh("提交办理结果"),
        fields=(Field(name="result", label=zh("办理结果"), longest=2000), MUST_PROVE),
        roles=AT_A_DESK,
        states=AT_WORK,
        shaped=with_proofs,
    ),
    "milestone": _act(
        "reach_milestone",
        zh("记节点"),
        zh("节点按立项、采购、办理、验收的次序记，用不着的可以跳过；记下后公示栏上看得到。"),
        zh("记下这个节点"),
        AT_WORK,
        Field(name="milestone", label=zh("到了哪个节点"), look="choose", kind="milestone", codes=MILESTONES),
    ),
    "block": _act(
        "block_task",
        zh("说明暂时办不了"),
        zh("任务仍在本岗，期限照常计算；需要更多时间的，另行申请延期。"),
        zh("记下原因"),
        AT_WORK,
        Field(name="explanation", label=zh("为什么办不了"), longest=1000),
    ),
    "extend": Act(
        service="supervision",
        method="ask_extension",
        title=zh("申请延期"),
        follows=zh("由上一级的人批复。同意的，诉求、任务、回访的期限一起顺延，并把说明告知诉求人和热线。"),
        send=zh("提交延期申请"),
        fields=(
            reason_of(Want.EXTENSION),
            Field(name="words", label=zh("说明"), help=zh("会告知诉求人和热线，不要写居民的姓名。"), longest=2000),
            MAY_PROVE,
        ),
        roles=AT_A_DESK,
        states=AT_WORK | ASSIGNED,
        shaped=with_proofs,
    ),
    "fail": _act(
        "fail_task",
        zh("提交协商"),
        zh("靠办理解决不了的，由居民议事；紧急任务不能这样做。"),
        zh("提交居民协商"),
        AT_WORK,
        REASON,
    ),
    "accept": Act(
        service="dispatch",
        method="accept_task",
        title=zh("验收"),
        follows=zh("验收通过，任务办结。"),
        send=zh("验收通过"),
        fields=(),
        roles=LEADER,
        states=DONE,
    ),
    "send-back": Act(
        service="dispatch",
        method="send_back_task",
        title=zh("退回重办"),
        follows=zh("任务退回原岗重办，期限照常计算。"),
        send=zh("退回重办"),
        fields=(REASON,),
        roles=LEADER,
        states=DONE,
    ),
    TAKE_OVER: Act(
        service="dispatch",
        method="take_over_task",
        title=zh("由本单位接办"),
        follows=zh("下级单位的任务到此为止，另派给本单位的岗位，时限不早于原来的；为什么接办，原来承办的人看得到。"),
        send=zh("接过来办"),
        fields=(REASON,),
        roles=LEADER,
        states=AT_WORK | ASSIGNED,
    ),
}


def is_theirs(act: Act, task: Reply, person: Person) -> bool:
    """Whether it is for who sees the task: to handle it whose it is, to judge it who leads in its unit, to ask for
    more time both; to take it over who leads above its unit.
    """
    if act is ACTS[TAKE_OVER] and task["unit_code"] == person.unit:
        return False
    in_hand, in_charge = bool(task["in_hand"]), bool(task["in_charge"])
    if act.service == "supervision":
        return in_hand or in_charge
    return in_charge if act.roles == LEADER else in_hand


def about(task_id: str, person: Person, act: Act) -> About:
    """The task as its service tells it to this person. Supervision is asked about its issue."""
    found = ask("dispatch", "get_task", {"task_id": task_id}, by=person)
    if not is_theirs(act, found, person):
        raise NotOfPost.of(person, act.roles, f"{task_id} is not in the hands of {person.login}")
    issue = {"issue_id": found["issue_id"]}
    due_at = times().when(datetime.fromisoformat(found["due_at"]))
    return About(
        ids=issue if act.service == "supervision" else {"task_id": task_id},
        title=found["what"],
        back=url_for("tasks.one", task_id=task_id),
        facts=[(zh("承办"), f"{unit_name(found['unit_code'])} · {found['department']}"), (zh("期限"), due_at)],
    )
