"""Deciding what others asked for 批复: grant or refuse with reasons, appeal, take down what an organisation wrote."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from flask import url_for

from services.gateway.at_hand import ask
from services.gateway.pages.forms import Form
from services.gateway.pages.staff.acts import About, Act, Field
from services.gateway.pages.staff.proofs import MAY_PROVE, MUST_PROVE, with_proofs
from services.gateway.person import Person
from services.gateway.places import unit_name
from services.gateway.reader import times
from services.gateway.words.catalogue import zh
from services.gateway.words.names import name_of
from services.gateway.words.requests import IF_GRANTED, IF_REFUSED
from shared.auth import Role

ASKED, REFUSED = frozenset({"asked"}), frozenset({"refused"})
DECIDERS: Mapping[str, frozenset[Role]] = {
    "dispatch": frozenset({Role.LEADER, Role.SUPERVISOR}),
    "supervision": frozenset({Role.LEADER, Role.SUPERVISOR}),
    "councils": frozenset({Role.CHAIR, Role.CLERK}),
    "intake": frozenset({Role.CLERK}),
}
APPELLANTS: Mapping[str, frozenset[Role]] = {
    "dispatch": frozenset({Role.HANDLER}),
    "supervision": frozenset({Role.CLERK, Role.HANDLER, Role.LEADER}),
    "intake": frozenset({Role.CLERK, Role.LEADER}),
}
ANSWER = Field(name="reason", label=zh("批复理由"), help=zh("会告诉申请人和听到这件事的人。"), longest=2000)


def _decide(service: str, *, grant: bool) -> Act:
    return Act(
        service=service,
        method="decide_request",
        title=zh("同意") if grant else zh("不同意"),
        follows=zh("批复后马上生效，并告诉申请人；批复只有一次，不能再改。"),
        send=zh("同意这件申请") if grant else zh("不同意这件申请"),
        fields=(ANSWER,),
        roles=DECIDERS[service],
        fixed={"grant": grant},
        states=ASKED,
    )


def _appeal(service: str) -> Act:
    return Act(
        service=service,
        method="appeal_request",
        title=zh("申诉"),
        follows=zh("由再上一级的另一个人批复；只能申诉一次，批复后不再改。"),
        send=zh("提交申诉"),
        fields=(Field(name="words", label=zh("为什么不服"), longest=2000), MAY_PROVE),
        roles=APPELLANTS[service],
        states=REFUSED,
        shaped=with_proofs,
    )


def _answered(form: Form) -> dict[str, object]:
    return {**with_proofs(form), "agrees": form["agrees"] == "yes"}


RECORD = Act(
    service="supervision",
    method="record_answer",
    title=zh("登记对方的答复"),
    follows=zh("答复连同来函记入议题；登记的人不能是提出请求的人。"),
    send=zh("登记答复"),
    fields=(
        Field(name="agrees", label=zh("对方同意协助吗"), look="choose", kind="yes_no"),
        Field(name="words", label=zh("对方是怎么答复的"), longest=2000),
        Field(name="answered_by", label=zh("谁答复的"), look="line", help=zh("单位科室，或者姓名和职务"), longest=200),
        MUST_PROVE,
    ),
    roles=frozenset({Role.CLERK, Role.LEADER}),
    states=ASKED,
    shaped=_answered,
)
ACTS: Mapping[str, Mapping[str, Act]] = {
    service: {
        "grant": _decide(service, grant=True),
        "refuse": _decide(service, grant=False),
        **({"appeal": _appeal(service)} if service in APPELLANTS else {}),
        **({"answer": RECORD} if service == "supervision" else {}),
    }
    for service in DECIDERS
}
FOLLOWS = {"grant": (zh("同意以后"), IF_GRANTED), "refuse": (zh("不同意以后"), IF_REFUSED)}


def about_of(service: str) -> Callable[[str, Person, Act], About]:
    """What a request of this service is."""
    return partial(_about, service)


def _about(service: str, request_id: str, person: Person, act: Act) -> About:
    """With what follows from the very decision that the form is for."""
    found = ask(service, "get_request", {"request_id": request_id}, by=person)
    facts = [
        (zh("申请"), name_of("want", found["wants"])),
        (zh("事由"), name_of("request_reason", found["reason"])),
        (zh("说明"), found["words"]),
        (zh("提出单位"), unit_name(found["unit_code"])),
        (zh("批复期限"), times().when(datetime.fromisoformat(found["decide_by"]))),
    ]
    if "grant" in act.fixed:
        title, words = FOLLOWS["grant" if act.fixed["grant"] else "refuse"]
        facts.append((title, words.get(found["wants"], "")))
    return About(
        ids={"request_id": request_id},
        title=name_of("want", found["wants"]),
        back=url_for("requests.one", service=service, request_id=request_id),
        facts=[fact for fact in facts if fact[1]],
    )
