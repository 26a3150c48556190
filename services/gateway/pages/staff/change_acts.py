"""Deciding what a street proposed for the directory 名录: the district agrees or not, with a reason."""

from collections.abc import Mapping

from flask import url_for

from services.gateway.at_hand import ask
from services.gateway.pages.staff.acts import REASON, About, Act
from services.gateway.person import Person
from services.gateway.places import unit_name
from services.gateway.words.catalogue import zh
from shared.auth import Role
from shared.errors import NotFound

DECIDERS = frozenset({Role.LEADER, Role.SUPERVISOR})
MOST = 500

ACTS: Mapping[str, Act] = {
    "approve": Act(
        service="directory",
        method="decide_change",
        title=zh("同意"),
        follows=zh("名录按提出的内容改，从写明的那一天起有效，各处随即照新的办。"),
        send=zh("同意变更"),
        fields=(REASON,),
        roles=DECIDERS,
        fixed={"approve": True},
    ),
    "reject": Act(
        service="directory",
        method="decide_change",
        title=zh("不同意"),
        follows=zh("名录不变，理由留在记录里；提出的街道可以改了再提。"),
        send=zh("不同意变更"),
        fields=(REASON,),
        roles=DECIDERS,
        fixed={"approve": False},
    ),
}


def about(change_id: str, person: Person, act: Act) -> About:
    """What was proposed. Raises NotFound for what waits no more, or is of elsewhere."""
    wanted = {"unit_code": person.unit, "state": "proposed", "most": MOST}
    told = ask("directory", "list_changes", wanted, by=person)["changes"]
    found = next((one for one in told if one["change_id"] == change_id), None)
    if found is None:
        raise NotFound(f"no change {change_id} waits for a decision")
    name = found["facts"].get("name") or unit_name(found["entry_id"])
    facts = [(zh("变更什么"), name), (zh("提出单位"), unit_name(found["unit_code"])), (zh("说明"), found["why"])]
    return About(ids={"change_id": change_id}, title=name, back=url_for("directory.changes"), facts=facts)
