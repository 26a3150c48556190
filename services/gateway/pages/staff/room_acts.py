"""What the meeting room 议事现场 puts on record: one row for each command on a session, a motion or the minutes."""

from collections.abc import Mapping
from dataclasses import replace

from services.gateway.pages.forms import Form
from services.gateway.pages.staff.acts import Act, Field, Options
from services.gateway.words.catalogue import zh
from shared.auth import Role
from shared.contracts.requests import REASONS, Want

HALL = frozenset({Role.CHAIR, Role.CLERK})
LONG = 5000


def _act(method: str, title: str, follows: str, send: str, *fields: Field) -> Act:
    return Act(
        service="deliberation", method=method, title=title, follows=follows, send=send, fields=fields, roles=HALL
    )


def _one_person(form: Form) -> dict[str, object]:
    return {"person_ids": [form["person"]]}


def _person(name: str, label: str, *, is_required: bool = True, help: str = "") -> Field:
    return Field(name=name, label=label, look="pick", is_required=is_required, help=help)


def _words(name: str, label: str, *, is_required: bool = True) -> Field:
    return Field(name=name, label=label, longest=LONG, is_required=is_required)


def _motion(form: Form) -> dict[str, object]:
    return {
        "mover": form["mover"],
        "motion": form["motion"],
        "item": int(form["item"] or 0),
        "amount_fen": int(form["amount"] or 0) * 100,
        "leaves_as_is": bool(form["leaves_as_is"]),
        "new_facts": form["new_facts"],
    }


def _item(form: Form) -> dict[str, object]:
    return {"matter": form["matter"], "amount_fen": int(form["amount"] or 0) * 100, "money": form["money"]}


CLOSED_LIST = tuple(REASONS[Want.POSTPONEMENT])
OF_SESSIONS: Mapping[str, Act] = {
    "postpone": replace(
        _act(
            "postpone_session",
            zh("申请延期开会"),
            zh("由主持人、记录员里的另一个人批复；同意的，系统另定日期并重新公告。工作忙、领导有事都不是理由。"),
            zh("申请延期开会"),
            Field(name="reason", label=zh("事由"), look="choose", kind="postponement", codes=CLOSED_LIST),
            Field(name="words", label=zh("说明"), help=zh("会和事由一起公开。"), is_required=False),
        ),
        service="councils",
    ),
    "agenda": replace(
        _act(
            "put_on_agenda",
            zh("补充议程"),
            zh("通知重新公告；离开会太近的，会议改到公告期满以后。"),
            zh("写进议程"),
            Field(name="matter", label=zh("议什么"), look="line"),
            Field(name="amount", label=zh("最多多少钱（元）"), look="number", is_required=False),
            Field(name="money", label=zh("谁的钱"), look="pick", kind="money"),
        ),
        service="councils",
        shaped=_item,
    ),
    "arrive": replace(
        _act(
            "record_arrivals",
            zh("记到会"),
            zh("记下到会的时间，法定人数随之变化。"),
            zh("到会"),
            _person("person", zh("谁到了")),
        ),
        shaped=_one_person,
    ),
    "depart": replace(
        _act(
            "record_departures",
            zh("记离会"),
            zh("记下离会的时间，法定人数随之变化。"),
            zh("离会"),
            _person("person", zh("谁离开了")),
        ),
        shaped=_one_person,
    ),
    "nobody": replace(
        _act("record_arrivals", zh("记无人到会"), zh("记下到现在没有人到会。"), zh("记下没有人到会")),
        fixed={"person_ids": []},
    ),
    "open": _act(
        "open_session",
        zh("宣布开会"),
        zh(
            "够法定人数的，会议开始；不够的，这次会议记为到会不足，议题另排日期。开会的人就是主持人，记录须由另一人做。"
        ),
        zh("宣布开会"),
    ),
    "close": _act(
        "close_session",
        zh("宣布闭会"),
        zh("会议结束，之后整理纪要。每项动议都须有结果，通过的须有决议。"),
        zh("宣布闭会"),
    ),
    "state": replace(
        _act(
            "state_motion",
            zh("提出动议"),
            zh("动议写进记录，等人附议。只能动议通知里写明的事，金额不得超过通知。"),
            zh("记下动议"),
            _person("mover", zh("谁提的")),
            _words("motion", zh("动议")),
            Field(name="item", label=zh("属于哪项议程"), look="pick"),
            Field(name="amount", label=zh("金额（元）"), look="number", is_required=False),
            Field(name="leaves_as_is", label=zh("维持现状，不派任务"), look="tick"),
            _words("new_facts", zh("上次表决之后的新情况"), is_required=False),
        ),
        shaped=_motion,
    ),
    "circulate": _act(
        "circulate_minutes",
        zh("征求对纪要的意见"),
        zh("纪要发给到会的人，在期限内可以提出意见；期满后签署。"),
        zh("开始征求意见"),
    ),
    "amend": _act(
        "correct_minutes",
        zh("更正纪要"),
        zh("更正附在纪要后面，原文不动；签署之前，大家可以重新提意见。"),
        zh("记下更正"),
        _words("correction", zh("更正")),
    ),
    "object": _act(
        "object_to_minutes",
        zh("记对纪要的意见"),
        zh("意见附在纪要后面，须有答复。"),
        zh("记下意见"),
        _person("person_id", zh("谁的意见")),
        _words("objection", zh("意见")),
    ),
    "respond": _act(
        "answer_objection",
        zh("答复对纪要的意见"),
        zh("答复和意见放在一起，只能答复一次。"),
        zh("记下答复"),
        Field(name="number", label=zh("第几条意见"), look="number"),
        _words("answer", zh("答复")),
    ),
    "sign": _act(
        "sign_minutes",
        zh("签署纪要"),
        zh("主持人和记录员各签各的；都签了，纪要定稿，记录的校验码随之固定。"),
        zh("签署"),
    ),
}
OF_RESOLUTIONS: Mapping[str, Act] = {
    "review": _act(
        "review_objection",
        zh("答复对决议的异议"),
        zh("答复公示在决议下面，只答复一次。退回重议或转报上级的，决议不再执行，没有办完的任务撤回。"),
        zh("答复异议"),
        Field(name="number", label=zh("第几条异议"), look="number"),
        Field(name="review", label=zh("怎么处理"), look="choose", kind="review"),
        _words("answer", zh("理由")),
    ),
    "hear": _act(
        "record_objection",
        zh("记居民的异议"),
        zh("替来人记下对决议的异议，须由别人答复；姓名和原话不公开。"),
        zh("记下异议"),
        Field(name="objector", label=zh("谁有异议"), look="line", longest=120),
        _words("reasons", zh("异议的理由")),
    ),
}
OF_MOTIONS: Mapping[str, Act] = {
    "second": _act(
        "second_motion",
        zh("附议"),
        zh("有人附议，动议才往下走。"),
        zh("记下附议"),
        _person("seconder", zh("谁附议")),
    ),
    "withdraw": _act("withdraw_motion", zh("撤回动议"), zh("附议之前可以撤回；撤回也留在记录里。"), zh("撤回")),
    "oppose": _act(
        "state_opposition",
        zh("反对方陈述"),
        zh("没有反对的，不选人直接提交，记下没有反对意见。"),
        zh("记下陈述"),
        _person("speaker", zh("谁反对"), is_required=False),
        _words("statement", zh("陈述"), is_required=False),
    ),
    "turn": _act(
        "record_turn",
        zh("记一次发言"),
        zh("发言写进记录；不选人的，记下这一方没有补充。"),
        zh("记下发言"),
        Field(name="side", label=zh("哪一方"), look="choose", kind="side"),
        _person("speaker", zh("谁发言"), is_required=False),
        _words("text", zh("说了什么"), is_required=False),
    ),
    "end-debate": _act(
        "close_debate",
        zh("结束辩论"),
        zh("两边都说过或者都没有补充的，辩论结束，请议事能手发表意见。"),
        zh("结束辩论"),
    ),
    "advise": _act(
        "give_opinion",
        zh("议事能手发表意见"),
        zh("没有议事能手到会的，不选人直接提交。之后就可以表决。"),
        zh("记下意见"),
        _person("expert", zh("哪位议事能手"), is_required=False),
        _words("opinion", zh("意见"), is_required=False),
    ),
    "recuse": _act(
        "record_recusal",
        zh("回避"),
        zh("这个人不参加这项动议的表决，法定人数也不计在内。"),
        zh("记下回避"),
        _person("person_id", zh("谁回避")),
        Field(name="reason", label=zh("为什么回避"), longest=1000),
    ),
}
NEXT: Mapping[str, str] = {
    "second_motion": "second",
    "state_opposition": "oppose",
    "close_debate": "end-debate",
    "give_opinion": "advise",
    "vote": "vote",
}
"""The act by which a motion goes on, by the step that deliberation names."""
VOTE = _act(
    "vote",
    zh("表决"),
    zh("一次记下所有的票；有一张不合规矩的，都不计。到会不足的表决无效，人到齐后可以再表决。"),
    zh("记下表决结果"),
)
NO_BALLOT = zh("一张票也没有记。请按各人所投选赞成、反对或弃权，没有投的不选")
ADOPT = _act(
    "adopt_resolution",
    zh("形成决议"),
    zh("决议公示，期满无异议或异议不成立的生效，任务派给写明的部门和人。维持现状的动议不填任务。"),
    zh("形成决议"),
)
OF_A_TASK = ("what", "leader", "department", "person")


def voting(present: Options) -> Act:
    """With a line for each deputy who is here; who is left out casts no ballot."""
    fields = tuple(
        Field(name=f"ballot-{person}", label=name, look="choose", kind="ballot", is_required=False)
        for person, name in present
    )

    def ballots(form: Form) -> dict[str, object]:
        cast = ((person, form[f"ballot-{person}"]) for person, _ in present)
        return {"ballots": [{"person_id": person, "choice": choice} for person, choice in cast if choice]}

    return replace(VOTE, fields=fields, shaped=ballots, if_empty=NO_BALLOT)


def adopting(*, leaves_as_is: bool) -> Act:
    """With one task, which names the five things; none where all stays as it is."""
    if leaves_as_is:
        return replace(ADOPT, fixed={"tasks": []})
    labels = (zh("办什么"), zh("牵头的人"), zh("责任部门"), zh("经办人"))
    lines = [
        Field(name=name, label=label, look="line", longest=500 if name == "what" else 100)
        for name, label in zip(OF_A_TASK, labels, strict=True)
    ]
    units = Field(name="co_units", label=zh("配合单位"), help=zh("至少一个，用顿号隔开。"), look="line", longest=500)
    due = Field(name="due_at", label=zh("完成期限"), help=zh("到这一天结束为止。"), look="day", longest=10)

    def tasks(form: Form) -> dict[str, object]:
        others = [one.strip() for one in form["co_units"].split("、") if one.strip()]
        due_at = f"{form['due_at']}T23:59:59+08:00"
        return {"tasks": [{name: form[name] for name in OF_A_TASK} | {"co_units": others, "due_at": due_at}]}

    return replace(ADOPT, fields=(*lines, units, due), shaped=tasks)
