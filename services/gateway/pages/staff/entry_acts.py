"""Single entries of the directory 名录: what is asked of each kind, and what is made of it for the directory.

Facts for which there is no field stay as they are; who something belongs to is where the form was opened.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from services.gateway.pages.forms import Form
from services.gateway.pages.staff.acts import Act, Field, Options
from services.gateway.pages.staff.directory import KEEPERS
from services.gateway.words.catalogue import zh
from services.gateway.words.directory_names import FACTS
from services.gateway.words.names import NAMES
from shared.auth import SYSTEMS, Role

FACTS_OF: Mapping[str, Sequence[str]] = {
    "unit": ("name", "kind", "aliases", "other_codes", "population", "households"),
    "place": ("name", "kind", "units", "within", "aliases", "address", "households"),
    "organisation": ("name", "kind", "standing", "serves", "aliases", "place", "contact"),
    "contract": ("organisation", "place", "subject"),
    "desk": ("name", "organisation", "categories", "leader", "contact"),
    "shift": ("desk", "person", "days", "starts", "ends"),
    "acting": ("person", "acting", "desk", "reason"),
    "staff": ("person", "organisation", "post", "login", "roles"),
    "deputy": ("person", "role", "category"),
    "hall": ("name", "kind", "address", "opening_hours", "closed_on", "contact", "capacity", "link", "place"),
    "duty": ("category", "tier", "lead", "organisation", "rank"),
    "person": ("name", "phone"),
}
"""What is asked for, of each kind in its order; people are entered here, and shown nowhere."""
NEEDED = frozenset({"name", "kind", "desk", "person", "acting", "category", "tier", "lead", "rank"})
NEEDED_OF = {
    "place": ("units",),
    "contract": ("organisation", "place"),
    "desk": ("organisation",),
    "staff": ("organisation",),
    "hall": ("address", "opening_hours", "contact"),
    "duty": ("organisation",),
}
OPTIONAL_OF = {"acting": ("desk",)}
LOOKS: Mapping[str, str] = {
    **dict.fromkeys(("aliases", "other_codes", "units", "serves", "categories", "closed_on"), "several"),
    **dict.fromkeys(("roles", "days"), "ticks"),
    **dict.fromkeys(("population", "households", "capacity", "rank"), "number"),
    **dict.fromkeys(("kind", "standing", "role", "category", "tier", "lead"), "pick"),
    **dict.fromkeys(("within", "place", "organisation", "desk", "person", "acting", "leader"), "pick"),
}
SEVERAL = zh("几个的，用顿号隔开。")
HELP: Mapping[str, str] = {
    **dict.fromkeys(("aliases", "other_codes"), SEVERAL),
    **{name: zh("单位的名称或代码；几个的，用顿号隔开。") for name in ("units", "serves")},
    "categories": zh("诉求类别的名称；几个的，用顿号隔开，不填就是都管。"),
    "closed_on": zh("例如 2026-10-01；几天的，用顿号隔开。"),
    "opening_hours": zh("例如：周一至周五 09:00-21:00；周六、周日 09:00-17:30"),
    "starts": zh("例如 09:00"),
    "ends": zh("例如 18:00；过了零点的写第二天的钟点。"),
    "login": zh("小写字母、数字、汉字；一个人一个，不再换人。"),
    "days": zh("都不选就是每天。"),
}
TITLES = {**FACTS, "person": zh("是谁"), "starts": zh("几点开始"), "ends": zh("几点结束"), "phone": zh("手机")}
AWAY = zh("谁不在岗")
LONGEST = 2000
CODE = Field(name="entry_id", label=zh("代码"), help=zh("社区 12 位、网格 15 位数字。"), look="line", longest=15)
FROM = Field(
    name="valid_from",
    label=zh("从哪一天起有效"),
    help=zh("不填就是立即；填过去的一天，是更正以前的记录。"),
    look="day",
    is_required=False,
)
UNTIL = Field(
    name="valid_to",
    label=zh("到哪一天为止"),
    help=zh("这一天还有效；长期的不填。"),
    look="day",
    is_required=False,
)
STILL = replace(UNTIL, help=zh("这一天还有效；不填就照原来的期限。"))
LAST = replace(UNTIL, help=zh("这一天还有效；不填就是立即终止。"))
NEXT = Field(name="replaced_by", label=zh("由谁接续"), look="pick", is_required=False)
WHY = Field(
    name="why", label=zh("为什么改"), help=zh("写进名录的变更记录，例如“居委会换届”。"), look="line", longest=500
)
AGREED = zh("社区的变动由街道提出，区里同意了才生效。")
TITLE = {"enter": zh("新增一条"), "change": zh("变更这一条"), "end": zh("终止这一条")}
FOLLOWS = {
    "enter": zh("从写明的那一天起有效，各处随即照新的办。"),
    "change": zh("从写明的那一天起照新的办，以前是怎样的留在记录里。"),
    "end": zh("以后不再派给它、不再选得到它，以前的留在记录里。"),
}
SEND = {"enter": zh("录入名录"), "change": zh("变更名录"), "end": TITLE["end"]}
METHODS = {"enter": "propose_entry", "change": "change_entry", "end": "end_entry"}


def act_of(name: str, kind: str, offered: Mapping[str, Options], kept: Mapping[str, Any]) -> Act:
    """Entering, changing or ending an entry of a kind; `kept` are facts for which there is no field."""
    fields = (LAST, NEXT, WHY) if name == "end" else _entering(name, kind)

    def shaped(form: Form) -> dict[str, object]:
        times = {"valid_from": _day(form["valid_from"]), "valid_to": _day(form["valid_to"], days=1)}
        if name == "end":
            return {"valid_to": times["valid_to"], "replaced_by": form.several("replaced_by"), "why": form["why"]}
        facts = {one: _value(form, _field(kind, one), offered.get(one, ())) for one in FACTS_OF[kind]}
        known = {one: value for one, value in facts.items() if value not in ("", None, [])}
        code = {"entry_id": form["entry_id"]} if CODE in fields else {}
        return {"facts": {**kept, **known}, **times, **code, "why": form["why"]}

    return Act(
        service="directory",
        method=METHODS[name],
        title=TITLE[name],
        follows=FOLLOWS[name],
        send=SEND[name],
        fields=fields,
        roles=frozenset(KEEPERS),
        shaped=shaped,
    )


def codes_of(kind: str, name: str) -> Mapping[str, str]:
    """The codes that a fact can be, by their names; none of what is no code."""
    if name == "kind":
        return NAMES[f"{kind}_kind"]
    if name == "category" and kind == "deputy":
        return {**NAMES["deputy"], **NAMES["expert"]}
    if name == "roles":
        return {one: words for one, words in NAMES["role"].items() if Role(one) not in SYSTEMS}
    named = {"standing": "standing", "role": "deputy_role", "tier": "tier", "lead": "duty_lead", "days": "day_kind"}
    return NAMES[named[name]] if name in named else {}


def typed_of(kind: str, facts: Mapping[str, Any]) -> dict[str, str]:
    """What is known, as it would be typed."""
    known = {name: facts.get(name) for name in FACTS_OF[kind]}
    return {
        name: "、".join(value) if isinstance(value, list) else str(value)
        for name, value in known.items()
        if value not in (None, "")
    }


def _entering(name: str, kind: str) -> tuple[Field, ...]:
    code = [CODE] if kind == "unit" and name == "enter" else []
    return (*code, *(_field(kind, one) for one in FACTS_OF[kind]), FROM, STILL if name == "change" else UNTIL, WHY)


def _field(kind: str, name: str) -> Field:
    is_needed = name in NEEDED or name in NEEDED_OF.get(kind, ())
    return Field(
        name=name,
        label=AWAY if (kind, name) == ("acting", "person") else TITLES[name],
        help=HELP.get(name, ""),
        look="line" if (kind, name) == ("duty", "organisation") else LOOKS.get(name, "line"),
        longest=LONGEST if LOOKS.get(name) in ("several", "ticks") else 200,
        is_required=is_needed and name not in OPTIONAL_OF.get(kind, ()),
    )


def _value(form: Form, one: Field, options: Options) -> object:
    """Several by their codes, whether a code or its name was typed."""
    if one.look in ("several", "ticks"):
        codes = {words: code for code, words in options}
        return [codes.get(word, word) for word in form.several(one.name)]
    return int(form[one.name]) if one.look == "number" and form[one.name] else form[one.name]


def _day(typed: str, *, days: int = 0) -> str | None:
    """The beginning of a day here, or of one some days later; None where none is named."""
    return f"{date.fromisoformat(typed) + timedelta(days=days)}T00:00:00+08:00" if typed else None
