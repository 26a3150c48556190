"""What a clerk begins in their unit: an issue that no order gave rise to."""

from collections.abc import Mapping

from flask import url_for

from services.gateway.at_hand import Reply, ask
from services.gateway.pages.staff.acts import About, Act, Field
from services.gateway.person import Person
from services.gateway.places import unit_name
from services.gateway.words.catalogue import zh
from shared.errors import NotAllowed
from shared.units import is_within

LONGEST_WORDING = 200
ORIGINS = ("deputy", "plan", "demonstration")

ACTS: Mapping[str, Act] = {
    "raise": Act(
        service="intake",
        method="raise_issue",
        title=zh("直接提出议题"),
        follows=zh("议题立即公开，列入本单位的协商清单，排定会议；紧急的直接办理。"),
        send=zh("提出议题"),
        fields=(
            Field(
                name="origin",
                label=zh("由来"),
                help=zh("示范性项目由区受理台提出。"),
                look="choose",
                kind="origin",
                codes=ORIGINS,
            ),
            Field(name="category", label=zh("类别"), look="pick"),
            Field(
                name="wording",
                label=zh("公开表述"),
                help=zh("大家看到的就是这句话，不要写姓名、电话、门牌。"),
                look="line",
                longest=LONGEST_WORDING,
            ),
            Field(
                name="proposed_by",
                label=zh("谁提出的"),
                help=zh("议事代表写在名录里的编号；计划写制定的单位。"),
                look="line",
                longest=120,
            ),
        ),
    )
}


def about(unit_code: str, person: Person, act: Act) -> About:
    """The unit; intake says which kinds of matters there are. Raises NotAllowed for a unit that is not theirs."""
    if not is_within(unit_code, person.unit):
        raise NotAllowed(f"{unit_code} is not in the unit of {person.login}")
    catalogue: list[Reply] = ask("intake", "list_categories", {}, by=person)["categories"]
    return About(
        ids={"unit_code": unit_code},
        title=unit_name(unit_code),
        back=url_for("listing.show"),
        facts=[(zh("单位"), unit_name(unit_code))],
        offered={"category": [(one["code"], one["name"]) for one in catalogue]},
    )
