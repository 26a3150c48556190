"""My order: what became of an order, for whoever has its number and check code. The code stands in no address."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from services.gateway.at_hand import Reply, ask, with_instants
from services.gateway.pages.forms import Form, again
from services.gateway.words.catalogue import zh
from shared.errors import BadRequest, NotAllowed, NotFound, Refused

page = Blueprint("my_order", __name__)
LONGEST = 64
INSTANTS = ("filed_at", "due_at", "replied_at", "closed_at")
NOT_FOUND = zh("没有查到：编号和查询码对不上，请看看有没有抄错")


@page.get("/my-order")
def show() -> str:
    return render_template("public/my_order.html", form=Form(), order=None)


@page.post("/my-order")
def look_up() -> ResponseReturnValue:
    form = Form.sent()
    form.needs("number", zh("请填写诉求编号"))
    form.needs("code", zh("请填写查询码"))
    for name in ("number", "code"):
        form.at_most(name, LONGEST, NOT_FOUND)
    order = _found(form) if form.is_good else None
    shown = render_template("public/my_order.html", form=form, order=order)
    return shown if order is not None else again(shown, form)


def _found(form: Form) -> Reply | None:
    try:
        told = ask("intake", "read_by_check_code", {"order_no": form["number"], "check_code": form["code"].upper()})
    except (BadRequest, NotAllowed, NotFound, Refused):
        form.faults["number"] = NOT_FOUND
        return None
    return with_instants(told, *INSTANTS) | {"matters": [with_instants(one, *INSTANTS) for one in told["matters"]]}
