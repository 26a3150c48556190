"""Recording a callback 回访: what the caller said, or that nobody answered."""

from collections.abc import Mapping

from flask import url_for

from services.gateway.pages.forms import Form
from services.gateway.pages.staff.acts import About, Act, Field
from services.gateway.person import Person
from services.gateway.words.catalogue import zh
from shared.auth import Role

ASKERS = frozenset({Role.CALLBACK_AGENT})
ASKING = frozenset({"asking"})
"""Somebody is to ask now, or the hotline asks and a self-check may be made."""


def _answers(form: Form) -> dict[str, object]:
    satisfaction = int(form["satisfaction"])
    return {"contacted": form["contacted"] == "yes", "solved": form["solved"], "satisfaction": satisfaction}


ACTS: Mapping[str, Act] = {
    "record": Act(
        service="evaluation",
        method="record_callback",
        title=zh("打通了，记下回答"),
        follows=zh("三个问题都要有回答。没有解决的，诉求重新办理一次；该由热线回访的，这里只算自查，不计入三率。"),
        send=zh("记下回访结果"),
        fields=(
            Field(name="contacted", label=zh("承办单位联系过您吗"), look="choose", kind="yes_no"),
            Field(name="solved", label=zh("问题解决了吗"), look="choose", kind="solved"),
            Field(name="satisfaction", label=zh("对办理满意吗"), look="choose", kind="satisfaction"),
        ),
        roles=ASKERS,
        fixed={"reached": True},
        states=ASKING,
        shaped=_answers,
    ),
    "not-reached": Act(
        service="evaluation",
        method="record_callback",
        title=zh("没有打通"),
        follows=zh("过后再打；次数用完仍没有打通的，不算样本，更不算满意。"),
        send=zh("记下没有打通"),
        fields=(),
        roles=ASKERS,
        fixed={"reached": False},
        states=ASKING,
    ),
}


def about(order_no: str, person: Person, act: Act) -> About:
    """The order by its number alone: who called is read for a reason, on its page."""
    return About(ids={"order_no": order_no}, title=order_no, back=url_for("callbacks.one", order_no=order_no))
