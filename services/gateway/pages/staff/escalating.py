"""Escalating 提级: what it is for; then what will follow, as the escalation service says beforehand; then the act."""

from collections.abc import Mapping
from http import HTTPStatus

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from services.gateway.accounts.signing import colleague, staff_page
from services.gateway.at_hand import Reply, ask, with_instants
from services.gateway.pages.forms import Form, again
from services.gateway.pages.staff.acts import Field, check_fields, refused, told
from services.gateway.pages.staff.case_acts import CLIMBERS
from services.gateway.pages.staff.proofs import MAY_PROVE, with_proofs
from services.gateway.person import Person
from services.gateway.places import unit_named
from services.gateway.words.catalogue import zh
from shared.errors import GongshangError
from shared.units import Tier, is_within, tier_of

page = Blueprint("escalating", __name__)
UNITS = "units_concerned"
FIELDS = (
    Field(name="reason", label=zh("提级事由"), look="choose", kind="escalation"),
    Field(name="explanation", label=zh("说明"), help=zh("会写进议题的经过，不要写居民的姓名。"), longest=2000),
    Field(
        name="tried",
        label=zh("本级办过什么"),
        help=zh("超越本级层级的必须写：办过什么，结果怎样。"),
        longest=2000,
        is_required=False,
    ),
    Field(
        name=UNITS,
        label=zh("还涉及哪些单位"),
        help=zh("跨越区域的才写，每行一个单位的名称或代码。"),
        longest=2000,
        is_required=False,
    ),
    MAY_PROVE,
)
NAMES = tuple(one.name for one in FIELDS)
UNKNOWN = zh("有的单位没有找到，请写全称或代码，每行一个")


@page.get("/escalate/<path:issue_id>")
@staff_page(*CLIMBERS)
def show(issue_id: str) -> str:
    return _shown(_case(issue_id), Form())


@page.post("/escalate/<path:issue_id>")
@staff_page(*CLIMBERS)
def do(issue_id: str) -> ResponseReturnValue:
    """First what will follow; with `step` as "send" it is done, with "edit" the form comes back."""
    form, case = Form.sent(), _case(issue_id)
    if form["step"] == "edit":
        return _shown(case, form)
    request = _request(form, case)
    if not form.is_good:
        return again(_shown(case, form), form)
    if form["step"] == "send":
        if told("escalation", "escalate", request, form, NAMES) is None:
            return again(_shown(case, form), form)
        return redirect(url_for("cases.one", issue_id=issue_id, done="yes"), HTTPStatus.SEE_OTHER)
    follows = _preview(request, form)
    return again(_shown(case, form), form) if follows is None else _shown(case, form, follows)


def can_climb(case: Reply, person: Person) -> bool:
    """Whether the person may send it up from its holder, and somebody is above."""
    is_below = tier_of(case["unit_code"]) is not Tier.DISTRICT
    return (
        case["state"] == "open"
        and is_below
        and person.is_any_of(*CLIMBERS)
        and is_within(case["unit_code"], person.unit)
    )


def _case(issue_id: str) -> Reply:
    """Raises NotFound, NotAllowed."""
    found = ask("supervision", "get_case", {"issue_id": issue_id}, by=colleague())["case"]
    return with_instants(found, "held_since")


def _request(form: Form, case: Reply) -> Mapping[str, object]:
    """What was typed as the escalation service takes it; faults are noted in the form."""
    check_fields(form, FIELDS, {})
    typed = with_proofs(form)
    units = [unit_named(line) for line in form[UNITS].splitlines() if line.strip()]
    if None in units:
        form.faults.setdefault(UNITS, UNKNOWN)
    kept = {name: typed[name] for name in NAMES if name in typed}
    return kept | {
        UNITS: [unit.code for unit in units if unit],
        "issue_id": case["issue_id"],
        "from_unit": case["unit_code"],
    }


def _preview(request: Mapping[str, object], form: Form) -> Reply | None:
    """What would follow now. None where it would be refused: the form then says why."""
    try:
        found = ask("escalation", "preview", request, by=colleague())
    except GongshangError as error:
        refused(form, error, NAMES)
        return None
    return with_instants(found, "due_at") | {"clocks": [with_instants(one, "due_at") for one in found["clocks"]]}


def _shown(case: Reply, form: Form, follows: Reply | None = None) -> str:
    return render_template("staff/escalate.html", case=case, form=form, follows=follows, fields=FIELDS, names=NAMES)
