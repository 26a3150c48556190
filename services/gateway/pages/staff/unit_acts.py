"""What a clerk begins in their unit: an issue that no order gave rise to."""

from collections.abc import Mapping
from operator import itemgetter

from flask import url_for

from services.gateway.at_hand import Reply, ask
from services.gateway.pages.staff.acts import About, Act, Field, Options
from services.gateway.pages.staff.directory_entries import entries_in
from services.gateway.person import NotOfPost, Person
from services.gateway.places import unit_name
from services.gateway.words.catalogue import zh
from shared.units import is_within

LONGEST_WORDING = 200
PLANNED = ("plan", "demonstration")
CATEGORY = Field(name="category", label=zh("类别"), look="pick")
WORDING = Field(
    name="wording",
    label=zh("公开表述"),
    help=zh("大家看到的就是这句话，不要写姓名、电话、门牌。"),
    look="line",
    longest=LONGEST_WORDING,
)
FOLLOWS = zh("议题立即公开，列入本单位的协商清单，排定会议；紧急的直接办理。")

ACTS: Mapping[str, Act] = {
    "raise": Act(
        service="intake",
        method="raise_issue",
        title=zh("提出议事代表的议题"),
        follows=FOLLOWS,
        send=zh("提出议题"),
        fields=(
            Field(name="proposed_by", label=zh("哪位议事代表"), help=zh("名录里本单位现任的议事代表。"), look="pick"),
            CATEGORY,
            WORDING,
        ),
        fixed={"origin": "deputy"},
    ),
    "plan": Act(
        service="intake",
        method="raise_issue",
        title=zh("按计划提出议题"),
        follows=FOLLOWS,
        send=zh("提出议题"),
        fields=(
            Field(
                name="origin",
                label=zh("由来"),
                help=zh("示范性项目由区受理台提出。"),
                look="choose",
                kind="origin",
                codes=PLANNED,
            ),
            Field(name="proposed_by", label=zh("谁制定的"), look="line", longest=120),
            CATEGORY,
            WORDING,
        ),
    ),
}


def about(unit_code: str, person: Person, act: Act) -> About:
    """The unit; intake says which kinds of matters there are, the directory who its deputies are.

    Raises NotOfPost for a unit that is not theirs.
    """
    if not is_within(unit_code, person.unit):
        raise NotOfPost.of(person, act.roles, f"{unit_code} is not in the unit of {person.login}")
    catalogue: list[Reply] = ask("intake", "list_categories", {}, by=person)["categories"]
    return About(
        ids={"unit_code": unit_code},
        title=unit_name(unit_code),
        back=url_for("listing.show"),
        facts=[(zh("单位"), unit_name(unit_code))],
        offered={
            "category": [(one["code"], one["name"]) for one in catalogue],
            "proposed_by": _deputies(unit_code, person, act),
        },
    )


def _deputies(unit_code: str, person: Person, act: Act) -> Options:
    """Whom a deputy's issue can be of, by name; a plan is nobody's of them."""
    if "origin" not in act.fixed:
        return []
    seats = [one["facts"] for one in entries_in("deputy", unit_code, person, alone=True)]
    names = {one["person"]: one["person_name"] for one in seats if one["role"] == "deputy"}
    return sorted(names.items(), key=itemgetter(1))
