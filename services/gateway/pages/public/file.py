"""File an order 诉求 or a proposal 提案 online, after a look at whether it is one that stands already.

Two steps: what was typed is shown again beside open issues that sound like it; only then it is sent. Whoever files has
no login: the key of the form stands for them, and makes that sending it twice files it once.
"""

from dataclasses import dataclass

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from services.board.reading.shapes import Found, FoundKind
from services.gateway import places
from services.gateway.accounts.forms import form_key
from services.gateway.at_hand import ask, board
from services.gateway.pages.forms import AWAY, Form, again
from services.gateway.person import resident
from services.gateway.words.catalogue import zh
from services.gateway.words.names import NAMES
from shared.errors import BadRequest, Unavailable

page = Blueprint("file", __name__)
LONGEST_TITLE, LONGEST_CONTENT, LONGEST_LINE = 60, 2000, 200
MOST_ALIKE = 5
WRONG = zh("没有提交成功：有一项写法不对，请检查后再提交")
TYPED = ("title", "content", "address", "respondent", "caller_name", "caller_phone")
ORDERS = ("complaint", "help", "consultation", "suggestion", "report")
PROPOSALS = ("proposal", "idea")


@dataclass(frozen=True)
class Kind:
    """What is filed: by which call, under which kinds, and how its pages speak of it."""

    method: str
    kinds: tuple[str, ...]
    title: str
    lead: str
    send: str

    @property
    def offered(self) -> dict[str, str]:
        return {kind: NAMES["kind"][kind] for kind in self.kinds}


KINDS = {
    "order": Kind("file_order", ORDERS, zh("反映一件诉求"), zh("投诉、求助、咨询、建议、举报。"), zh("提交诉求")),
    "proposal": Kind(
        "file_proposal",
        PROPOSALS,
        zh("提一个提案"),
        zh("居民提案、金点子：会列入协商清单，由议事会讨论。"),
        zh("提交提案"),
    ),
}


@page.get("/file")
def choose() -> str:
    return render_template("public/file.html", kinds=KINDS)


@page.get("/file/<name>")
def show(name: str) -> str:
    kind = _kind(name)
    return _form(name, kind, Form({"kind": kind.kinds[0]}))


@page.post("/file/<name>")
def take(name: str) -> ResponseReturnValue:
    kind = _kind(name)
    form = Form.sent()
    _check(form, kind)
    if form["step"] == "change":
        return _form(name, kind, form)
    if not form.is_good:
        return again(_form(name, kind, form), form)
    if form["step"] != "send":
        return render_template("public/file_check.html", name=name, kind=kind, form=form, alike=_alike(form["title"]))
    return _send(name, kind, form)


def _kind(name: str) -> Kind:
    return KINDS[name] if name in KINDS else abort(404)


def _form(name: str, kind: Kind, form: Form) -> str:
    return render_template("public/file_form.html", name=name, kind=kind, form=form, streets=places.streets())


def _check(form: Form, kind: Kind) -> None:
    form.needs("title", zh("请用一句话写明是什么事"))
    form.at_most("title", LONGEST_TITLE, zh("标题请不超过 60 个字"))
    form.needs("content", zh("请写明情况"))
    form.at_most("content", LONGEST_CONTENT, zh("情况请不超过 2000 个字"))
    form.one_of("unit", dict(places.streets()), zh("请选择在哪个街道乡"))
    form.one_of("kind", kind.offered, zh("请选择是哪一类"))
    for field in ("address", "respondent", "caller_name", "caller_phone"):
        form.at_most(field, LONGEST_LINE, zh("这一项太长了，请写得短一些"))


def _alike(title: str) -> list[Found]:
    """Open issues that a search finds by the title."""
    found = board().search(title)
    return [one for one in found.rows if one.kind is FoundKind.ISSUE][:MOST_ALIKE]


def _send(name: str, kind: Kind, form: Form) -> ResponseReturnValue:
    key = form_key()
    request: dict[str, object] = {field: form[field] for field in TYPED}
    request |= {"request_kind": form["kind"], "unit_codes": [form["unit"]], "channel": "online"}
    request |= {"is_confidential": bool(form["secret"]), "idempotency_key": key}
    try:
        filed = ask("intake", kind.method, request, by=resident(key))
    except (BadRequest, Unavailable) as error:
        form.refused, form.trouble = error, AWAY if isinstance(error, Unavailable) else WRONG
        return again(_form(name, kind, form), form)
    return render_template("public/filed.html", filed=filed, kind=kind)
