"""What can be done with a case 督办件, its clocks, its last escalation and its incidents: one row each."""

from collections.abc import Mapping
from datetime import datetime

from flask import url_for

from services.gateway.at_hand import Reply, ask
from services.gateway.pages.forms import Form
from services.gateway.pages.staff.acts import About, Act, Field
from services.gateway.person import Person
from services.gateway.places import unit_name
from services.gateway.reader import times
from services.gateway.words.catalogue import zh
from services.gateway.words.names import name_of
from shared.auth import Role
from shared.errors import NotFound

SUPERVISORS = frozenset({Role.SUPERVISOR})
CLIMBERS = frozenset({Role.LEADER, Role.SUPERVISOR})
REASON = Field(name="reason", label=zh("理由"), help=zh("会写进议题的经过，公示栏上看得到。"), longest=2000)
REMARK = Field(name="remark", label=zh("看到了什么"), longest=2000)


def _looked_back(form: Form) -> dict[str, object]:
    return {"relapsed": form["relapsed"] == "yes", "remark": form["remark"]}


def _reviewed(form: Form) -> dict[str, object]:
    return {"stays": form["stays"] == "yes", "review_on": form["review_on"], "words": form["words"]}


ACTS: Mapping[str, Act] = {
    "return-down": Act(
        service="supervision",
        method="return_down",
        title=zh("退回下级"),
        follows=zh("退给上一个承办单位，由它接着办，时限从剩下的算起；退回有次数限制，超过的由区里裁定。"),
        send=zh("退回下级"),
        fields=(REASON,),
        roles=CLIMBERS,
        states=frozenset({"open"}),
    ),
    "look-back": Act(
        service="supervision",
        method="record_look_back",
        title=zh("记回头看"),
        follows=zh("没有反弹的，记录在案；反弹了的，议题重新打开，时限接着算。"),
        send=zh("记下回头看的结果"),
        fields=(Field(name="relapsed", label=zh("问题反弹了吗"), look="choose", kind="yes_no"), REMARK),
        roles=SUPERVISORS,
        shaped=_looked_back,
    ),
    "review": Act(
        service="supervision",
        method="review_pending",
        title=zh("复核疑难挂账"),
        follows=zh("继续挂账的，写明下次复核的日期；不再挂账的，移出清单，各时限接着算。"),
        send=zh("记下复核的结果"),
        fields=(
            Field(name="stays", label=zh("继续挂账吗"), look="choose", kind="yes_no"),
            Field(name="review_on", label=zh("下次复核日期"), look="day", is_required=False),
            Field(name="words", label=zh("说明"), longest=2000),
        ),
        roles=CLIMBERS,
        states=frozenset({"open"}),
        shaped=_reviewed,
    ),
}
CLOCK_ACTS: Mapping[str, Act] = {
    "pause": Act(
        service="supervision",
        method="pause_clock",
        title=zh("暂停这一时限的计时"),
        follows=zh("从现在起不计时，剩下的时间留着；恢复以后期限顺延。承办单位不能暂停自己的时限。"),
        send=zh("暂停这一时限的计时"),
        fields=(REASON,),
        roles=SUPERVISORS,
        states=frozenset({"counting"}),
    ),
    "resume": Act(
        service="supervision",
        method="resume_clock",
        title=zh("恢复这一时限的计时"),
        follows=zh("从现在起接着计时，期限按暂停的时间顺延。"),
        send=zh("恢复这一时限的计时"),
        fields=(Field(name="reason", label=zh("理由"), is_required=False, longest=2000),),
        roles=SUPERVISORS,
        states=frozenset({"paused"}),
    ),
}
ESCALATION_ACTS: Mapping[str, Act] = {
    "withdraw": Act(
        service="escalation",
        method="withdraw",
        title=zh("撤回提级"),
        follows=zh("议题回到原来的承办单位，时限从剩下的算起；上级已经动手办的，不能撤回。"),
        send=zh("撤回提级"),
        fields=(REASON,),
        roles=CLIMBERS,
        states=frozenset({"open"}),
    ),
}
INCIDENT_ACTS: Mapping[str, Act] = {
    "settle": Act(
        service="supervision",
        method="settle_incident",
        title=zh("处置"),
        follows=zh("处置的结果和理由留在记录里，不能再改。以未解决结案的，议题结束，并公开。"),
        send=zh("记下处置"),
        fields=(Field(name="decision", label=zh("怎么处置"), look="choose", kind="incident_decision"), REASON),
        roles=SUPERVISORS,
    ),
}


def issue_of(part_id: str) -> str:
    """The issue of a clock, an escalation or an incident: its id without the last part."""
    return part_id.rpartition("/")[0]


def of_case(issue_id: str, person: Person, act: Act) -> About:
    """The case as supervision tells it to this person."""
    case = _file(issue_id, person)["case"]
    return _about({"issue_id": issue_id}, case)


def of_clock(clock_id: str, person: Person, act: Act) -> About:
    told = ask("supervision", "explain_clock", {"clock_id": clock_id}, by=person)["clock"]
    kind, due_at = name_of("clock_kind", told["kind"]), times().when(datetime.fromisoformat(told["due_at"]))
    return About(
        ids={"clock_id": clock_id},
        title=kind,
        back=url_for("cases.clock", clock_id=clock_id),
        facts=[(zh("承办"), unit_name(told["unit_code"])), (zh("期限"), due_at)],
    )


def of_escalation(escalation_id: str, person: Person, act: Act) -> About:
    file = _file(issue_of(escalation_id), person)
    one = _found(file["escalations"], "escalation_id", escalation_id)
    facts = [
        (zh("从"), unit_name(one["from_unit"])),
        (zh("提到"), unit_name(one["to_unit"])),
        (zh("提级事由"), name_of("escalation", one["reason"])),
    ]
    return _about({"escalation_id": escalation_id}, file["case"], facts)


def of_incident(incident_id: str, person: Person, act: Act) -> About:
    file = _file(issue_of(incident_id), person)
    one = _found(file["incidents"], "incident_id", incident_id)
    facts = [
        (zh("什么事"), name_of("incident", one["kind"])),
        (zh("发生"), times().when(datetime.fromisoformat(one["opened_at"]))),
        (zh("怎么来的"), one["reason"]),
    ]
    offered = [(decision, name_of("incident_decision", decision)) for decision in one["decisions"]]
    return _about({"incident_id": incident_id}, file["case"], facts, offered)


def _file(issue_id: str, person: Person) -> Reply:
    return ask("supervision", "get_case", {"issue_id": issue_id}, by=person)


def _found(parts: list[Reply], name: str, id: str) -> Reply:
    one = next((part for part in parts if part[name] == id), None)
    if one is None:
        raise NotFound(f"nothing of this case is called {id}")
    return one


def _about(
    ids: Mapping[str, object],
    case: Reply,
    facts: list[tuple[str, str]] | None = None,
    decisions: list[tuple[str, str]] | None = None,
) -> About:
    return About(
        ids=ids,
        title=case["title"],
        back=url_for("cases.one", issue_id=case["issue_id"]),
        facts=[*(facts or []), (zh("承办"), unit_name(case["unit_code"]))],
        offered={"decision": decisions} if decisions else {},
    )
