"""The order desk 诉求受理台: what waits there, one order with what can be done about it, and wordings to confirm.

A resident's own words are sealed: they are read by a command with a reason, once for each look, and never kept here.
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.board.reading.shapes import Found, FoundKind
from services.gateway import places
from services.gateway.accounts.signing import colleague, staff_page
from services.gateway.at_hand import Reply, ask, board
from services.gateway.pages.forms import Form, again
from services.gateway.pages.paging import Part, part_of
from services.gateway.pages.staff.acts import About, Act, Options, do_act, show_act, told
from services.gateway.pages.staff.desk_acts import OF_ISSUES, OF_ORDERS, OF_REQUESTS
from services.gateway.person import Person
from services.gateway.words.catalogue import zh
from services.gateway.words.names import NAMES, name_of
from services.gateway.words.refusals import refusal
from shared.auth import Role
from shared.errors import NotFound, Unavailable

page = Blueprint("desk", __name__)
MOST, A_SECTION, MOST_ALIKE = 500, 15, 3
OF_REQUEST = ("decide_by", "request_id")
OF_HOTLINE = frozenset({"return", "exclusion", "callback"})
REASONS = [(code, NAMES["look_reason"][code]) for code in ("sort", "handle")]
"""The duties for which a clerk reads an order."""
ACTS = {"order_no": OF_ORDERS, "issue_id": OF_ISSUES, "request_id": OF_REQUESTS}


@page.context_processor
def _addresses() -> dict[str, Callable[..., str]]:
    """`address("order_no", "settle", "W-1")`: where the form of a command stands, filled in with what else is given."""
    return {"address": _address}


@page.get("/desk")
@staff_page(Role.CLERK)
def show() -> str:
    return _desk(Form())


def _desk(form: Form) -> str:
    """With what is wrong with the number that somebody looked for."""
    person = colleague()
    here = {"unit_code": person.unit, "most": MOST}
    in_hand = ask("intake", "list_orders", here, by=person)["orders"]
    mine = ask("intake", "list_my_work", {"most": MOST}, by=person)["waits"]
    return render_template(
        "staff/desk.html",
        form=form,
        orders=_part("settle", ask("intake", "list_to_settle", here, by=person)["orders"], "settles_at", "order_no"),
        in_hand=_part("hand", in_hand, "due_at", "order_no"),
        wordings=_part("wordings", [one for one in mine if "intake.confirm_wording" in one["calls"]]),
        handed=_part("handed", [one for one in mine if "intake.follow_handover" in one["calls"]]),
        asked=_part("asked", ask("intake", "list_hotline_requests", here, by=person)["requests"], *OF_REQUEST),
        appealable=_part("refused", _appealable(person), *OF_REQUEST),
        to_decide=_part("decide", [one for one in _to_decide(person) if one["wants"] not in OF_HOTLINE], *OF_REQUEST),
    )


def _part(name: str, rows: list[Reply], due: str = "due_at", id: str = "about") -> Part[Reply]:
    """A section of the desk, which goes on by a cursor of its own."""
    return part_of(rows, lambda one: f"{one[due] or 'none'} {one[id]}", most=A_SECTION, name=f"{name}_after")


@page.get("/desk/order")
@staff_page(Role.CLERK)
def order() -> ResponseReturnValue:
    number = request.args.get("number", "").strip()
    try:
        found = _order(number)
    except NotFound as error:
        form = Form({"number": number}, {"number": refusal(error)}, {"number": zh("诉求编号")})
        return _desk(form), HTTPStatus.NOT_FOUND
    return _order_page(found, Form())


@page.post("/desk/order")
@staff_page(Role.CLERK)
def read() -> ResponseReturnValue:
    """Read it in its own words: the reason is kept with the look."""
    form = Form.sent()
    form.one_of("reason", dict(REASONS), zh("请选择为什么查看"))
    found = _order(form["number"])
    if not form.is_good:
        return again(_order_page(found, form), form)
    words = told("intake", "read_order", {"order_no": form["number"], "reason": form["reason"]}, form, ("reason",))
    shown = _order_page(found, form, words)
    return shown if words is not None else again(shown, form)


@page.post("/desk/wordings")
@staff_page(Role.CLERK)
def wordings() -> ResponseReturnValue:
    """What is proposed comes from residents' words: who sees it leaves a look, so it is asked for by a form."""
    form = Form.sent()
    found = told("intake", "list_wordings", {"unit_code": colleague().unit, "most": A_SECTION}, form)
    shown = render_template("staff/wordings.html", wordings=found["wordings"] if found else [], form=form)
    return shown if found is not None else again(shown, form)


@page.get("/desk/do/<about>/<name>")
@staff_page(Role.CLERK)
def form(about: str, name: str) -> str:
    act = _act(about, name)
    wanted = dict(request.args.items())
    return show_act(act, _about(about, name, wanted.pop("about", "")), Form(wanted))


@page.post("/desk/do/<about>/<name>")
@staff_page(Role.CLERK)
def do(about: str, name: str) -> ResponseReturnValue:
    return do_act(_act(about, name), _about(about, name, request.args.get("about", "")))


def _to_decide(person: Person) -> list[Reply]:
    requests: list[Reply] = ask("intake", "list_requests", {"unit_code": person.unit, "most": MOST}, by=person)[
        "requests"
    ]
    return requests


def _appealable(person: Person) -> list[Reply]:
    """What the hotline refused and nobody has appealed against, the latest first."""
    wanted = {"unit_code": person.unit, "open_only": False, "most": MOST}
    known = ask("intake", "list_hotline_requests", wanted, by=person)["requests"]
    appealed = {one["appeals"] for one in known}
    refused = [one for one in known if one["state"] == "refused" and not one["appeals"]]
    return [one for one in reversed(refused) if one["request_id"] not in appealed][:MOST]


def _address(about: str, name: str, value: str, **typed: str) -> str:
    return f"{url_for('desk.form', about=about, name=name)}?{urlencode({'about': value} | typed)}"


def _act(about: str, name: str) -> Act:
    act = ACTS.get(about, {}).get(name)
    if act is None:
        raise NotFound(f"no form {name} about {about}")
    act.must_be_for(colleague())
    return act


def _order(number: str) -> Reply:
    """Raises NotFound for one that is not there, NotAllowed for one of elsewhere."""
    return ask("intake", "get_complaint", {"order_no": number}, by=colleague())


def _order_page(found: Reply, form: Form, words: Reply | None = None) -> str:
    person, state = colleague(), found["state"]
    return render_template(
        "staff/order.html",
        order=found,
        waiting=_waiting(found) if state == "to_settle" else None,
        issue=_issue(found),
        alike=_alike(found),
        acts={name: act for name, act in OF_ORDERS.items() if act.suits(person, state)},
        categories=dict(_categories()),
        reasons=REASONS,
        form=form,
        words=words,
    )


def _waiting(found: Reply) -> Reply | None:
    """Why it waits, and what is suggested."""
    listed = ask("intake", "list_to_settle", {"unit_code": colleague().unit, "most": MOST}, by=colleague())["orders"]
    return next((one for one in listed if one["order_no"] == found["order_no"]), None)


def _issue(found: Reply) -> Reply | None:
    return ask("intake", "get_issue", {"issue_id": found["issue_id"]}, by=colleague()) if found["issue_id"] else None


def _alike(found: Reply) -> list[Found]:
    """Other open issues that sound like it, as far as the board can be looked at."""
    try:
        seen = board().search(found["title"], duty_in=colleague().unit).rows
    except Unavailable:
        return []
    others = (one for one in seen if one.kind is FoundKind.ISSUE and one.issue_id != found["issue_id"])
    return list(others)[:MOST_ALIKE]


def _about(about: str, name: str, value: str) -> About:
    """What a form is about, as its service tells it to this person; while it is away, its number alone."""
    told_of = {"order_no": _about_order, "issue_id": _about_issue, "request_id": _about_request}[about]
    offered = _offered(places.district_code() if name == "ask-transfer" else colleague().unit)
    try:
        return told_of(value, offered)
    except Unavailable:
        return About(ids={about: value}, title=value, back=url_for("desk.show"), offered=offered)


def _about_order(number: str, offered: Mapping[str, Options]) -> About:
    found = _order(number)
    facts = [
        (zh("诉求编号"), number),
        (zh("承办"), places.unit_name(found["unit_code"])),
        (zh("类别"), str(dict(offered["category"]).get(found["category"], found["category"]))),
    ]
    back = url_for("desk.order", number=number)
    return About(ids={"order_no": number}, title=found["title"], back=back, facts=facts, offered=offered)


def _about_issue(issue_id: str, offered: Mapping[str, Options]) -> About:
    found = ask("intake", "get_issue", {"issue_id": issue_id}, by=colleague())
    facts = [(zh("现在的表述"), found["title"]), (zh("承办"), places.unit_name(found["unit_code"]))]
    back = url_for("desk.show")
    return About(ids={"issue_id": issue_id}, title=found["title"], back=back, facts=facts, offered=offered)


def _about_request(request_id: str, offered: Mapping[str, Options]) -> About:
    found = ask("intake", "get_request", {"request_id": request_id}, by=colleague())
    facts = [
        (zh("申请"), name_of("want", found["wants"])),
        (zh("事由"), name_of("request_reason", found["reason"])),
        (zh("说明"), found["words"]),
        (zh("关于"), found["about"]),
    ]
    back = url_for("desk.show")
    return About(ids={"request_id": request_id}, title=found["about"], back=back, facts=facts, offered=offered)


def _offered(unit_code: str) -> Mapping[str, Options]:
    """The units inside one, and all categories: the service says which of them may be chosen."""
    names = _categories()
    return {"unit_code": places.inside(unit_code), "category": names, "category_2": names}


def _categories() -> Options:
    """Code and name of each; none while nobody can tell them."""
    try:
        told_of = ask("intake", "list_categories", {}, by=colleague())["categories"]
    except Unavailable:
        return []
    return [(one["code"], one["name"]) for one in told_of]
