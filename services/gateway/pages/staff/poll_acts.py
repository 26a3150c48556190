"""What can be done with a poll 逐户表决 beside its papers: counting it. How far it has come says what waits."""

from collections.abc import Mapping
from datetime import datetime

from flask import url_for

from services.gateway.at_hand import Reply, ask, now, with_instants
from services.gateway.pages.staff.acts import About, Act
from services.gateway.pages.staff.room_acts import HALL
from services.gateway.person import Person
from services.gateway.words.catalogue import zh

INSTANTS = ("opens_at", "closes_at", "due_at")
STAGES: Mapping[str, str] = {
    "announced": zh("公告期，还不收票"),
    "collecting": zh("正在收票"),
    "to_count": zh("收票期满，待核对、计票"),
    "counted": zh("已计票"),
    "withdrawn": zh("议题已结束，不再表决"),
}

ACTS: Mapping[str, Act] = {
    "count": Act(
        service="deliberation",
        method="count_poll",
        title=zh("计票"),
        follows=zh(
            "结果连同基数立即公开，不能再改；通过的形成决议。没有交票的不算同意，没有核对的不计。"
            "收票期满，或者票都交齐、核对完，才能计票。"
        ),
        send=zh("计票并公布结果"),
        fields=(),
        roles=HALL,
        states=frozenset({"collecting", "to_count"}),
    )
}


def stage_of(poll: Reply, at: datetime) -> str:
    """How far it has come."""
    if poll["state"] != "open":
        return str(poll["state"])
    return "announced" if at < poll["opens_at"] else "collecting" if at < poll["closes_at"] else "to_count"


def poll_of(poll_id: str, person: Person) -> Reply:
    """A poll as it stands for the person, with its instants and its `stage`."""
    found = with_instants(ask("deliberation", "get_poll", {"poll_id": poll_id}, by=person), *INSTANTS)
    return found | {"stage": stage_of(found, now())}


def about(poll_id: str, person: Person, act: Act) -> About:
    """The poll, with how many papers there are."""
    poll = poll_of(poll_id, person)
    counts = {zh("表决权人"): poll["base_heads"], zh("交了票的"): poll["entered"], zh("待核对的"): poll["unchecked"]}
    return About(
        ids={"poll_id": poll_id},
        title=poll["motion"],
        back=url_for("polls.one", poll_id=poll_id),
        facts=[(zh("走到哪一步"), STAGES[poll["stage"]]), *((name, str(count)) for name, count in counts.items())],
    )
